import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { version } from '../version.js';

const DIGITS = 16;

/** Tells one state of a run's folder from any other: the first digits of a SHA-256 of the files. */
export const stampOf = async (output: string, files: readonly string[]): Promise<string> => {
  // A newer page may need other data.
  const hash = createHash('sha256').update(version);
  for (const file of files) {
    for await (const bytes of createReadStream(join(output, file))) hash.update(bytes);
  }
  return hash.digest('hex').slice(0, DIGITS);
};

export const isStamp = (name: string): boolean => /^[0-9a-f]{16}$/.test(name);

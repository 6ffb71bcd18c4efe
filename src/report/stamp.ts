import { createHash } from 'node:crypto';
import type { Store } from '../stores/store.js';
import { version } from '../version.js';

const DIGITS = 16;

/** Identifies a state of a run's results: the first digits of a SHA-256 of the files. @throws the signal's reason. */
export const stampOf = async (store: Store, files: readonly string[], signal?: AbortSignal): Promise<string> => {
  // The version is part of it, because a newer page may need other data.
  const hash = createHash('sha256').update(version);
  for (const file of files) {
    for await (const bytes of store.read(file)) {
      signal?.throwIfAborted();
      hash.update(bytes);
    }
  }
  return hash.digest('hex').slice(0, DIGITS);
};

export const isStamp = (name: string): boolean => /^[0-9a-f]{16}$/.test(name);

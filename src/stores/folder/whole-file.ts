import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { placeNew, placeOver } from './atomic.js';
import { unlinkIfThere } from './scratch.js';

/** One file, anywhere. */
interface Target {
  /** Absolute path of the file. */
  readonly target: string;
  /** Absolute path in the same folder, to which the file is written until it is complete. */
  readonly temporary: string;
  /** Whether a regular file at the target is replaced. */
  readonly overwrite: boolean;
}

/**
 * Writes a file that is there whole or not at all.
 * @throws UsageError `name-taken` where something stands there that is not to be replaced, and the system's errors.
 */
export const writeWhole = async (content: Uint8Array | string, { target, temporary, overwrite }: Target) => {
  try {
    // Exclusively: a link that somebody put there would be written through.
    writeFileSync(temporary, content, { flag: 'wx' });
    await (overwrite ? placeOver : placeNew)(dirname(target), basename(target), temporary);
  } finally {
    unlinkIfThere(temporary);
  }
};

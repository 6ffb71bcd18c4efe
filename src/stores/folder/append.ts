import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Appender } from '../store.js';
import { writeError } from './errors.js';

/** Opens a file to add lines. Lines are short, and written synchronously, so they keep their order. */
export const append = (output: string, name: string): Appender => {
  const orError = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw writeError(output, error);
    }
  };
  const file = orError(() => openSync(join(output, name), 'a'));
  return {
    append: async (line) =>
      orError(() => {
        const bytes = Buffer.from(`${line}\n`);
        const { size } = fstatSync(file);
        try {
          for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        } catch (error) {
          // A full disk may have taken a part of the line.
          ftruncateSync(file, size);
          throw error;
        }
      }),
    close: async () => closeSync(file),
  };
};

import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, UsageError } from '../../errors.js';
import type { Appender } from '../store.js';
import { nameTaken, writeError } from './errors.js';
import { entryAt, PLAIN } from './inside.js';
import { requireHeld } from './lock.js';

const { O_WRONLY, O_APPEND, O_CREAT } = constants;

const openPlain = (output: string, name: string): number => {
  try {
    const file = openSync(join(output, name), O_WRONLY | O_APPEND | O_CREAT | PLAIN, 0o666);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    // A pipe without a reader is ENXIO, a folder EISDIR.
    const found = { ELOOP: 'a link', EISDIR: 'a folder', ENXIO: 'a pipe' }[systemCode(error) ?? ''];
    throw found === undefined ? error : nameTaken(output, name, found);
  }
  throw nameTaken(output, name, 'no regular file');
};

/** Opens a file to add lines. Lines are short, and written synchronously, so they keep their order. */
export const append = (output: string, name: string): Appender => {
  const orError = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw writeError(output, error);
    }
  };
  const file = orError(() => openPlain(output, name));
  return {
    append: async (line) =>
      orError(() => {
        const bytes = Buffer.from(`${line}\n`);
        requireHeld(output);
        const { size, ino } = fstatSync(file);
        // What is written to a file that is gone, or has another name now, is lost.
        if (entryAt(join(output, name))?.ino !== ino) {
          const message = `${join(output, name)} was removed or replaced while the run wrote to it; run the same command again.`;
          throw new UsageError('output-unwritable', message);
        }
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

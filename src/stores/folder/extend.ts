import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../../errors.js';
import { pathOf } from '../paths.js';
import type { Extender } from '../store.js';
import { nameTaken, writeError } from './errors.js';
import { entryAt, type Inside, PLAIN } from './inside.js';
import { requireHeld } from './lock.js';

/** @returns undefined where the file has another name too. */
const openCut = (output: string, name: string, size: number): number | undefined => {
  const file = openSync(pathOf(join(output, name)), constants.O_WRONLY | PLAIN);
  const stats = fstatSync(file);
  if (stats.isFile() && stats.nlink === 1) {
    ftruncateSync(file, size);
    return file;
  }
  closeSync(file);
  if (stats.isFile()) return undefined;
  throw nameTaken(output, name, 'no regular file');
};

const extenderOf = (output: string, name: string, file: number, start: number): Extender => {
  let size = start;
  const { ino } = fstatSync(file);
  return {
    write: (bytes) => {
      try {
        requireHeld(output);
        // What is written to a file that is gone, or has another name now, is lost.
        if (entryAt(join(output, name))?.ino !== ino) {
          const message = `${join(output, name)} was removed or replaced while the run wrote to it; run the same command again.`;
          throw new UsageError('output-unwritable', message);
        }
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, size + done);
        }
        size += bytes.length;
      } catch (error) {
        // A full disk may have taken a part.
        ftruncateSync(file, size);
        throw writeError(output, error);
      }
    },
    close: () => closeSync(file),
  };
};

/** @see Store.extend */
export const extend = (output: string, inside: Inside, name: string, size: number): Extender | undefined => {
  try {
    requireHeld(output);
    if (!inside.holds(name)) throw nameTaken(output, dirname(name), `a link that leads out of ${output}`);
    const file = openCut(output, name, size);
    return file === undefined ? undefined : extenderOf(output, name, file, size);
  } catch (error) {
    throw writeError(output, error);
  }
};

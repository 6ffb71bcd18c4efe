import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ModelError, reasonOf } from '../errors.js';
import type { ReadBeside } from './tensor.js';

/**
 * Weights that a model keeps in a second file. A model is a stranger's file: it reaches no further than its own folder.
 */

/** Does something with a file beside the model. @throws ModelError `external-data`. */
const withFile = <T>(folder: string, location: string, work: (descriptor: number) => T): T => {
  const file = resolve(folder, location);
  if (!file.startsWith(resolve(folder) + sep)) {
    throw new ModelError('external-data', `The model wants weights from ${location}, outside its own folder.`);
  }
  const unreadable = (error: unknown): ModelError =>
    new ModelError('external-data', `The model's weights in ${location} cannot be read: ${reasonOf(error)}.`, error);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw unreadable(error);
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw unreadable('it is no file');
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Reads a part of a file beside the model. */
export const besideModel =
  (folder: string): ReadBeside =>
  (location, offset, length) =>
    withFile(folder, location, (descriptor) => {
      const available = fstatSync(descriptor).size - offset;
      const wanted = length ?? available;
      if (!(offset >= 0 && wanted >= 0 && wanted <= available)) {
        throw new ModelError('external-data', `The file ${location} is shorter than the model says.`);
      }
      const bytes = new Uint8Array(wanted);
      readSync(descriptor, bytes, 0, wanted, offset);
      return bytes;
    });

// Bytes of a file in memory at a time: weights may be larger than any array.
const BLOCK = 2 ** 22;

/**
 * SHA-256 of a model, in hexadecimal digits: of its file, followed by the files of its weights where it has any.
 * @param external their names, in order.
 */
export const sha256Of = (bytes: Uint8Array, folder: string, external: readonly string[]): string => {
  const hash = createHash('sha256').update(bytes);
  const block = new Uint8Array(external.length > 0 ? BLOCK : 0);
  for (const location of external) {
    withFile(folder, location, (descriptor) => {
      for (let read = -1; read !== 0; ) {
        read = readSync(descriptor, block);
        hash.update(block.subarray(0, read));
      }
    });
  }
  return hash.digest('hex');
};

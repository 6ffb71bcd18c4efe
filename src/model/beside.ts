import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ModelError, reasonOf } from '../errors.js';
import type { ReadBeside } from './tensor.js';

/**
 * Reads weights that a model keeps in a second file. A model is a stranger's file: it reaches no further than its own
 * folder.
 */
export const besideModel =
  (folder: string): ReadBeside =>
  (location, offset, length) => {
    const root = resolve(folder);
    const file = resolve(root, location);
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new ModelError('external-data', `The model wants weights from ${location}, outside its own folder.`);
    }
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch (error) {
      throw new ModelError(
        'external-data',
        `The model's weights in ${location} cannot be read: ${reasonOf(error)}.`,
        error,
      );
    }
    try {
      const available = fstatSync(descriptor).size - offset;
      const wanted = length ?? available;
      if (!(offset >= 0 && wanted >= 0 && wanted <= available)) {
        throw new ModelError('external-data', `The file ${location} is shorter than the model says.`);
      }
      const bytes = new Uint8Array(wanted);
      readSync(descriptor, bytes, 0, wanted, offset);
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  };

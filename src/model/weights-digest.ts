import { createHash } from 'node:crypto';
import { ModelError } from '../errors.js';
import { checkLength, findBeside, readRange, type WeightsFile } from './onnx/external-data.js';
import type { StoredRange } from './onnx/external-ranges.js';

/** Weights that a model keeps in files of their own. */
export interface Weights {
  /** SHA-256, in hexadecimal digits, of all bytes that the model's tensors use, each once, by file and place. */
  readonly sha256: string;
  /** By name. */
  readonly files: readonly WeightsFile[];
}

/**
 * Reads all weights beside a model once, a block at a time. Bytes that no tensor uses, and what other models keep in the
 * same file, change nothing.
 * @param ranges from `externalRanges`.
 * @returns undefined where there are none.
 * @throws ModelError `external-data` where a file is missing, none, too short, or outside the folder.
 */
export const readWeights = (folder: string, ranges: readonly StoredRange[]): Weights | undefined => {
  if (ranges.length === 0) return undefined;
  const files = new Map<string, WeightsFile>();
  // All of them before the first is read, which may take a while.
  for (const range of ranges) {
    const { location, size, modified } = files.get(range.location) ?? findBeside(folder, range.location);
    files.set(location, { location, size, modified });
    checkLength(folder, range, { location, size, modified });
  }
  const hash = createHash('sha256');
  for (const range of ranges) {
    hash.update(`${range.location}\0${range.start}-${range.end}\0`);
    readRange(folder, range, (block) => hash.update(block));
  }
  return { sha256: hash.digest('hex'), files: [...files.values()] };
};

/** Files of weights in a sentence: there may be one for each tensor. */
export const weightsWords = (locations: readonly string[]): string =>
  locations.length <= 2 ? locations.join(' and ') : `${locations[0]} and ${locations.length - 1} other files`;

const isAsBefore = (folder: string, before: WeightsFile): boolean => {
  const now = findBeside(folder, before.location);
  return now.size === before.size && now.modified === before.modified;
};

/**
 * Whether weights are others by now. Files of the same size that nobody has written to are taken for the same; only else
 * are they read again, which may be gigabytes.
 * @param ranges from `externalRanges`, as when they were read before.
 */
export const haveChanged = (folder: string, ranges: readonly StoredRange[], before: Weights): boolean => {
  try {
    if (before.files.every((file) => isAsBefore(folder, file))) return false;
    return readWeights(folder, ranges)?.sha256 !== before.sha256;
  } catch (error) {
    // One that is missing or cut off, of which the sentence would be another before the run.
    if (error instanceof ModelError) return true;
    throw error;
  }
};

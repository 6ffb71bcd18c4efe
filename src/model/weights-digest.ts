import { createHash } from 'node:crypto';
import { ModelError } from '../errors.js';
import { checkLength, findBeside, readRange, type WeightsFile } from './onnx/external-data.js';
import type { StoredRange } from './onnx/external-ranges.js';

/** Weights that a model keeps in separate files. */
export interface Weights {
  /** SHA-256 in hexadecimal digits, of all bytes that the model's tensors use. Each byte counts once, by file and position. */
  readonly sha256: string;
  /** By name. */
  readonly files: readonly WeightsFile[];
}

/** Names files of weights in a sentence. There may be one per tensor, so long lists are cut. */
export const weightsWords = (locations: readonly string[]): string =>
  locations.length <= 2 ? locations.join(' and ') : `${locations[0]} and ${locations.length - 1} other files`;

// A file may claim any size without taking a place on the disk, and reading it would not end.
const MAX_BYTES = 2 ** 35;

/**
 * Computes the digest of all weights beside a model, reading them once, block by block. Bytes that no tensor of the model
 * uses do not count, so other models may share the file.
 * @param ranges from `externalRanges`.
 * @returns undefined where there are none.
 * @throws ModelError `external-data` where a file is missing, not a file, too short, or outside the folder, or where
 * there is more than any classifier has.
 */
export const readWeights = (folder: string, ranges: readonly StoredRange[]): Weights | undefined => {
  if (ranges.length === 0) return undefined;
  const files = new Map<string, WeightsFile>();
  let bytes = 0;
  // Checks all files before it reads the first, since reading may take long.
  for (const range of ranges) {
    const { location, size, modified } = files.get(range.location) ?? findBeside(folder, range.location);
    files.set(location, { location, size, modified });
    bytes += checkLength(folder, range, { location, size, modified });
  }
  if (bytes > MAX_BYTES) {
    const words = weightsWords([...files.keys()]);
    throw new ModelError(
      'external-data',
      `The model says that its weights in ${words} have ${bytes} bytes, more than 32 GiB, which no classifier has; save it again, or choose another model.`,
    );
  }
  const hash = createHash('sha256');
  for (const range of ranges) {
    hash.update(`${range.location}\0${range.start}-${range.end}\0`);
    readRange(folder, range, (block) => hash.update(block));
  }
  return { sha256: hash.digest('hex'), files: [...files.values()] };
};

const isAsBefore = (folder: string, before: WeightsFile): boolean => {
  const now = findBeside(folder, before.location);
  return now.size === before.size && now.modified === before.modified;
};

/**
 * Whether weights have changed. Files of the same size and time of writing count as unchanged. Others are read again,
 * which may be gigabytes.
 * @param ranges from `externalRanges`, the same as for the first digest.
 */
export const haveChanged = (folder: string, ranges: readonly StoredRange[], before: Weights): boolean => {
  try {
    if (before.files.every((file) => isAsBefore(folder, file))) return false;
    return readWeights(folder, ranges)?.sha256 !== before.sha256;
  } catch (error) {
    // A file that is now missing or too short has changed. The error's own message would suit a first read only.
    if (error instanceof ModelError) return true;
    throw error;
  }
};

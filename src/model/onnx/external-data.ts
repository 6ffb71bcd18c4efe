import { closeSync, fstatSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ModelError, reasonOf, systemCode } from '../../errors.js';
import { openRegularSync } from '../../regular-file.js';
import type { StoredRange } from './external-ranges.js';
import type { ReadBeside } from './tensor.js';

/** A file of weights, as it was when read. */
export interface WeightsFile {
  /** Path from the model's folder. */
  readonly location: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last written, in milliseconds. */
  readonly modified: number;
}

const refusal = (sentence: string, cause?: unknown): ModelError => new ModelError('external-data', sentence, cause);

const isInside = (file: string, folder: string): boolean =>
  file.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const unreadable = (location: string, error: unknown): ModelError =>
  refusal(`The model's weights in ${location} cannot be read: ${reasonOf(error)}.`, error);

const statOf = (file: string, location: string, folder: string): Stats => {
  try {
    return statSync(file);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw unreadable(location, error);
    throw refusal(`The weights file ${location} is not beside the model; put it into ${folder}.`, error);
  }
};

/**
 * Finds a file of weights beside a model. Models are untrusted: a path outside the model's folder is refused.
 * @param location path from the model's folder, as the model gives it.
 * @throws ModelError `external-data` where it is missing, not a file, or outside the folder.
 */
export const findBeside = (folder: string, location: string): WeightsFile & { readonly file: string } => {
  const root = resolve(folder);
  const file = resolve(root, location);
  if (!isInside(file, root)) {
    throw refusal(
      `The model wants weights from ${location}, outside its own folder ${root}; save it again with its weights beside it.`,
    );
  }
  const stats = statOf(file, location, root);
  if (!stats.isFile()) {
    const found = stats.isDirectory() ? 'a folder' : 'no regular file';
    throw refusal(`The weights file ${location} in ${root} is ${found}; put the file itself in its place.`);
  }
  // ONNX Runtime does not follow links out of the folder either.
  if (!isInside(realpathSync(file), realpathSync(root))) {
    throw refusal(
      `The weights file ${location} in ${root} is a link to a file outside that folder; put the file itself in its place.`,
    );
  }
  return { location, file, size: stats.size, modified: stats.mtimeMs };
};

const tooShort = (location: string, folder: string, size: number, wanted: string): ModelError =>
  refusal(
    `The weights file ${location} in ${resolve(folder)} is shorter than the model says, ${size} bytes instead of ${wanted}; it may be cut off: fetch it again.`,
  );

/** Opens a file of weights for reading. @throws ModelError `external-data`. */
const reading = <T>(folder: string, location: string, work: (descriptor: number) => T): T => {
  const { file } = findBeside(folder, location);
  let descriptor: number;
  try {
    descriptor = openRegularSync(file);
  } catch (error) {
    throw unreadable(location, error);
  }
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

// Bytes read at a time. Weights may be larger than the largest array.
const BLOCK = 2 ** 22;

/**
 * Reads a part of a file of weights, a block at a time.
 * @param take called with each block. The next block overwrites it.
 * @throws ModelError `external-data`.
 */
export const readRange = (folder: string, { location, start, end }: StoredRange, take: (block: Uint8Array) => void) =>
  reading(folder, location, (descriptor) => {
    const last = Math.min(end, fstatSync(descriptor).size);
    const block = new Uint8Array(Math.min(BLOCK, Math.max(0, last - start)));
    for (let at = start; at < last; ) {
      const read = readSync(descriptor, block, 0, Math.min(block.length, last - at), at);
      if (read === 0) break;
      take(block.subarray(0, read));
      at += read;
    }
  });

/**
 * Reads weights that a model keeps in a second file. The caller bounds their length.
 * @throws ModelError `external-data`.
 */
export const besideModel =
  (folder: string): ReadBeside =>
  (location, start, length) => {
    const { size } = findBeside(folder, location);
    const end = start + length;
    if (end > size) throw tooShort(location, folder, size, `at least ${end}`);
    const bytes = new Uint8Array(length);
    let filled = 0;
    readRange(folder, { location, start, end }, (block) => {
      bytes.set(block, filled);
      filled += block.length;
    });
    // It may have been cut off since its size was looked up.
    if (filled < length) throw tooShort(location, folder, start + filled, `at least ${end}`);
    return bytes;
  };

/**
 * @returns number of bytes in the wanted part.
 * @throws ModelError `external-data` where the file is shorter than it.
 */
export const checkLength = (folder: string, { location, start, end }: StoredRange, { size }: WeightsFile): number => {
  const wanted = end === Number.POSITIVE_INFINITY ? start : end;
  if (size < wanted) throw tooShort(location, folder, size, `at least ${wanted}`);
  return Math.min(end, size) - start;
};

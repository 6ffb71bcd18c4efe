import { closeSync, fstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ModelError, reasonOf, systemCode } from '../../errors.js';
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
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw unreadable(location, error);
  }
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Reads weights that a model keeps in a second file. @throws ModelError `external-data`. */
export const besideModel =
  (folder: string): ReadBeside =>
  (location, offset, length) =>
    reading(folder, location, (descriptor) => {
      const { size } = fstatSync(descriptor);
      const wanted = length ?? size - offset;
      if (!(offset >= 0 && wanted >= 0 && offset + wanted <= size)) {
        throw tooShort(location, folder, size, `at least ${offset + Math.max(0, wanted)}`);
      }
      const bytes = new Uint8Array(wanted);
      readSync(descriptor, bytes, 0, wanted, offset);
      return bytes;
    });

// Block size in bytes. Weights may be larger than the largest array.
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

/** @throws ModelError `external-data` where the file is shorter than the wanted part. */
export const checkLength = (folder: string, { location, start, end }: StoredRange, { size }: WeightsFile): void => {
  if (size >= (end === Number.POSITIVE_INFINITY ? start : end)) return;
  throw tooShort(location, folder, size, `at least ${end === Number.POSITIVE_INFINITY ? start : end}`);
};

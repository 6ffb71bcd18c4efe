import { PhotoError, systemCode, UsageError } from '../../../errors.js';
import type { FileState } from '../../../results/line.js';
import { type S3Bytes, sharedS3 } from '../../../s3/client.js';
import { isOfOneObject } from '../../../s3/errors.js';
import { parseS3, s3Word } from '../../../s3/place.js';
import { archivesOn, nameBeside } from '../archives/endings.js';
import { asPhotoError, MAX_BYTES, tooLarge } from '../read-photo.js';
import type { Storage } from './storage.js';

/** Whether an address is one of a bucket. */
export const isS3 = (address: string): boolean => address.startsWith('s3://');

const SECOND = 1000;

/** The state of an object. Listings tell times to the millisecond, answers to the second. */
export const stateOfObject = ({ size, modified, etag }: Pick<S3Bytes, 'size' | 'modified' | 'etag'>): FileState => ({
  size,
  modified: Math.floor(modified / SECOND) * SECOND,
  etag,
});

/** What is wrong with one photo, where it is that; else the error that ends the run. */
const photoError = (error: unknown): unknown => {
  if (systemCode(error) === 'EFBIG') return tooLarge();
  if (systemCode(error) === 'ENOENT') return new PhotoError('missing', 'There is no such object.');
  if (!(error instanceof UsageError)) return asPhotoError(error);
  return isOfOneObject(error) ? new PhotoError('unreadable', error.message) : error;
};

const get = async (address: string, range?: { readonly start: number; readonly length: number }): Promise<S3Bytes> => {
  const { bucket, key } = parseS3(address);
  const s3 = await sharedS3(bucket);
  try {
    return await s3.get(key, range, MAX_BYTES);
  } catch (error) {
    throw photoError(error);
  }
};

const stateOf = async (address: string): Promise<FileState | undefined> => {
  const { bucket, key } = parseS3(address);
  const s3 = await sharedS3(bucket);
  try {
    const object = await s3.head(key);
    return object && stateOfObject(object);
  } catch (error) {
    // So is what is not there answered, to who may not list the bucket.
    if (error instanceof UsageError && error.code === 'bucket-denied') return undefined;
    throw error;
  }
};

/** Buckets. An address is s3://bucket/key, of which nothing is encoded. */
export const s3: Storage = {
  isFar: true,
  nameOf: (_, address) => nameBeside(address),
  archivesIn: (address) => {
    const { bucket, key } = parseS3(address);
    return archivesOn(key).map((found) => ({ ...found, file: s3Word({ bucket, key: found.file }) }));
  },
  // The answer that has the bytes tells their state.
  read: async (address) => {
    const { bytes, ...object } = await get(address);
    return { bytes, state: stateOfObject(object) };
  },
  stateOf,
  part: async (address, start, length) => {
    const { bytes, ...object } = await get(address, { start, length: Math.max(1, length) });
    if (object.etag !== '') return { bytes: bytes.subarray(0, length), state: stateOfObject(object) };
    // Of what begins after the end nothing is told, as of any part of an empty object.
    const state = await stateOf(address);
    if (state === undefined) throw new PhotoError('missing', 'There is no such object.');
    return { bytes, state };
  },
};

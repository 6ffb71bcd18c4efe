import { UsageError } from '../../errors.js';
import { type S3Place, s3Word } from '../../s3/place.js';

/**
 * Names in the store, and the keys of their objects. Keys are UTF-8, and names may hold bytes that are none: their lone
 * surrogates (see paths.ts) become characters that nobody else uses, U+10DC80 to U+10DCFF.
 */

const SHIFT = 0x100000;
const lone = /[\uDC80-\uDCFF]/gu;
const shifted = /[\u{10DC80}-\u{10DCFF}]/gu;

const moved = (character: string, by: number): string => String.fromCodePoint((character.codePointAt(0) ?? 0) + by);

/** The key's part after the store's prefix. */
export const keyOf = (name: string): string => name.replace(lone, (character) => moved(character, SHIFT));

/** The name of a key's part after the store's prefix. */
export const nameOf = (key: string): string => key.replace(shifted, (character) => moved(character, -SHIFT));

/** Whether a name stays in the store when it is copied to a disk: manifests are written by anybody. */
export const isInside = (name: string): boolean =>
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

// Bytes that a key may have.
const LONGEST = 1024;

/** @throws UsageError where no object can have the name. */
export const requireKey = (place: S3Place, name: string): string => {
  if (!isInside(name)) throw nameTaken(place, name, 'a name that leads out of the output');
  const key = place.key + keyOf(name);
  if (Buffer.byteLength(key) <= LONGEST) return key;
  const cause = Object.assign(new Error('the key is too long'), { code: 'ENAMETOOLONG' });
  const message = `Cannot write ${s3Word({ ...place, key })}: keys have at most ${LONGEST} bytes; choose a shorter --output.`;
  throw new UsageError('output-unwritable', message, cause);
};

/** The error for something that has the name of a file to be written. @param found what it is, in words. */
export const nameTaken = (place: S3Place, name: string, found: string): UsageError =>
  new UsageError(
    'name-taken',
    `${s3Word({ ...place, key: place.key + name })} is ${found}, and is not replaced; move it away, or choose another --output.`,
  );

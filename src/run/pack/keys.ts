import { posix } from 'node:path';
import { nameSet } from '../../stores/name-set.js';
import { asUtf8 } from '../../stores/paths.js';
import { DIGITS, digestOf, looksShortened, pathOfAddress, shorten } from '../../stores/picture-names.js';
import { isRemote } from '../../stores/places.js';

/**
 * What a photo's members are called in tars, before their first dot. WebDataset joins all files of one key to a sample, and a
 * key is a path up to the first dot of its last part. So photos of a WebDataset keep their keys; elsewhere, other dots are written
 * as %2E.
 */

// Bytes of a key's last part. With what is added to it a file can be called so.
const LONGEST = 200;

// Regular expressions of WebDataset's readers see no line feed; and what begins so they take for hidden.
const readable = (text: string): string => asUtf8(text).replaceAll('\n', '%0A');
const shown = (base: string): string => base.replace(/^_(?=_)/, '%5F');

const shortened = (base: string): string => {
  if (Buffer.byteLength(base) <= LONGEST && !looksShortened(base)) return base;
  return `${shorten(base, LONGEST - DIGITS - 1)}~${digestOf(base).slice(0, DIGITS)}`;
};

const lastPart = (base: string): string => shortened(shown(readable(base).replaceAll('.', '%2E')));

const isInTar = (folder: string): boolean => /\.tar(?=\/|$)/i.test(folder);

/** Keys that a photo may have, the best first. */
function* candidates(photo: string): Generator<string> {
  const { dir, base, name } = posix.parse(isRemote(photo) ? pathOfAddress(photo) : photo);
  const folder = shown(readable(dir));
  const keyOf = (part: string) => posix.join(folder, part);
  const dot = base.indexOf('.', 1);
  if (isInTar(dir) && dot > 0) yield keyOf(lastPart(base.slice(0, dot)));
  yield keyOf(lastPart(name));
  yield keyOf(lastPart(base));
  const digest = digestOf(photo).slice(0, DIGITS);
  const start = keyOf(shorten(lastPart(base), LONGEST - 2 * DIGITS));
  yield `${start}~${digest}`;
  for (let i = 2; ; i++) yield `${start}~${digest}~${i}`;
}

/** Keys of a run's photos, no two the same. */
export interface Keys {
  /** Takes a key that a photo has already. @returns false where it is taken. */
  readonly take: (key: string) => boolean;
  readonly has: (key: string) => boolean;
  /** A key for a photo that has none. Photos that differ in their endings alone have one key: the first that comes takes it. */
  readonly claim: (photo: string) => string;
}

/** Holds 11 to 22 bytes a key. */
export const newKeys = (): Keys => {
  const taken = nameSet();
  const take = (key: string): boolean => taken.add(key);
  return {
    take,
    has: taken.has,
    claim: (photo) => {
      for (const key of candidates(photo)) if (take(key)) return key;
      throw new Error('candidates end');
    },
  };
};

import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Picture } from '../render/pictures.js';
import { pathOf } from './paths.js';
import { isRemote } from './places.js';

// Most file systems allow 255 bytes. The rest is for suffixes that other programs add.
const MAX_BYTES = 240;
const MAX_LABEL_BYTES = 60;
// Hexadecimal digits of a shortened name's digest. With fewer, somebody could look for two names that share one.
export const DIGITS = 32;

/** Whether a name reads like a shortened one. It is then shortened too, so that it never stands for another. */
export const looksShortened = (base: string): boolean => /~[0-9a-f]{32}$/.test(base);

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The beginning of a text, at most so many bytes of UTF-8. */
export const shorten = (text: string, bytes: number): string => {
  let short = '';
  for (const character of text) {
    if (bytesOf(short + character) > bytes) break;
    short += character;
  }
  return short;
};

/** A label's first name, in letters, digits and hyphens: "tabby" of "tabby, tabby cat". */
const slug = (label: string): string =>
  shorten(
    label
      .split(',')[0]
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, ''),
    MAX_LABEL_BYTES,
  ).replace(/-+$/, '');

/** A digest of a name, in hexadecimal digits. */
export const digestOf = (base: string): string => createHash('sha256').update(pathOf(base)).digest('hex');

/** A text with its digest, in so many bytes. */
const shortenedTo = (text: string, bytes: number): string =>
  `${shorten(withoutZeros(text), bytes - DIGITS - 1)}~${digestOf(text).slice(0, DIGITS)}`;

const withoutZeros = (text: string): string => text.replaceAll('\0', '');

/** Whether a text may be one part of a path, and stands for no other. */
const isPart = (text: string, bytes: number): boolean =>
  text !== '' && !text.includes('\0') && bytesOf(text) <= bytes && !looksShortened(text);

/** A folder for each part of an address, for that alone: "..", or what stands between two slashes, is the name of none. */
const folderOf = (part: string): string => {
  if (part === '.' || part === '..') return `~${digestOf(part).slice(0, DIGITS)}`;
  return isPart(part, MAX_BYTES) ? part : shortenedTo(part, MAX_BYTES);
};

// Folders for photos of addresses, and folders of photos that are called so. Those get one "@" more.
const addressFolder = /^@+(?:s3|https?)(?=\/)/;

/** Whether a picture lies where those of photos do whose names are addresses. */
export const isAddressPicture = (name: string): boolean => addressFolder.test(name);

/** Where a photo's pictures lie below the output folder. */
interface PicturePlace {
  /** Their folder, with a slash at its end; or nothing. */
  readonly folder: string;
  /** What their names begin with, or what it is shortened from. */
  readonly base: string;
}

/** Of an address the scheme is a folder too: "@s3/bucket/photos/" of s3://bucket/photos/. No two photos have the same place. */
const placeOf = (photo: string): PicturePlace => {
  if (isRemote(photo)) {
    const [scheme, , ...parts] = photo.split('/');
    const base = parts.pop() ?? '';
    return { folder: `${[`@${scheme.slice(0, -1)}`, ...parts.map(folderOf)].join('/')}/`, base };
  }
  const { dir, base } = posix.parse(addressFolder.test(photo) ? `@${photo}` : photo);
  const whole = posix.join(dir, base);
  return { folder: whole.slice(0, Math.max(0, whole.length - base.length)), base };
};

/** A path for a photo whose name is an address, that leads nowhere else and is no other photo's. */
export const pathOfAddress = (photo: string): string => {
  const { folder, base } = placeOf(photo);
  return folder + (isPart(base, MAX_BYTES) ? base : shortenedTo(base, MAX_BYTES));
};

/**
 * A picture's path below the output folder. The photo's whole name, with its ending, and the class's index make it
 * unique. The label is there for the reader.
 * @param photo its name in the results, with slashes.
 */
export const pictureName = (
  photo: string,
  { kind, class: index, label, ending }: Pick<Picture, 'kind' | 'class' | 'label' | 'ending'>,
): string => {
  const named = [index, slug(label ?? '')].filter((part) => part !== '').join('-');
  // A class's overlay and map differ in their endings. Its other pictures may not, so their kinds are named.
  const tag = index === undefined ? kind : kind === 'overlay' || kind === 'map' ? named : `${named}.${kind}`;
  const suffix = `.${tag}${ending}`;
  const { folder, base } = placeOf(photo);
  const room = MAX_BYTES - bytesOf(suffix);
  return folder + (isPart(base, room) ? base : shortenedTo(base, room)) + suffix;
};

// What follows the photo's name, or its shortened name. Earlier versions took 16 digits of the digest.
const SUFFIX = String.raw`\.(?:\d+(?:-[\p{L}\p{M}\p{N}-]+)?(?:\.(?:heatmap|map16|mask|crop))?|strip|input)\.(?:jpg|png|webp|npy)$`;
const suffixAlone = new RegExp(`^${SUFFIX}`, 'u');
const shortened = new RegExp(`~([0-9a-f]{16}|[0-9a-f]{32})${SUFFIX}`, 'u');

/**
 * Whether a name is one that `pictureName` gives to some picture of this photo. Manifests are written by anybody, and may name
 * any file as a picture.
 */
export const isPictureOf = (photo: string, name: string): boolean => {
  const { folder, base } = placeOf(photo);
  const whole = folder + base;
  if (name.startsWith(whole) && base !== '' && suffixAlone.test(name.slice(whole.length))) return true;
  const [end, digest] = shortened.exec(name) ?? [];
  if (end === undefined || !digestOf(base).startsWith(digest)) return false;
  const begin = name.slice(0, -end.length);
  return begin.length >= folder.length && (folder + withoutZeros(base)).startsWith(begin);
};

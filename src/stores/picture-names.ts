import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Picture } from '../render/pictures.js';
import { pathOf } from './paths.js';

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
  const { dir, base } = posix.parse(photo);
  const room = MAX_BYTES - bytesOf(suffix);
  if (bytesOf(base) <= room && !looksShortened(base)) return posix.join(dir, base + suffix);
  const digest = digestOf(base).slice(0, DIGITS);
  return posix.join(dir, `${shorten(base, room - digest.length - 1)}~${digest}${suffix}`);
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
  const { dir, base } = posix.parse(photo);
  const whole = posix.join(dir, base);
  if (name.startsWith(whole) && suffixAlone.test(name.slice(whole.length))) return true;
  const [end, digest] = shortened.exec(name) ?? [];
  if (end === undefined || !digestOf(base).startsWith(digest)) return false;
  return whole.startsWith(name.slice(0, -end.length)) && name.length - end.length >= whole.length - base.length;
};

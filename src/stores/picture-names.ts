import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Picture } from '../render/pictures.js';
import { pathOf } from './paths.js';

// Most file systems allow 255 bytes. The rest is for suffixes that other programs add.
const MAX_BYTES = 240;
const MAX_LABEL_BYTES = 60;
// Hexadecimal digits of a shortened name's digest. With fewer, somebody could look for two names that share one.
const DIGITS = 32;

/** Whether a name reads like a shortened one. It is then shortened too, so that it never stands for another. */
const looksShortened = (base: string): boolean => /~[0-9a-f]{32}$/.test(base);

const bytesOf = (text: string): number => Buffer.byteLength(text);

const shorten = (text: string, bytes: number): string => {
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
  // A class's overlay and map differ in their endings. Its overlay and heatmap may not, so the heatmap is named.
  const tag = index === undefined ? kind : kind === 'heatmap' ? `${named}.${kind}` : named;
  const suffix = `.${tag}${ending}`;
  const { dir, base } = posix.parse(photo);
  const room = MAX_BYTES - bytesOf(suffix);
  if (bytesOf(base) <= room && !looksShortened(base)) return posix.join(dir, base + suffix);
  const digest = createHash('sha256').update(pathOf(base)).digest('hex').slice(0, DIGITS);
  return posix.join(dir, `${shorten(base, room - digest.length - 1)}~${digest}${suffix}`);
};

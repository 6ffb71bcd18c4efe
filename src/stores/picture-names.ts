import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Picture } from '../render/pictures.js';
import { pathOf } from './paths.js';

// Most file systems take 255 bytes; room is left for a suffix that a person or a program adds.
const MAX_BYTES = 240;
const MAX_LABEL_BYTES = 60;

const bytesOf = (text: string): number => Buffer.byteLength(text);

const shorten = (text: string, bytes: number): string => {
  let short = '';
  for (const character of text) {
    if (bytesOf(short + character) > bytes) break;
    short += character;
  }
  return short;
};

/** A label's first name in letters, digits and hyphens: "tabby, tabby cat" becomes "tabby". */
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
 * Where a picture of a photo goes, below the output folder. The photo's whole name, its ending included, and the class's
 * index keep any two pictures apart; the label is there for people.
 * @param photo its name in the results, with slashes.
 */
export const pictureName = (
  photo: string,
  { kind, class: index, label, ending }: Pick<Picture, 'kind' | 'class' | 'label' | 'ending'>,
): string => {
  const named = [index, slug(label ?? '')].filter((part) => part !== '').join('-');
  // The ending tells a class's overlay and map apart, but not its overlay and heatmap.
  const tag = index === undefined ? kind : kind === 'heatmap' ? `${named}.${kind}` : named;
  const suffix = `.${tag}${ending}`;
  const { dir, base } = posix.parse(photo);
  const room = MAX_BYTES - bytesOf(suffix);
  if (bytesOf(base) <= room) return posix.join(dir, base + suffix);
  const digest = createHash('sha256').update(pathOf(base)).digest('hex').slice(0, 16);
  return posix.join(dir, `${shorten(base, room - digest.length - 1)}~${digest}${suffix}`);
};

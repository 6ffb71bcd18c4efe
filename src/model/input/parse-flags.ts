import { choiceOf, invalidOption } from '../../errors.js';
import { type Alpha, alphas } from '../../image/alpha.js';
import type { Align, Crop, Resize } from '../../image/geometry.js';
import type { Fill } from '../../image/network-picture.js';
import { type Resample, resamples } from '../../image/resample/index.js';
import type { Size } from '../../maps/box.js';
import { MAX_EDGE } from './json.js';
import { claims, type InputClaims, type InputValues, torchCrop } from './values.js';

/** Input values as the user writes them, on the command line or in a model's own JSON file. */
export interface UnparsedInput {
  readonly size?: unknown;
  readonly resize?: unknown;
  readonly crop?: unknown;
  readonly resample?: unknown;
  readonly alpha?: unknown;
  readonly fill?: unknown;
  readonly align?: unknown;
  readonly mean?: unknown;
  readonly std?: unknown;
  readonly rescale?: unknown;
  readonly channels?: unknown;
  readonly inputLayout?: unknown;
}

/** What is given as text. Of objects, whose own conversion may fail, nothing. */
const textOf = (word: unknown): string => (typeof word === 'object' ? '' : String(word));

/** "224" or "320x240", width first. @param given what the size is a part of. */
const sizeOf = (name: string, word: unknown, given = word): Size => {
  const match = /^(\d+)(?:x(\d+))?$/.exec(textOf(word));
  const width = Number(match?.[1]);
  const height = match?.[2] === undefined ? width : Number(match[2]);
  if (!(width >= 1 && height >= 1 && width <= MAX_EDGE && height <= MAX_EDGE)) {
    throw invalidOption(name, `pixels from 1 to ${MAX_EDGE}, as 224 or 320x240`, given);
  }
  return { width, height };
};

const resizeOf = (name: string, word: unknown): Resize => {
  if (word === 'none') return { rule: 'none' };
  const [, rule, size] = /^(?:(shortest|longest|exact|cover|contain):)?(.+)$/.exec(textOf(word)) ?? [];
  const target = sizeOf(name, size, word);
  if (rule === 'longest') return { rule: 'longest-edge', edge: target.width };
  if (rule === 'cover' || rule === 'contain') return { rule, ...target };
  const one = !String(size).includes('x');
  return rule === 'shortest' || (rule === undefined && one)
    ? { rule: 'shortest-edge', edge: target.width }
    : { rule: 'exact', ...target };
};

const cropOf = (name: string, word: unknown): Crop | 'none' =>
  word === 'none' ? 'none' : torchCrop(sizeOf(name, word));

/** A number or a fraction, "0.5" or "1/255". NaN for anything else, and for a fraction of 0. */
const numberOf = (part: unknown): number => {
  const sides = textOf(part)
    .split('/')
    .map((side) => (side.trim() === '' ? Number.NaN : Number(side)));
  if (sides.length > 2 || sides[1] === 0) return Number.NaN;
  return sides.length === 2 ? sides[0] / sides[1] : sides[0];
};

/** "0.485,0.456,0.406", or one number for every channel. Undefined for anything else. */
const numbersOf = (word: unknown): readonly number[] | undefined => {
  const parts: readonly unknown[] = Array.isArray(word) ? word : textOf(word).split(',');
  const list = parts.map(numberOf);
  return [1, 3].includes(list.length) && list.every(Number.isFinite) ? list : undefined;
};

const perChannel = (name: string, word: unknown, above = Number.NEGATIVE_INFINITY): readonly number[] => {
  const list = numbersOf(word);
  if (list?.every((value) => value > above)) return list;
  const range = above === 0 ? ' above 0' : '';
  throw invalidOption(name, `one number or three${range}, as 0.5, 1/255 or 0.485,0.456,0.406`, word);
};

const factorOf = (name: string, word: unknown): number => {
  const value = numberOf(word);
  if (Number.isFinite(value) && value > 0) return value;
  throw invalidOption(name, 'a number above 0, as 1/255', word);
};

const fillOf = (name: string, word: unknown): Fill => {
  if (word === 'mean') return 'mean';
  const list = numbersOf(word);
  if (list?.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)) {
    const [red, green = red, blue = red] = list;
    return [red, green, blue];
  }
  throw invalidOption(name, 'mean, or one whole number or three from 0 to 255, as 114 or 255,255,255', word);
};

const readers: { readonly [Key in keyof UnparsedInput]-?: (name: string, word: unknown) => Partial<InputValues> } = {
  size: (name, word) => ({ size: sizeOf(name, word) }),
  resize: (name, word) => {
    const resize = resizeOf(name, word);
    // Padding to its box is part of the rule, so that a crop that was found is none for it.
    return { resize, ...(resize.rule === 'contain' && { crop: 'none' }) };
  },
  crop: (name, word) => ({ crop: cropOf(name, word) }),
  resample: (name, word) => ({ resample: choiceOf<Resample>(name, resamples, word) }),
  alpha: (name, word) => ({ alpha: choiceOf<Alpha>(name, alphas, word) }),
  fill: (name, word) => ({ fill: fillOf(name, word) }),
  align: (name, word) => ({ align: choiceOf<Align>(name, ['center', 'top-left'], word) }),
  mean: (name, word) => ({ mean: perChannel(name, word) }),
  std: (name, word) => ({ std: perChannel(name, word, 0) }),
  rescale: (name, word) => ({ rescale: factorOf(name, word) }),
  channels: (name, word) => ({ channels: choiceOf(name, ['rgb', 'bgr', 'gray'], word) }),
  inputLayout: (name, word) => ({ layout: choiceOf(name, ['nchw', 'nhwc'], word) }),
};

/**
 * @param source where the values were written. @param nameOf the name of a key there.
 * @throws UsageError `invalid-option` that names it.
 */
export const parseInput = (
  unparsed: UnparsedInput,
  source: 'flag' | 'own-file',
  nameOf: (key: string) => string,
): InputClaims => {
  let all: InputClaims = {};
  for (const key of Object.keys(readers) as (keyof UnparsedInput)[]) {
    const word = unparsed[key];
    if (word === undefined) continue;
    const where = nameOf(key);
    all = { ...all, ...claims({ source, where }, readers[key](where, word)) };
  }
  return all;
};

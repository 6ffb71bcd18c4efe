import { isDeepStrictEqual } from 'node:util';
import { invalidOption, isKnownError } from '../../errors.js';
import type { Crop, Resize } from '../../image/geometry.js';
import type { Size } from '../../maps/box.js';
import type { Origin } from '../origin.js';
import type { Input } from './input.js';
import { isObject, type Json } from './json.js';
import { readCrop, readResize } from './own-fields.js';
import { parseInput, type UnparsedInput } from './parse-flags.js';
import { claims, type InputClaims, type InputKey, type InputValues } from './values.js';

/** How photos are fed, in a model's own file: each value as its flag has it, or as an object where no flag can say it. */

type Key = keyof UnparsedInput | 'fill';

const sizeWord = ({ width, height }: Size): string => (width === height ? `${width}` : `${width}x${height}`);

const resizeWord = (resize: Resize): string => {
  switch (resize.rule) {
    case 'none':
      return 'none';
    case 'shortest-edge':
      return `${resize.edge}`;
    case 'longest-edge':
      return `longest:${resize.edge}`;
    default:
      return `${resize.rule === 'exact' ? '' : `${resize.rule}:`}${resize.width}x${resize.height}`;
  }
};

const cropWord = (crop: Crop | undefined): string => (crop === undefined ? 'none' : sizeWord(crop));

/** The word, where a flag reads it as just this value; else the value itself. */
const wordOr = (key: 'resize' | 'crop', word: string, value: unknown): unknown => {
  try {
    return isDeepStrictEqual(parseInput({ [key]: word }, 'own-file', () => key)[key]?.value, value) ? word : value;
  } catch (error) {
    if (isKnownError(error)) return value;
    throw error;
  }
};

/** How each value is written. A new flag about the input is one entry here. */
const table: { readonly [K in Key]-?: { readonly value: InputKey; readonly write: (input: Input) => unknown } } = {
  size: { value: 'size', write: ({ size }) => sizeWord(size) },
  resize: { value: 'resize', write: ({ resize }) => wordOr('resize', resizeWord(resize), resize) },
  crop: { value: 'crop', write: ({ crop }) => wordOr('crop', cropWord(crop), crop ?? 'none') },
  resample: { value: 'resample', write: ({ resample }) => resample },
  fill: { value: 'fill', write: ({ fill }) => fill },
  channels: { value: 'channels', write: ({ channels }) => channels },
  inputLayout: { value: 'layout', write: ({ layout }) => layout },
  rescale: { value: 'rescale', write: ({ rescale }) => rescale },
  mean: { value: 'mean', write: ({ mean }) => mean },
  std: { value: 'std', write: ({ std }) => std },
};

/** The keys of `input` in a model's own file. */
export const ownInputKeys = Object.keys(table) as readonly Key[];

const fillOf = (name: string, value: unknown): InputValues['fill'] => {
  const levels: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  const isLevel = (level: unknown) => Number.isInteger(level) && Number(level) >= 0 && Number(level) <= 255;
  if (levels.length !== 3 || !levels.every(isLevel)) throw invalidOption(name, 'three whole numbers to 255', value);
  return levels as unknown as InputValues['fill'];
};

/** The value of one key: as an object or list, else as its flag has it. */
const readKey = (key: Key, name: string, value: unknown, origin: Origin): InputClaims => {
  if (key === 'fill') return claims(origin, { fill: fillOf(name, value) });
  if (key === 'resize' && isObject(value)) return claims(origin, { resize: readResize(name, value) });
  if (key === 'crop' && isObject(value)) return claims(origin, { crop: readCrop(name, value) });
  const [[field, claim]] = Object.entries(parseInput({ [key]: value }, 'own-file', () => name));
  return { [field]: { ...claim, origin } };
};

/**
 * Reads the `input` of a model's own file.
 * @param nameOf how an error names a key. @param originOf what is said of where its value is from.
 * @throws UsageError `invalid-option`, `unknown-option` that names the key.
 */
export const readOwnInput = (
  input: Json,
  nameOf: (key: string) => string,
  originOf: (key: string) => Origin,
): InputClaims => {
  let all: InputClaims = {};
  for (const key of ownInputKeys) {
    if (input[key] !== undefined) all = { ...all, ...readKey(key, nameOf(key), input[key], originOf(key)) };
  }
  return all;
};

/** An input's values as its model's own file has them, each with its origin. */
export const writeOwnInput = (
  input: Input,
): readonly { readonly key: Key; readonly written: unknown; readonly origin: Origin }[] =>
  ownInputKeys.map((key) => ({
    key,
    written: table[key].write(input),
    origin: input.origins[table[key].value],
  }));

import { isDeepStrictEqual } from 'node:util';
import { isKnownError } from '../../errors.js';
import type { Crop, Resize } from '../../image/geometry.js';
import { takesAnyPart } from '../../image/resample/index.js';
import type { Size } from '../../maps/box.js';
import type { Origin } from '../origin.js';
import type { Input } from './input.js';
import { isObject, type Json } from './json.js';
import { readCrop, readResize } from './own-fields.js';
import { parseInput, type UnparsedInput } from './parse-flags.js';
import { claims, type InputClaims, type InputKey } from './values.js';

/** How photos are fed, in a model's own file: each value as its flag has it, or as an object where no flag can say it. */

type Key = keyof UnparsedInput;

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

// Of a word, the library that resizes decides how an odd margin is rounded; Pillow leaves it as the word has it.
const writeCrop = ({ crop, resample }: Input): unknown =>
  crop === undefined || takesAnyPart(resample) ? wordOr('crop', cropWord(crop), crop ?? 'none') : crop;

/** How each value is written. A new flag about the input is one entry here. */
const table: { readonly [K in Key]-?: { readonly value: InputKey; readonly write: (input: Input) => unknown } } = {
  size: { value: 'size', write: ({ size }) => sizeWord(size) },
  resize: { value: 'resize', write: ({ resize }) => wordOr('resize', resizeWord(resize), resize) },
  crop: { value: 'crop', write: writeCrop },
  resample: { value: 'resample', write: ({ resample }) => resample },
  fill: { value: 'fill', write: ({ fill }) => fill },
  align: { value: 'align', write: ({ align }) => align },
  alpha: { value: 'alpha', write: ({ alpha }) => alpha },
  channels: { value: 'channels', write: ({ channels }) => channels },
  inputLayout: { value: 'layout', write: ({ layout }) => layout },
  rescale: { value: 'rescale', write: ({ rescale }) => rescale },
  mean: { value: 'mean', write: ({ mean }) => mean },
  std: { value: 'std', write: ({ std }) => std },
};

/** The keys of `input` in a model's own file. */
export const ownInputKeys = Object.keys(table) as readonly Key[];

/** The value of one key: as an object or list, else as its flag has it. */
const readKey = (key: Key, name: string, value: unknown, origin: Origin): InputClaims => {
  const exact = { ...origin, exact: true } as const;
  if (key === 'resize' && isObject(value)) return claims(exact, { resize: readResize(name, value) });
  if (key === 'crop' && isObject(value)) return claims(exact, { crop: readCrop(name, value) });
  const read = Object.entries(parseInput({ [key]: value }, 'own-file', () => name));
  return Object.fromEntries(read.map(([field, claim]) => [field, { ...claim, origin }]));
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

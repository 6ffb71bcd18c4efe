import { ModelError, quoted } from '../../errors.js';
import type { Resample } from '../../image/resample/index.js';
import { nearestOf } from '../../nearest.js';

export type Json = Readonly<Record<string, unknown>>;

// Pillow's numbers for its filters, as Hugging Face writes them.
const filterNumbers: readonly Resample[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

/** Longest edge, in pixels. No network takes more, and a square of it fits into memory. */
export const MAX_EDGE = 16384;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads checked values of a side file. A key that is missing or null takes the default; without a default it is an error. */
export interface Reader {
  readonly has: (key: string) => boolean;
  readonly flag: (key: string, fallback: boolean) => boolean;
  readonly number: (key: string, fallback?: number) => number;
  readonly word: <T extends string>(key: string, words: readonly T[], fallback?: T) => T;
  readonly filter: (key: string, fallback?: Resample) => Resample;
  /** One number per channel. A single number is repeated. */
  readonly perChannel: (key: string, fallback: readonly number[] | undefined, above?: number) => readonly number[];
  /** A whole number of pixels from 1 to `MAX_EDGE`. */
  readonly edge: (value: unknown, key: string) => number;
  readonly wrong: (key: string, expected: string) => ModelError;
}

const oneOf = (words: readonly string[], value: unknown): string =>
  `one of ${words.join(', ')}${typeof value === 'string' ? ` (the nearest is ${nearestOf(value, words)})` : ''}`;

// Longer than other functions: its methods, one per kind of value, share the lookup and the errors.
export const readerOf = (json: Json, file: string): Reader => {
  const has = (key: string) => json[key] !== undefined && json[key] !== null;
  const wrong = (key: string, expected: string): ModelError =>
    has(key)
      ? new ModelError('bad-side-file', `Expected ${expected} for ${key} in ${file} but found ${quoted(json[key])}.`)
      : new ModelError('bad-side-file', `${file} lacks ${key}, ${expected}.`);
  const given = <T>(
    key: string,
    expected: string,
    fallback: T | undefined,
    read: (value: unknown) => T | undefined,
  ): T => {
    if (!has(key) && fallback !== undefined) return fallback;
    const value = has(key) ? read(json[key]) : undefined;
    if (value === undefined) throw wrong(key, expected);
    return value;
  };
  const positive = (value: unknown): number | undefined =>
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
  return {
    has,
    wrong,
    flag: (key, fallback) => given(key, 'true or false', fallback, (v) => (typeof v === 'boolean' ? v : undefined)),
    number: (key, fallback) => given(key, 'a positive number', fallback, positive),
    word: (key, words, fallback) =>
      given(key, oneOf(words, json[key]), fallback, (value) => words.find((word) => word === value)),
    filter: (key, fallback) =>
      given(key, "Pillow's number of a filter, 0 to 5", fallback, (value) =>
        typeof value === 'number' ? filterNumbers[value] : undefined,
      ),
    perChannel: (key, fallback, above = Number.NEGATIVE_INFINITY) =>
      given(key, `three numbers${above > Number.NEGATIVE_INFINITY ? ' above 0' : ''}`, fallback, (value) => {
        const list = Array.isArray(value) ? value : [value, value, value];
        const fits = (list.length === 3 || list.length === 1) && list.every((v) => typeof v === 'number' && v > above);
        return fits && list.every((v) => Number.isFinite(v)) ? list : undefined;
      }),
    edge: (value, key) => {
      const pixels = positive(value);
      if (pixels === undefined || !Number.isInteger(pixels) || pixels > MAX_EDGE) {
        throw wrong(key, `edges from 1 to ${MAX_EDGE} pixels`);
      }
      return pixels;
    },
  };
};

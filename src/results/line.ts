import { isAbsolute } from 'node:path';
import type { Explanation } from '../explain.js';
import type { Prediction, ShownMap } from '../maps/result.js';

/**
 * A line of the manifest is the JSON of one photo's results, or of its failure. This file holds all code that reads or
 * writes a line, because `scan` relies on the order in which `toText` writes the keys.
 */

/** Version of the lines that `toText` writes. Earlier lines state none, and have the same fields. */
export const LINE_VERSION = 1;

/** A class's map. `files` are its pictures' paths below the output folder, with slashes. */
export interface MapRecord extends ShownMap {
  readonly files: readonly string[];
}

/** The results of an explained photo. `photo` is its name in the results, with slashes. */
export interface PhotoLine extends Omit<Explanation, 'maps' | 'pictures'> {
  /** Undefined before the line is written, and in lines of earlier versions. */
  readonly version?: number | undefined;
  readonly photo: string;
  readonly maps: readonly MapRecord[];
  /** Pictures of the photo that belong to no class. */
  readonly files: readonly string[];
  readonly milliseconds: number;
}

/** The failure of a photo. */
export interface ErrorLine {
  readonly version?: number | undefined;
  readonly photo: string;
  readonly error: { readonly code: string; readonly message: string };
}

export type ManifestLine = PhotoLine | ErrorLine;

/** Whether the photo failed. */
export const isError = (line: ManifestLine): line is ErrorLine => 'error' in line;

/** A check for each field of a record, in the order in which the fields are written. */
type Schema<T> = { readonly [Key in keyof Required<T>]: (value: unknown, record: T) => boolean };

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isList = (value: unknown): boolean => Array.isArray(value);
const numbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every(isNumber);
const fits = <T>(schema: Schema<T>, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries<Schema<T>[keyof T]>(schema).every(([key, isRight]) => isRight(value[key as never], value as T));
const listOf =
  <T>(schema: Schema<T>) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => fits(schema, item));
/** For fields that no reader uses. They may be edited or missing. */
const anything = (): boolean => true;

const predictionSchema: Schema<Prediction> = { class: isNumber, label: anything, logit: isNumber, score: isNumber };

const mapSchema: Schema<MapRecord> = {
  ...predictionSchema,
  bias: isNumber,
  mean: isNumber,
  min: isNumber,
  max: isNumber,
  residual: isNumber,
  kind: (value) => value === 'exact' || value === 'frozen',
  // Missing in lines of earlier versions.
  held: anything,
  // Only of pools with tokens that are no cells.
  share: anything,
  verdict: isText,
  grid: (value) => numbers(value, 2),
  map: (value, { grid: [rows, columns] }) => numbers(value, rows * columns),
  range: anything,
  files: isList,
};

const photoSchema: Schema<PhotoLine> = {
  version: anything,
  photo: isText,
  width: isNumber,
  height: isNumber,
  seen: (value) => numbers(value, 4),
  field: (value) => numbers(value, 4),
  predictions: (value) => listOf(predictionSchema)(value) && (value as readonly unknown[]).length > 0,
  margin: isNumber,
  maps: listOf(mapSchema),
  files: anything,
  milliseconds: isNumber,
};

const reasonSchema: Schema<ErrorLine['error']> = { code: isText, message: isText };

const errorSchema: Schema<ErrorLine> = {
  version: anything,
  photo: isText,
  error: (value) => fits(reasonSchema, value),
};

const inOrder = <T extends object>(schema: Schema<T>, record: T): T =>
  Object.fromEntries(Object.keys(schema).map((key) => [key, record[key as keyof T]])) as T;

/** The line as text, without its line feed. Keys are in the order of the schema. */
export const toText = (line: ManifestLine): string => {
  const versioned = { ...line, version: LINE_VERSION };
  if (isError(versioned)) {
    return JSON.stringify({ ...inOrder(errorSchema, versioned), error: inOrder(reasonSchema, versioned.error) });
  }
  return JSON.stringify({
    ...inOrder(photoSchema, versioned),
    predictions: versioned.predictions.map((prediction) => inOrder(predictionSchema, prediction)),
    maps: versioned.maps.map((map) => inOrder(mapSchema, map)),
  });
};

/** Reads a line that this version's `toText` wrote in another process of the run. Checks nothing. */
export const fromText = (text: string): ManifestLine => JSON.parse(text);

/** Reads and checks a line. @returns undefined where it is torn, or lacks a field that a reader needs. */
export const parse = (text: string): ManifestLine | undefined => {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null) return undefined;
  if ('error' in line) return fits(errorSchema, line) ? (line as ErrorLine) : undefined;
  if (!fits(photoSchema, line)) return undefined;
  const photo = line as PhotoLine;
  return { ...photo, maps: photo.maps.map((map) => ({ ...map, held: isList(map.held) ? map.held : [] })) };
};

/** What a resumed run needs from a line. */
export interface ScannedLine {
  readonly photo: string;
  /** True: the photo was explained. False: it failed. */
  readonly finished: boolean;
  /** Paths of all its pictures below the output folder. */
  readonly files: readonly string[];
}

const start = /^\{(?:"version":\d+,)?"photo":("(?:[^"\\]|\\.)*"),"(width|error)":/s;
const lists = /"files":\[((?:"(?:[^"\\]|\\.)*",?)+)\]/g;

/** Whether a path stays in the output folder. A damaged line may name any path. */
const isInside = (file: string): boolean => !isAbsolute(file) && !file.split('/').includes('..');

/**
 * Reads a line's photo and pictures. Searches the text of a finished photo instead of parsing it, which takes six times
 * as long. JSON escapes quotes inside strings, so no label is mistaken for a key.
 * @returns undefined where the line is damaged.
 */
export const scan = (text: string): ScannedLine | undefined => {
  const [, name, next] = start.exec(text) ?? [];
  if (name === undefined || !text.endsWith('}')) return undefined;
  try {
    const photo: string = JSON.parse(name);
    if (next === 'error') return parse(text) && { photo, finished: false, files: [] };
    const files = [...text.matchAll(lists)].flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]);
    return files.every(isInside) ? { photo, finished: true, files } : undefined;
  } catch {
    return undefined;
  }
};

/** The version that a line states. 0 where it states none, as earlier and damaged lines do. */
export const versionOf = (text: string): number => Number(/^\{"version":(\d+)[,}]/.exec(text)?.[1] ?? 0);

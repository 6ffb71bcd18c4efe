import type { Explanation } from '../explain.js';
import type { FoundBox } from '../localise/boxes.js';
import type { Prediction } from '../maps/result.js';
import type { Reading } from '../measure/measure.js';
import type { MeasuredMap, MeasureResult } from '../measure/measured.js';
import { anything, fits, listOf, numbers, orMissing, orNull, type Schema } from './checks.js';
import { isNumber, isRecord, isText, isTexts, parseJson } from './json.js';
import type { Packed } from './packed.js';
import { isTruthRecord, type TruthRecord } from './truth-record.js';

/**
 * A line of the manifest is the JSON of one photo's results, or of its failure. `scan.ts` relies on the order in
 * which `toText` writes the keys.
 */

/** Version of the lines that `toText` writes. Lines of version 1, and those before that state none, lack `source` and `explained`. */
export const LINE_VERSION = 2;

/**
 * Version of lines with numbers instead of scores: `score` and `margin` are null, and there may be a `unit`. Other lines state
 * the earlier version, so that earlier readers read what they can.
 */
export const NUMBERS_VERSION = 3;

const versionFor = (line: ManifestLine): number =>
  !isError(line) && line.margin === null ? NUMBERS_VERSION : LINE_VERSION;

/** A photo's file in one state. A file of another size, time or tag holds another photo. */
export interface FileState {
  /** In bytes. */
  readonly size: number;
  /** When the file was last written, in whole milliseconds since 1970. */
  readonly modified: number;
  /** Tag or digest of the content, where the photo's source has one. */
  readonly etag?: string | undefined;
}

/** A class's map. `files` are its pictures' paths below the output folder, with slashes. */
export interface MapRecord extends MeasuredMap {
  readonly files: readonly string[];
}

/** The results of an explained photo. `photo` is its name in the results, with slashes. */
export interface PhotoLine extends Omit<Explanation, 'maps' | 'pictures'> {
  /** Undefined before the line is written, and in lines of earlier versions. */
  readonly version?: number | undefined;
  readonly photo: string;
  /** The photo's file as it was read. Undefined in lines of earlier versions. */
  readonly source?: FileState | undefined;
  /** When the photo was explained, in milliseconds since 1970. Undefined in lines of earlier versions. */
  readonly explained?: number | undefined;
  /** What the truth says of the photo. Null: it has no entry for it. Undefined: no truth was given. */
  readonly truth?: TruthRecord | null | undefined;
  readonly maps: readonly MapRecord[];
  /** Pictures of the photo that belong to no class. */
  readonly files: readonly string[];
  readonly milliseconds: number;
  /** Where its pictures lie in a tar. Undefined: they are files of their own. */
  readonly packed?: Packed | undefined;
}

/** The failure of a photo. */
export interface ErrorLine {
  readonly version?: number | undefined;
  readonly photo: string;
  /** The photo's file as it was read. Undefined where it could not be read. */
  readonly source?: FileState | undefined;
  /** When it failed, in milliseconds since 1970. */
  readonly explained?: number | undefined;
  /** `kind`: of `unread-format`, what the file is. */
  readonly error: { readonly code: string; readonly message: string; readonly kind?: string | undefined };
}

export type ManifestLine = PhotoLine | ErrorLine;

/** Code of a file that is no photo of a format that is read, by its ending. It is passed over, and counts as no failure. */
export const UNREAD_FORMAT = 'unread-format';

/** Whether the photo failed, or was passed over. */
export const isError = (line: ManifestLine): line is ErrorLine => 'error' in line;

/** Whether a file was passed over. */
export const isUnread = (line: ManifestLine): boolean => isError(line) && line.error.code === UNREAD_FORMAT;

const stateSchema: Schema<FileState> = { size: isNumber, modified: isNumber, etag: orMissing(isText) };

/** What a line of either kind begins with. */
const startSchema = {
  version: anything,
  photo: isText,
  source: orMissing((value) => fits(stateSchema, value)),
  explained: orMissing(isNumber),
};

const predictionSchema: Schema<Prediction> = {
  class: isNumber,
  label: anything,
  logit: isNumber,
  score: orNull(isNumber),
  unit: orMissing(isText),
};

const boxSchema: Schema<FoundBox> = { box: (value) => numbers(value, 4), evidence: isNumber, share: isNumber };

const readingSchema: Schema<Reading> = {
  score: isNumber,
  parts: orMissing((value) => isRecord(value) && Object.values(value).every(isNumber)),
  curve: orMissing((value) => Array.isArray(value) && value.every(isNumber)),
};

const measureSchema: Schema<MeasureResult> = {
  measure: isText,
  profile: isText,
  ...readingSchema,
  baselines: (value) => isRecord(value) && fits(readingSchema, value.random) && fits(readingSchema, value.centre),
};

const mapSchema: Schema<MapRecord> = {
  ...predictionSchema,
  bias: isNumber,
  mean: isNumber,
  min: isNumber,
  max: isNumber,
  residual: isNumber,
  kind: (value) => value === 'exact' || value === 'frozen',
  held: orMissing(isTexts),
  // Only of pools with tokens that are no cells.
  share: orMissing(isNumber),
  verdict: isText,
  grid: (value) => numbers(value, 2),
  map: (value, { grid: [rows, columns] }) => numbers(value, rows * columns),
  range: anything,
  boxes: orMissing(listOf(boxSchema)),
  range16: orMissing((value) => numbers(value, 2)),
  measures: orMissing(listOf(measureSchema)),
  files: isTexts,
};

const packedSchema: Schema<Packed> = { tar: isText, key: isText, at: isNumber, size: isNumber };

const photoSchema: Schema<PhotoLine> = {
  ...startSchema,
  width: isNumber,
  height: isNumber,
  // Missing in lines of earlier versions.
  orientation: orMissing(isNumber),
  seen: (value) => numbers(value, 4),
  field: (value) => numbers(value, 4),
  predictions: (value) => listOf(predictionSchema)(value) && (value as readonly unknown[]).length > 0,
  margin: orNull(isNumber),
  truth: orMissing(orNull(isTruthRecord)),
  maps: listOf(mapSchema),
  files: orMissing(isTexts),
  milliseconds: isNumber,
  packed: orMissing((value) => fits(packedSchema, value)),
};

const reasonSchema: Schema<ErrorLine['error']> = { code: isText, message: isText, kind: orMissing(isText) };

const errorSchema: Schema<ErrorLine> = {
  ...startSchema,
  error: (value) => fits(reasonSchema, value),
};

const inOrder = <T extends object>(schema: Schema<T>, record: T): T =>
  Object.fromEntries(Object.keys(schema).map((key) => [key, record[key as keyof T]])) as T;

/** The line as text, without its line feed. Keys are in the order of the schema. */
export const toText = (line: ManifestLine): string => {
  const source = line.source && inOrder(stateSchema, line.source);
  const versioned = { ...line, version: versionFor(line), source };
  if (isError(versioned)) {
    return JSON.stringify({ ...inOrder(errorSchema, versioned), error: inOrder(reasonSchema, versioned.error) });
  }
  return JSON.stringify({
    ...inOrder(photoSchema, versioned),
    predictions: versioned.predictions.map((prediction) => inOrder(predictionSchema, prediction)),
    maps: versioned.maps.map((map) => inOrder(mapSchema, map)),
    packed: versioned.packed && inOrder(packedSchema, versioned.packed),
  });
};

/** Reads a line that this version's `toText` wrote in another process of the run. Checks nothing. */
export const fromText = (text: string): ManifestLine => JSON.parse(text);

/** Reads and checks a line. @returns undefined where it is torn, or lacks a field that a reader needs. */
export const parse = (text: string): ManifestLine | undefined => {
  let line: unknown;
  try {
    line = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isRecord(line)) return undefined;
  if ('error' in line) return fits(errorSchema, line) ? (line as unknown as ErrorLine) : undefined;
  if (!fits(photoSchema, line)) return undefined;
  const photo = line as unknown as PhotoLine;
  const maps = photo.maps.map((map) => ({ ...map, held: map.held ?? [] }));
  return { ...photo, maps, files: photo.files ?? [] };
};

/** The version that a line states. 0 where it states none, as earlier and damaged lines do. */
export const versionOf = (text: string): number => Number(/^\{\s*"version"\s*:\s*(\d+)\s*[,}]/.exec(text)?.[1] ?? 0);

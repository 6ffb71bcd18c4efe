import type { FourNumbers } from '../maps/box.js';
import { fits, listOf, numbers, orMissing, orNull, type Schema } from './checks.js';
import { isNumber, isText } from './json.js';

/** An object that a truth has in the photo. */
export interface TruthObjectRecord {
  /** Its class, as the truth calls it. */
  readonly name: string;
  /** Index of that class in the network. Null: it has no such class. */
  readonly class: number | null;
  /** In upright pixels of the photo, which it may reach beyond. Undefined: the truth says no place. */
  readonly box?: FourNumbers | undefined;
  /** COCO's compressed run lengths of the upright photo, down its columns. Undefined: the truth has no mask. */
  readonly mask?: string | undefined;
  /** Whether the truth marks it as hard to see. */
  readonly difficult?: true | undefined;
}

/** What a truth says of the photo. */
export interface TruthRecord {
  /** What the truth calls the photo, where that lies in another folder. Undefined: the folders are the same, or one side has none. */
  readonly entry?: string | undefined;
  readonly objects: readonly TruthObjectRecord[];
  /** Pixels that count neither as object nor as background, as run lengths. Undefined: none. */
  readonly ignored?: string | undefined;
  /** Number of masks that reach beyond the photo, and were cut off there. Undefined: none. */
  readonly cut?: number | undefined;
}

const objectSchema: Schema<TruthObjectRecord> = {
  name: isText,
  class: orNull(isNumber),
  box: orMissing((value) => numbers(value, 4)),
  mask: orMissing(isText),
  difficult: orMissing((value) => value === true),
};

const truthSchema: Schema<TruthRecord> = {
  entry: orMissing(isText),
  objects: listOf(objectSchema),
  ignored: orMissing(isText),
  cut: orMissing(isNumber),
};

export const isTruthRecord = (value: unknown): boolean => fits(truthSchema, value);

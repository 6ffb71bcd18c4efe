import type { FourNumbers } from '../maps/box.js';
import type { MeasureName } from '../measure/index.js';
import type { Outline } from '../truth/outline.js';
import type { Reach } from '../truth/reach.js';

/** Why something of a photo is in no result. */
export type LeftOut =
  /** The truth has no entry for the photo. */
  | 'no-truth'
  /** What the truth says of it is damaged, or of another photo. */
  | 'bad-truth'
  /** The photo could not be explained. */
  | 'failed'
  /** The truth has an entry without an object. */
  | 'no-object'
  /** The network has none of the classes that the truth names. */
  | 'unknown-class'
  /** The run made no map of the true class. */
  | 'no-map'
  /** The truth says no place of the class. */
  | 'no-place'
  /** The truth has no mask of the class. */
  | 'no-mask'
  /** All objects of the class are marked as difficult. */
  | 'difficult'
  /** The run notes too few classes of each photo to tell whether the true one is among them. */
  | 'few-predictions'
  /** On the list of photos to be left out. */
  | 'blacklisted';

/** Levels from the first to before the second, one pair after the other. */
export type Spans = readonly number[];

/** Overlaps at which a box is right, in percent, as MaxBoxAccV2 has them. */
export const OVERLAPS = [30, 50, 70] as const;

/** For each of `OVERLAPS` the levels at which a box is right. */
export type RightAt = readonly [Spans, Spans, Spans];

/** Numbers of pixels by score: a bin each from 0 to 0.999, then 1, then above. [1002] each. */
export interface ScoreCounts {
  readonly object: Float64Array;
  readonly background: Float64Array;
}

/** Where a map's evidence lies, by its boxes and scores. What no metric asked for is undefined. */
export interface Located {
  /** The box at the chosen threshold, in photo pixels. Undefined: there is none. */
  readonly box: FourNumbers | undefined;
  /** Its best overlap with a true box, [0, 1]. */
  readonly iou: number;
  /** Where the one box is right, and where any box is. */
  readonly one: RightAt | undefined;
  readonly any: RightAt | undefined;
  readonly scores: ScoreCounts | undefined;
}

/** Where a map's evidence lies, by its pixels. */
export interface Pointed {
  /** The map's first largest pixel, in photo pixels. */
  readonly point: readonly [x: number, y: number];
  /** Whether it is nearer than 15 pixels to a true pixel; whether it is one. */
  readonly near: boolean;
  readonly hit: boolean;
  /** Of all positive evidence, the share inside what is true, [0, 1]. */
  readonly inside: number;
}

/** What comes of a map, or of a bright spot in the photo's middle in its place. */
export interface Verdicts extends Located, Pointed {}

/** A class that is truly in a photo, and what its map says of it. */
export interface JudgedClass {
  readonly class: number;
  /** Whether it is the first of the photo's predictions, and among the first five. Undefined: the run does not tell. */
  readonly first: boolean;
  readonly amongFive: boolean | undefined;
  /** Whether all of its objects are difficult. */
  readonly difficult: boolean;
  /** Boxes that the truth has of it, in photo pixels. */
  readonly truth: readonly FourNumbers[];
  /** Borders of its masks, of a class that has a map. Undefined: the truth has none. */
  readonly outlines?: Outline | undefined;
  /** Why there are no verdicts. */
  readonly leftOut: 'no-map' | 'no-place' | undefined;
  readonly map: Verdicts | undefined;
  readonly centre: Verdicts | undefined;
}

/** What was measured of a map as the run was made, and of two that know nothing of the photo. */
export interface MeasuredCase {
  readonly class: number;
  readonly measure: MeasureName;
  readonly profile: string;
  readonly map: number;
  readonly centre: number;
  readonly random: number;
}

/** A photo of a run, held against the truth. */
export interface JudgedPhoto {
  readonly photo: string;
  /** What the truth calls it, where that lies in another folder. */
  readonly entry?: string | undefined;
  /** Why nothing is said of it. Undefined: it has classes. */
  readonly leftOut: LeftOut | undefined;
  /** Of `bad-truth`: what is wrong, in a sentence. */
  readonly message?: string | undefined;
  readonly classes: readonly JudgedClass[];
  /** Undefined: nothing was measured of its maps. */
  readonly measured?: readonly MeasuredCase[] | undefined;
  /** What stands out of its boxes and masks. */
  readonly reach?: Reach | undefined;
}

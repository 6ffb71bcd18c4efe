import type { Replacement } from './replacement.js';

/** How insertion and deletion are done. Numbers of two profiles do not compare. */
export interface CurveProfile {
  /** How many pixels are changed at each point of the curve, from 0 to all. @param pixels of the input. */
  readonly countsOf: (pixels: number) => readonly number[];
  /** Number of steps, at most. */
  readonly steps: number;
  /** Of pixels with equal values, those that are changed first: with the highest index, or with the lowest. */
  readonly ties: 'highest' | 'lowest';
  /** What insertion begins with, and what deletion ends with. */
  readonly insertion: Replacement;
  readonly deletion: Replacement;
  /** What the area is taken over: steps, all equally long, or the share of pixels that each really changes. */
  readonly over: 'steps' | 'pixels';
}

/** Steps of equally many pixels, but for the last. */
const ofEqualSize =
  (steps: number) =>
  (pixels: number): readonly number[] => {
    const size = Math.ceil(pixels / steps);
    return Array.from({ length: Math.ceil(pixels / size) + 1 }, (_, i) => Math.min(pixels, i * size));
  };

/** Always so many steps, which may differ by a pixel. */
const always =
  (steps: number) =>
  (pixels: number): readonly number[] =>
    Array.from({ length: steps + 1 }, (_, i) => Math.floor((i * pixels) / steps));

const riseIn = (steps: number): CurveProfile => ({
  countsOf: ofEqualSize(steps),
  steps,
  ties: 'highest',
  insertion: 'blur',
  deletion: 'zeros',
  over: 'steps',
});

/** Insertion and deletion as published programs do them, by name. docs/measure.md says what each stands for. */
export const curveProfiles = {
  /** Petsiuk et al. 2018, the steps of its tables: 8 rows of 224 pixels at a time. */
  rise: riseIn(28),
  /** The same, the steps of its curves of single photos: one row of 224 pixels at a time. */
  'rise-224': riseIn(224),
  /** `DeletionInsertionMetric` of torch-cam 0.5. */
  'torch-cam': {
    countsOf: ofEqualSize(20),
    steps: 20,
    ties: 'lowest',
    insertion: 'zeros',
    deletion: 'zeros',
    over: 'pixels',
  },
  /** `InsertionDeletionAUC` of OpenVINO XAI 1.1. */
  'openvino-xai': {
    countsOf: always(30),
    steps: 30,
    ties: 'lowest',
    insertion: 'black',
    deletion: 'black',
    over: 'steps',
  },
} satisfies Record<string, CurveProfile>;

export type CurveProfileName = keyof typeof curveProfiles;

export const curveProfileNames = Object.keys(curveProfiles) as readonly CurveProfileName[];

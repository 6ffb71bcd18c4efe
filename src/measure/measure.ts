import type { ArrayPool } from '../image/array-pool.js';
import type { Feed } from '../image/feed.js';
import type { TensorSpec } from '../image/to-tensor.js';
import type { Box } from '../maps/box.js';
import type { ClassMap } from '../maps/class-map.js';

/** The contract of a measure: does the network miss what a map marks? It runs the network on changed inputs. */

/** What the network says to one input. */
export interface Answer {
  /** A class's value before softmax or sigmoid. */
  readonly logitOf: (index: number) => number;
  /** A class's score, [0, 1]. */
  readonly scoreOf: (index: number) => number;
  /** A class's map, in logits. @throws PhotoError `incomplete` where it does not sum to its logit. */
  readonly mapOf: (index: number) => ClassMap;
}

/** A photo before its network. All that is changed of it is the tensor that the network takes. */
export interface Subject {
  /** The unchanged input. */
  readonly feed: Feed;
  /** How values of pixels became those of the input. */
  readonly spec: Pick<TensorSpec, 'rescale' | 'mean' | 'std'>;
  /** The part of the input that the cells cover, in its pixels. */
  readonly covered: Box;
  /** What the network says to the unchanged input. */
  readonly full: Answer;
  /**
   * Runs the network on another input of the same dims.
   * @throws PhotoError `non-finite` where its logits are not finite.
   */
  readonly ask: (data: Float32Array) => Promise<Answer>;
  /** Arrays of the input's size. */
  readonly arrays: ArrayPool;
}

/** A map that is judged. Its values need no unit. */
export interface Case {
  readonly map: ClassMap;
  /** The classes that it is judged for: its own, or of a map that belongs to none, all. */
  readonly classes: readonly number[];
}

/** What a measure says of a map and a class. */
export interface Reading {
  readonly score: number;
  /** Numbers that the score is made of, or that go with it. */
  readonly parts?: Readonly<Record<string, number>> | undefined;
  /** The class's score at each point, from the first input to the last. */
  readonly curve?: readonly number[] | undefined;
}

export interface Measure {
  /** Left out: more is better. */
  readonly lessIsBetter?: true;
  /** The ways in which it is taken, the usual one first. A number means something beside its profile alone. */
  readonly profiles: readonly string[];
  /** The most forward passes of a photo with so many maps of its own, beside its first. */
  readonly passes: (profile: string, maps: number) => number;
  /**
   * @param cases the maps to judge. What the network says to one input is asked once for all of them.
   * @returns for each case a reading for each of its classes.
   */
  readonly read: (
    subject: Subject,
    cases: readonly Case[],
    profile: string,
  ) => Promise<readonly (readonly Reading[])[]>;
}

/**
 * A part of a pool or a head that is held at its value for the photo. Without this the class map would not sum to the
 * logit.
 */
export type Held =
  | 'divisor of a norm'
  | 'slope of an activation'
  | 'end of a quantiser'
  | 'largest cell of each channel'
  | 'root of a generalised mean'
  | 'attention weights';

/** `exact`: pool and head are affine. `frozen`: a part of them is held at its value for the photo. */
export type Kind = 'exact' | 'frozen';

/** @param held in pool and head. */
export const kindOf = (held: readonly Held[]): Kind => (held.length === 0 ? 'exact' : 'frozen');

/** The terms of a class's logit at one photo: `logit = sum_k weights[k] * pooled[k] + bias`. */
export interface ClassWeights {
  /** One for each number of the pooled vector: for an average, one a channel of the feature map. */
  readonly weights: Float64Array;
  /** The logit at a pooled vector of zero, plus what the quantisers round off for this photo. */
  readonly bias: number;
}

/** A head at one photo. */
export interface PhotoHead {
  /** The parts that are held at their values for the photo. Empty: the head is affine. */
  readonly held: readonly Held[];
  readonly weightsOf: (index: number) => ClassWeights;
}

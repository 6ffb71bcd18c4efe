/** What of a head is held at its value for a photo, so that the class map sums to the logit. */
export type Held = 'divisor of a norm' | 'slope of an activation' | 'end of a quantiser';

/** How a class map stands for its logit: the head is affine, or something of it is held at its value for the photo. */
export type Kind = 'exact' | 'frozen';

export const kindOf = (held: readonly Held[]): Kind => (held.length === 0 ? 'exact' : 'frozen');

/** What a class's logit is made of, at one photo: `logit = sum_k weights[k] * mean(A_k) + bias`. */
export interface ClassWeights {
  /** One a channel of the feature map. */
  readonly weights: Float64Array;
  /** The logit where the pooled vector is zero, and what quantisers round for the photo. */
  readonly bias: number;
}

/** A head at one photo. */
export interface PhotoHead {
  /** What of the head is held at its value for the photo; empty: the head is affine there. */
  readonly held: readonly Held[];
  readonly weightsOf: (index: number) => ClassWeights;
}

import type { ClassWeights, Held, PhotoHead } from '../../maps/class-weights.js';
import type { Precision } from '../../maps/residual.js';
import { checkHead, firstLogits, isPair } from './agreement.js';
import { type Head, logitLevel } from './head.js';
import { heldBy, type Secant, secantAt, sharesOf } from './secant.js';

/**
 * Weights of a photo's classes. Those of an exact head are the same for every photo. Any other head is computed at the
 * photo's pooled vector, and checked against the network's logits.
 */
export type HeadAt = (pooled: () => Float64Array, logits: ArrayLike<number>) => PhotoHead;

/** @param given the network's logit of the class. */
const weightsOf = (head: Head, secant: Secant, index: number, given: number): ClassWeights => {
  const [atZero, atPhoto] = [secant.zero, secant.photo].map((values) =>
    firstLogits(head, values.get(head.logits)?.data ?? new Float64Array()),
  );
  const [element, sign] = isPair(head) ? [0, index === 1 ? 1 : -1] : [index, 1];
  const { weights, rounding } = sharesOf(head, secant, element);
  // The runtime may have rounded to the next level.
  const flip = given - sign * atPhoto[element];
  const isLevel = Math.abs(flip) <= 1.01 * logitLevel(head);
  const bias = sign * (atZero[element] + rounding) + (isLevel ? flip : 0);
  return { weights: weights.map((weight) => sign * weight), bias };
};

const heldByPool = ({ pooling }: Head): readonly Held[] => [
  ...new Set(pooling.parts.flatMap(({ held }) => held ?? [])),
];

/** What is held between the feature map and the logits: of the pools, and of the head. */
export const heldIn = (head: Head, secant: Secant): readonly Held[] =>
  [...new Set([...heldByPool(head), ...heldBy(head, secant)])].sort();

/**
 * An affine head's weights are computed once per class. Any other head's are computed for each photo.
 * @param trial the head on the trial run.
 */
export const headAtOf = (head: Head, precision: Precision, trial: Secant): HeadAt => {
  if (head.status === 'exact') {
    const known = new Map<number, ClassWeights>();
    const once = (index: number) => {
      const weights = known.get(index) ?? weightsOf(head, trial, index, 0);
      known.set(index, weights);
      return weights;
    };
    return () => ({ held: heldByPool(head), weightsOf: once });
  }
  const zero = heldBy(head, trial).includes('divisor of a norm') ? undefined : trial.zero;
  return (pooled, logits) => {
    const secant = secantAt(head, pooled(), zero);
    checkHead(secant.photo, head, logits, precision);
    return { held: heldIn(head, secant), weightsOf: (index) => weightsOf(head, secant, index, logits[index]) };
  };
};

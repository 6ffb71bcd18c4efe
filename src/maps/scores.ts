const largestOf = (values: ArrayLike<number>): number => {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]);
  return largest;
};

/** Sum of the softmax's terms. A function of its own: V8 boxes a number at each change if a closure shares it. */
const totalOf = (logits: ArrayLike<number>, largest: number): number => {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - largest);
  return sum;
};

/**
 * How a class's score follows from its logit. `none`: it has none, since the network gives numbers, such as ages or lengths,
 * that are no evidence for classes.
 */
export type Scoring = 'softmax' | 'sigmoid' | 'none';

/** From a class's logit to its score, [0, 1]: softmax over all classes, or sigmoid of each. Null where there are no scores. */
export const scorerOf = (logits: ArrayLike<number>, scoring: Scoring): ((logit: number) => number | null) => {
  if (scoring === 'none') return () => null;
  if (scoring === 'sigmoid') return (logit) => 1 / (1 + Math.exp(-logit));
  const largest = largestOf(logits);
  const total = totalOf(logits, largest);
  return (logit) => Math.exp(logit - largest) / total;
};

/** The best score minus the second. With one class, its score. Null where there are no scores. @param ranked best first. */
export const marginOf = ([first, second]: readonly { readonly score: number | null }[]): number | null =>
  first.score === null ? null : first.score - (second?.score ?? 0);

/** Indices of the `count` best classes, the best first. Numbers that are no scores have no best: the first of them. */
export const bestIndices = (logits: ArrayLike<number>, scoring: Scoring, count: number): readonly number[] =>
  scoring === 'none'
    ? Array.from({ length: Math.min(count, logits.length) }, (_, index) => index)
    : largestIndices(logits, count);

/** Indices of the `count` largest numbers, the largest first. Among equals the lower index comes first. */
export const largestIndices = (values: ArrayLike<number>, count: number): readonly number[] => {
  const best: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (best.length === count && !(value > values[best[count - 1]])) continue;
    let place = best.length;
    while (place > 0 && value > values[best[place - 1]]) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
};

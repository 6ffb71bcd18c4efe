/** Logits to scores in [0, 1]: softmax over all classes, or sigmoid of each. */
export const scoresOf = (logits: readonly number[], scoring: 'softmax' | 'sigmoid'): readonly number[] => {
  if (scoring === 'sigmoid') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

/** How far the largest score is above the next; the score itself where there is no other. */
export const marginOf = (predictions: readonly { readonly score: number }[]): number => {
  let [first, second] = [0, 0];
  for (const { score } of predictions) {
    if (score > first) [first, second] = [score, first];
    else if (score > second) second = score;
  }
  return first - second;
};

/** Indices of the `count` largest numbers, the largest first; of equals the lower index first. */
export const largestIndices = (values: readonly number[], count: number): readonly number[] =>
  values
    .map((_, index) => index)
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, count);

import type { ScoreCounts } from './judged.js';

/** Width of a bin of scores, and number of bins: 1000 below 1, then 1 and above, as wsolevaluation's MaskEvaluator has them. */
const WIDTH = 0.001;
const BELOW_ONE = 1000;
export const BINS = BELOW_ONE + 2;

/** The bin of a score, by comparing it with the bins' own edges: a thousandth is not exactly one. */
const binOf = (score: number): number => {
  if (score >= 1) return score < 2 ? BELOW_ONE : BELOW_ONE + 1;
  let bin = Math.trunc(score / WIDTH);
  if (bin * WIDTH > score) bin--;
  else if ((bin + 1) * WIDTH <= score) bin++;
  return Math.min(BELOW_ONE - 1, bin);
};

/**
 * Counts the scores of objects' pixels and of all others.
 * @param scores [pixels], [0, 1]. @param objects [pixels], not 0 where there is an object. @param ignored where nothing counts else.
 */
export const countScores = (scores: Float64Array, objects: Uint8Array, ignored: Uint8Array): ScoreCounts => {
  const counts = { object: new Float64Array(BINS), background: new Float64Array(BINS) };
  for (let i = 0; i < scores.length; i++) {
    if (objects[i] !== 0) counts.object[binOf(scores[i])]++;
    else if (ignored[i] === 0) counts.background[binOf(scores[i])]++;
  }
  return counts;
};

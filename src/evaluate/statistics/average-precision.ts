import type { ScoreCounts } from '../judged.js';
import { BINS } from '../scores.js';
import { ofSamples } from './interval.js';
import type { Estimate, Statistic } from './statistic.js';

/** A case: scores of a map's pixels. */
export interface ScoreCase {
  readonly class: number;
  readonly scores: ScoreCounts;
}

/** Samples, since each adds up a thousand bins of each map. */
const SAMPLES = 200;

/** Counts of objects' pixels, then of all others. */
type Bins = Float64Array;
const newBins = (): Bins => new Float64Array(2 * BINS);

const addInto = (bins: Bins, from: number, { object, background }: ScoreCounts, weight: number): void => {
  for (let i = 0; i < BINS; i++) {
    bins[from + i] += weight * object[i];
    bins[from + BINS + i] += weight * background[i];
  }
};

/**
 * The area under precision over recall as thresholds fall from bin to bin, as wsolevaluation's MaskEvaluator has it: the first bin
 * from the top only begins the curve.
 * @returns NaN where there is no object's pixel.
 */
const averagePrecision = (bins: Bins, from: number): number => {
  let positives = 0;
  for (let i = 0; i < BINS; i++) positives += bins[from + i];
  let [right, wrong, area, recall] = [0, 0, 0, 0];
  for (let i = BINS - 1; i >= 0; i--) {
    right += bins[from + i];
    wrong += bins[from + BINS + i];
    const now = right / positives;
    if (i < BINS - 1 && right + wrong > 0) area += (right / (right + wrong)) * (now - recall);
    recall = now;
  }
  return positives === 0 ? Number.NaN : area;
};

/** The average precision of all maps' pixels together. Classes have no interval. */
export const averagePrecisionStatistic = (): Statistic<ScoreCase> => {
  const all = newBins();
  const samples = new Float64Array(SAMPLES * 2 * BINS);
  const classes = new Map<number, { n: number; readonly bins: Bins }>();
  let n = 0;
  const estimate = (bins: Bins, count: number): Estimate => {
    const value = averagePrecision(bins, 0);
    return { n: count, value: Number.isNaN(value) ? undefined : value, ci95: undefined };
  };
  return {
    add: ({ class: index, scores }, weights) => {
      n++;
      addInto(all, 0, scores, 1);
      for (let i = 0; i < SAMPLES; i++) if (weights[i] > 0) addInto(samples, i * 2 * BINS, scores, weights[i]);
      const found = classes.get(index) ?? { n: 0, bins: newBins() };
      classes.set(index, found);
      found.n++;
      addInto(found.bins, 0, scores, 1);
    },
    outcome: () => {
      const found = estimate(all, n);
      const drawn = Float64Array.from({ length: SAMPLES }, (_, i) => averagePrecision(samples, i * 2 * BINS));
      return {
        ...found,
        ci95: found.value === undefined ? undefined : ofSamples(drawn, found.value, n),
        classes: new Map([...classes].map(([index, own]) => [index, estimate(own.bins, own.n)])),
      };
    },
  };
};

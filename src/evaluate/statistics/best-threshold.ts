import { OVERLAPS, type RightAt, type Spans } from '../judged.js';
import { ofSamples, wilson } from './interval.js';
import type { Estimate, Statistic } from './statistic.js';
import { SAMPLES } from './weights.js';

/** A case: the levels at which a map's box is right, for each overlap. */
export interface SweepCase {
  readonly class: number;
  readonly right: RightAt;
}

/**
 * Counts of right maps at each level. Each stretch of levels is noted at its two ends, in whatever number of samples: what lies
 * between is added up in the end. So a map costs as much as it has stretches, one or two, and not as many as there are levels.
 */
type Ends = Int32Array;

const note = (ends: Ends, from: number, spans: Spans, weight: number): void => {
  for (let i = 0; i < spans.length; i += 2) {
    ends[from + spans[i]] += weight;
    ends[from + spans[i + 1]] -= weight;
  }
};

/** The first level with the most right maps. @param from where the counts begin. */
const bestLevel = (ends: Ends, from: number, levels: number): readonly [level: number, count: number] => {
  let [best, most, count] = [0, -1, 0];
  for (let level = 0; level < levels; level++) {
    count += ends[from + level];
    if (count > most) [best, most] = [level, count];
  }
  return [best, most];
};

const countAt = (ends: Ends, from: number, level: number): number => {
  let count = 0;
  for (let i = 0; i <= level; i++) count += ends[from + i];
  return count;
};

/** The mean of some of the overlaps' values. */
const meanOf = (values: readonly number[], counted: readonly boolean[]): number => {
  const taken = values.filter((_, i) => counted[i]);
  return taken.reduce((sum, value) => sum + value, 0) / taken.length;
};

/** Counts of all maps and of each class, and of each sample for the overlaps that are counted. */
const newCounts = (stride: number, counted: readonly boolean[]) => ({
  all: new Int32Array(OVERLAPS.length * stride),
  samples: OVERLAPS.map((_, k) => (counted[k] ? new Int32Array(SAMPLES * stride) : undefined)),
  sizes: new Float64Array(SAMPLES),
  classes: new Map<number, { n: number; readonly ends: Ends }>(),
  n: 0,
});

type Counts = ReturnType<typeof newCounts>;

const noteClass = ({ classes }: Counts, { class: index, right }: SweepCase, stride: number): void => {
  const found = classes.get(index) ?? { n: 0, ends: new Int32Array(OVERLAPS.length * stride) };
  classes.set(index, found);
  found.n++;
  right.forEach((spans, k) => note(found.ends, k * stride, spans, 1));
};

const noteCase = (counts: Counts, given: SweepCase, weights: Uint8Array, stride: number): void => {
  const { all, samples, sizes } = counts;
  counts.n++;
  given.right.forEach((spans, k) => {
    note(all, k * stride, spans, 1);
    const ends = samples[k];
    if (ends === undefined || spans.length === 0) return;
    for (let i = 0; i < SAMPLES; i++) if (weights[i] > 0) note(ends, i * stride, spans, weights[i]);
  });
  for (let i = 0; i < SAMPLES; i++) sizes[i] += weights[i];
  noteClass(counts, given, stride);
};

/**
 * The best share of right maps that one threshold gives for all maps together, the mean of that at several overlaps. Of a class
 * it is the share at the thresholds that are best for all.
 * @param counted which of `OVERLAPS` the value is the mean of. @param thresholdOf from a level.
 */
export const bestThresholdStatistic = (
  levels: number,
  thresholdOf: (level: number) => number,
  counted: readonly boolean[],
): Statistic<SweepCase> => {
  const stride = levels + 1;
  const counts = newCounts(stride, counted);
  const { all, samples, sizes, classes } = counts;
  const inSample = (i: number): number => {
    const shares = samples.map((ends) => (ends === undefined ? 0 : bestLevel(ends, i * stride, levels)[1] / sizes[i]));
    return meanOf(shares, counted);
  };
  return {
    add: (given, weights) => noteCase(counts, given, weights, stride),
    outcome: () => {
      const { n } = counts;
      if (n === 0) return { n, value: undefined, ci95: undefined, classes: new Map() };
      const best = OVERLAPS.map((_, k) => bestLevel(all, k * stride, levels));
      const shares = best.map(([, count]) => count / n);
      const value = meanOf(shares, counted);
      const ofClass = ({ n: own, ends }: { readonly n: number; readonly ends: Ends }): Estimate => {
        const mean = meanOf(
          best.map(([level], k) => countAt(ends, k * stride, level) / own),
          counted,
        );
        return { n: own, value: mean, ci95: wilson(mean, own) };
      };
      const bestAt = OVERLAPS.map((overlap, k) => [overlap, { value: shares[k], threshold: thresholdOf(best[k][0]) }]);
      return {
        n,
        value,
        ci95: ofSamples(
          Float64Array.from({ length: SAMPLES }, (_, i) => inSample(i)),
          value,
          n,
        ),
        at: Object.fromEntries(bestAt),
        classes: new Map([...classes].map(([index, found]) => [index, ofClass(found)])),
      };
    },
  };
};

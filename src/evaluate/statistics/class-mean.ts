import { ofSamples, wilson } from './interval.js';
import type { Statistic } from './statistic.js';

/** A case of a mean of classes' shares. */
export interface ClassCase {
  readonly class: number;
  readonly isRight: boolean;
}

/** Samples, of which each class needs its own counts: as many as keep 20,000 classes below 50 MB. */
const SAMPLES = 250;

interface Counts {
  n: number;
  right: number;
  /** For each sample the number of cases, then of those that are right. */
  readonly samples: Uint32Array;
}

/** The mean of the classes' shares: each class counts alike, however many cases it has. */
export const classMeanStatistic = (): Statistic<ClassCase> => {
  const classes = new Map<number, Counts>();
  let n = 0;
  const countsOf = (index: number): Counts => {
    const found = classes.get(index) ?? { n: 0, right: 0, samples: new Uint32Array(2 * SAMPLES) };
    classes.set(index, found);
    return found;
  };
  const inSample = (i: number): number => {
    let [sum, count] = [0, 0];
    for (const { samples } of classes.values()) {
      if (samples[i] === 0) continue;
      sum += samples[SAMPLES + i] / samples[i];
      count++;
    }
    return sum / count;
  };
  return {
    add: ({ class: index, isRight }, weights) => {
      const counts = countsOf(index);
      n++;
      counts.n++;
      counts.right += Number(isRight);
      for (let i = 0; i < SAMPLES; i++) {
        counts.samples[i] += weights[i];
        if (isRight) counts.samples[SAMPLES + i] += weights[i];
      }
    },
    outcome: () => {
      const shares = [...classes.values()].map((counts) => counts.right / counts.n);
      const value = shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
      const drawn = Float64Array.from({ length: SAMPLES }, (_, i) => inSample(i));
      return {
        n,
        value,
        ci95: value === undefined ? undefined : ofSamples(drawn, value, n),
        classes: new Map(
          [...classes].map(([index, counts]) => {
            const share = counts.right / counts.n;
            return [index, { n: counts.n, value: share, ci95: wilson(share, counts.n) }];
          }),
        ),
      };
    },
  };
};

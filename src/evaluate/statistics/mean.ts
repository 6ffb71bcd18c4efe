import { ofMean, ofSamples, wilson } from './interval.js';
import type { Estimate, Statistic } from './statistic.js';
import { SAMPLES } from './weights.js';

/** A case of a mean: a value, and what counts for each class. Where all values are 0 or 1, the mean is a share. */
export interface MeanCase {
  readonly value: number;
  readonly classes: readonly (readonly [index: number, value: number])[];
}

interface Sums {
  n: number;
  sum: number;
  squares: number;
}

const added = (sums: Sums, value: number): void => {
  sums.n++;
  sums.sum += value;
  sums.squares += value * value;
};

/** Of 0 and 1 the squares are the values. */
const isShare = ({ sum, squares }: Pick<Sums, 'sum' | 'squares'>): boolean => sum === squares && sum >= 0;

/** A class's mean. */
const estimateOf = ({ n, sum, squares }: Sums): Estimate => ({
  n,
  value: sum / n,
  ci95: isShare({ sum, squares }) ? wilson(sum / n, n) : ofMean(n, sum, squares),
});

/** The mean of all cases. */
export const meanStatistic = (): Statistic<MeanCase> => {
  const total: Sums = { n: 0, sum: 0, squares: 0 };
  const [counts, sums] = [new Float64Array(SAMPLES), new Float64Array(SAMPLES)];
  const classes = new Map<number, Sums>();
  return {
    add: ({ value, classes: own }, weights) => {
      added(total, value);
      for (let i = 0; i < SAMPLES; i++) {
        counts[i] += weights[i];
        sums[i] += weights[i] * value;
      }
      for (const [index, part] of own) {
        let found = classes.get(index);
        if (found === undefined) {
          found = { n: 0, sum: 0, squares: 0 };
          classes.set(index, found);
        }
        added(found, part);
      }
    },
    outcome: () => {
      const value = total.n === 0 ? undefined : total.sum / total.n;
      return {
        n: total.n,
        value,
        ci95:
          value === undefined
            ? undefined
            : ofSamples(
                sums.map((sum, i) => sum / counts[i]),
                value,
                total.n,
              ),
        classes: new Map([...classes].map(([index, found]) => [index, estimateOf(found)])),
      };
    },
  };
};

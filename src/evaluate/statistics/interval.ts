/** An interval that holds the true value with a probability of 95 %. */
export type Interval = readonly [low: number, high: number];

/** A normal variable is within so many standard deviations in 95 % of all cases. */
const WITHIN = 1.959963984540054;

/** The value below which a share of the samples lies, between the two nearest of them. @param sorted ascending. */
const quantile = (sorted: Float64Array, share: number): number => {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(sorted.length - 1, low + 1)] - sorted[low]) * (at - low);
};

/**
 * The interval of a share of `n` cases (Wilson 1927). It is wider than none also where the share is 0 or 1, of which samples with
 * replacement know no spread.
 */
export const wilson = (share: number, n: number): Interval => {
  const squared = WITHIN ** 2;
  const middle = (share + squared / (2 * n)) / (1 + squared / n);
  const half = (WITHIN / (1 + squared / n)) * Math.sqrt((share * (1 - share)) / n + squared / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
};

/** The interval of a mean by its standard error. Undefined: there are fewer than two. */
export const ofMean = (n: number, sum: number, squares: number): Interval | undefined => {
  if (n < 2) return undefined;
  const mean = sum / n;
  const half = WITHIN * Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1));
  return [mean - half, mean + half];
};

/**
 * The middle 95 % of a statistic's values in samples with replacement. Of a share that is 0 or 1 in each, Wilson's.
 * @param values NaN where a sample is empty. @param n number of cases. @param isShare whether the statistic is a share of cases.
 */
export const ofSamples = (values: Float64Array, value: number, n: number, isShare = true): Interval | undefined => {
  const known = values.filter((sample) => !Number.isNaN(sample)).sort();
  if (n === 0 || known.length === 0) return undefined;
  if (isShare && (value <= 0 || value >= 1)) return wilson(value, n);
  return [quantile(known, 0.025), quantile(known, 0.975)];
};

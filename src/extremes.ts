/**
 * `Math.max(...values)` puts each value on the stack, and fails above some 100,000 of them. Lists from files may be longer.
 */

/** The largest of any number of values. -Infinity where there are none, NaN where one is NaN: as Math.max. */
export const largestOf = (values: Iterable<number>): number => {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
};

/** The smallest of any number of values. Infinity where there are none, NaN where one is NaN: as Math.min. */
export const smallestOf = (values: Iterable<number>): number => {
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of values) smallest = Math.min(smallest, value);
  return smallest;
};

import { largestOf, smallestOf } from '../extremes.js';
import type { ClassMap } from '../maps/class-map.js';
import type { Cells } from './enlarge.js';

// What torch-cam adds to the largest value before it divides by it.
const EPSILON = 1e-8;

/** A map from its smallest value, 0, to its largest, 1, as torch-cam scales them; all 0 where it is flat. */
const stretched = ({ rows, columns }: ClassMap, values: readonly number[]): Cells => {
  const [low, high] = [smallestOf(values), largestOf(values)];
  return { rows, columns, data: values.map((value) => (value - low) / (high - low + EPSILON)) };
};

/** Cells in [0, 1]: from the smallest value to the largest. */
export const minToMax = (map: ClassMap): Cells => stretched(map, Array.from(map.data));

/** Cells in [0, 1]: of the evidence alone, so what speaks against the class is 0. */
export const evidenceToMax = (map: ClassMap): Cells =>
  stretched(
    map,
    Array.from(map.data, (value) => Math.max(0, value)),
  );

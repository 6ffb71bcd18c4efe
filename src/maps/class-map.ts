import { type Coefficients, positionsOf } from './coefficients.js';
import { channelOffset, type FeatureMap } from './feature-map.js';

/** [rows, columns] in logits, row by row. */
export interface ClassMap {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** A class map, and what positions that are no cells add to the logit. */
export interface CompleteMap extends ClassMap {
  readonly outside: number;
}

/** Adds `weight * feature * share` to the sums of all positions, for each channel of a part of the pool. */
type Summing = (features: FeatureMap, weights: Float64Array, sums: Float64Array) => void;

const sumEqual: Summing = ({ data, grid }, weights, sums) => {
  const { rows, columns, channels, first, rowStride, columnStride } = grid;
  for (let k = 0; k < channels; k++) {
    const weight = weights[k];
    if (weight === 0) continue;
    let cell = 0;
    for (let i = 0; i < rows; i++) {
      let at = first + channelOffset(grid, k) + i * rowStride;
      for (let j = 0; j < columns; j++, at += columnStride) sums[cell++] += weight * data[at];
    }
  }
};

const sumOwn: Summing = (features, weights, sums) => {
  const { data, grid } = features;
  const positions = positionsOf(features);
  for (let k = 0; k < grid.channels; k++) {
    const offset = channelOffset(grid, k);
    positions.forEach((position, p) => {
      sums[p] += weights[offset + position] * data[offset + position] * grid.rows * grid.columns;
    });
  }
};

const sumHeld =
  ({ groups, shares }: Extract<Coefficients, { kind: 'held' }>): Summing =>
  (features, weights, sums) => {
    const { data, grid } = features;
    const positions = positionsOf(features);
    for (let k = 0; k < grid.channels; k++) {
      if (weights[k] === 0) continue;
      const weight = weights[k] * grid.rows * grid.columns;
      const offset = channelOffset(grid, k);
      const row = Math.floor((k * groups) / grid.channels) * positions.length;
      for (let p = 0; p < positions.length; p++) {
        sums[p] += weight * shares[row + p] * data[offset + positions[p]];
      }
    }
  };

const summingOf = (coefficients: Coefficients): Summing => {
  switch (coefficients.kind) {
    case 'equal': {
      const { factors } = coefficients;
      if (factors === undefined) return sumEqual;
      return (features, weights, sums) =>
        sumEqual(
          features,
          weights.map((weight, k) => weight * factors[k]),
          sums,
        );
    }
    case 'own':
      return sumOwn;
    case 'held':
      return sumHeld(coefficients);
  }
};

/**
 * `M_c(i) = N sum_k W[c, k] * s_k(i) * A_k(i)`: how much each cell adds to the class's logit, times the number N of cells.
 * Where the pool is the average, all shares s are 1 / N (Zhou et al. 2016, Learning Deep Features for Discriminative
 * Localization, eq. 2). No ReLU, no scaling, no bias.
 * @param weights the class's effective weights, one for each number of the pooled vector.
 */
export const classMap = (features: FeatureMap, weights: Float64Array): CompleteMap => {
  const { grid, coefficients } = features;
  const { rows, columns, channels } = grid;
  const cells = rows * columns;
  const sums = new Float64Array(cells + grid.outside.length);
  let start = 0;
  for (const part of coefficients) {
    const length = part.kind === 'own' ? weights.length - start : channels;
    summingOf(part)(features, weights.subarray(start, start + length), sums);
    start += length;
  }
  const outside = sums.subarray(cells).reduce((sum, logits) => sum + logits, 0) / cells;
  return { rows, columns, data: Float32Array.from(sums.subarray(0, cells)), outside };
};

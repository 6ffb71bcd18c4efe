import { channelOffset, type FeatureMap } from './feature-map.js';

/**
 * How much each cell counts in the pooled vector of a photo.
 * - `equal`: `pooled[k]` is the mean of channel k over all cells, times the channel's factor where there are factors.
 * - `own`: nothing is pooled. The pooled vector holds every number of the feature map, in the order of its memory.
 * - `held`: `pooled[k] = sum over positions of shares[group of k, position] * features[k, position]`.
 */
export type Coefficients =
  | { readonly kind: 'equal'; readonly factors?: Float64Array }
  | { readonly kind: 'own' }
  | {
      readonly kind: 'held';
      /** Channels in a row that share their coefficients form a group, such as a head of attention. All are equally large. */
      readonly groups: number;
      /** [groups, positions]. Positions are the cells row by row, then those that are no cells. */
      readonly shares: Float64Array;
    };

/** Memory offsets of all positions of a channel, from its first number: the cells row by row, then those that are no cells. */
export const positionsOf = ({ grid }: Pick<FeatureMap, 'grid'>): Int32Array => {
  const { rows, columns, first, rowStride, columnStride, outside } = grid;
  const offsets = new Int32Array(rows * columns + outside.length);
  for (let cell = 0; cell < rows * columns; cell++) {
    offsets[cell] = first + Math.floor(cell / columns) * rowStride + (cell % columns) * columnStride;
  }
  offsets.set(outside, rows * columns);
  return offsets;
};

const means = ({ data, grid }: FeatureMap): Float64Array => {
  const { rows, columns, channels, first, rowStride, columnStride } = grid;
  const sums = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      let at = first + channelOffset(grid, k) + i * rowStride;
      for (let j = 0; j < columns; j++, at += columnStride) sum += data[at];
    }
    sums[k] = sum / (rows * columns);
  }
  return sums;
};

/** A part of a photo's pooled vector, [C] or, for `own`, as many numbers as the feature map has. */
const pooledBy = (features: FeatureMap, coefficients: Coefficients): Float64Array => {
  const { data, grid } = features;
  if (coefficients.kind === 'equal') {
    const { factors } = coefficients;
    return factors === undefined ? means(features) : means(features).map((mean, k) => mean * factors[k]);
  }
  const positions = positionsOf(features);
  if (coefficients.kind === 'own') return Float64Array.from(data.subarray(0, positions.length * grid.channels));
  const { groups, shares } = coefficients;
  return Float64Array.from({ length: grid.channels }, (_, k) => {
    const offset = channelOffset(grid, k);
    const row = Math.floor((k * groups) / grid.channels) * positions.length;
    let sum = 0;
    for (let p = 0; p < positions.length; p++) sum += shares[row + p] * data[offset + positions[p]];
    return sum;
  });
};

/** A photo's pooled vector: those of its parts, one after the other. */
export const pooledVector = (features: FeatureMap): Float64Array => {
  const parts = features.coefficients.map((coefficients) => pooledBy(features, coefficients));
  if (parts.length === 1) return parts[0];
  const vector = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    vector.set(part, start);
    start += part.length;
  }
  return vector;
};

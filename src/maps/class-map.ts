import type { FeatureMap } from './feature-map.js';

/** [rows, columns] in logits, row by row. */
export interface ClassMap {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/**
 * `M_c(i, j) = sum_k W[c, k] * A_k(i, j)`: how much each cell adds to the class's logit, times the number of cells
 * (Zhou et al. 2016, Learning Deep Features for Discriminative Localization, eq. 2). No ReLU, no scaling, no bias.
 * @param weights the class's effective weights, one a channel.
 */
export const classMap = ({ data, grid }: FeatureMap, weights: Float64Array): ClassMap => {
  const { rows, columns, channels, channelStride, rowStride, columnStride } = grid;
  const sums = new Float64Array(rows * columns);
  for (let k = 0; k < channels; k++) {
    const weight = weights[k];
    if (weight === 0) continue;
    let cell = 0;
    for (let i = 0; i < rows; i++) {
      let at = k * channelStride + i * rowStride;
      for (let j = 0; j < columns; j++, at += columnStride) sums[cell++] += weight * data[at];
    }
  }
  return { rows, columns, data: Float32Array.from(sums) };
};

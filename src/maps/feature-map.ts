type Layout = 'nchw' | 'nhwc' | 'tokens';

/** Where each cell of the averaged tensor lies in memory, for the first picture of a batch. */
export interface Grid {
  readonly layout: Layout;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Steps in memory from a channel, row or column to the next. */
  readonly channelStride: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The tensor that the network averages, for one photo, as the runtime returned it. */
export interface FeatureMap {
  readonly data: Float32Array;
  readonly grid: Grid;
}

/** Mean of each channel over all cells, [C]. */
export const pooledVector = ({ data, grid }: FeatureMap): Float64Array => {
  const { rows, columns, channels, channelStride, rowStride, columnStride } = grid;
  const means = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      let at = k * channelStride + i * rowStride;
      for (let j = 0; j < columns; j++, at += columnStride) sum += data[at];
    }
    means[k] = sum / (rows * columns);
  }
  return means;
};

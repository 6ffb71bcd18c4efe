import type { Coefficients } from './coefficients.js';

/** `row`: tokens that are cells, of no known rows and columns, one after the other. */
type Layout = 'nchw' | 'nhwc' | 'tokens' | 'row';

/**
 * Whether the cells have places in the picture. Those in a `row` are numbers alone, and nothing may be drawn of them.
 * @param layout of a grid, or as a run's settings have it.
 */
export const havePlaces = ({ layout }: { readonly layout?: string }): boolean => layout !== 'row';

/** Where each cell of the pooled tensor lies in memory, for the first picture of a batch. */
export interface Grid {
  readonly layout: Layout;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Steps in memory from a channel, row or column to the next. */
  readonly channelStride: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** Steps to the first cell. Not 0 where other positions, such as a class token, lie before it. */
  readonly first: number;
  /** Steps to each position that is no cell. */
  readonly outside: readonly number[];
  /** Channels of each head of attention, and the steps from a head to the next. One head: all channels, and 0. */
  readonly headChannels: number;
  readonly headStride: number;
}

/** Steps in memory to a channel's first position. */
export const channelOffset = ({ channelStride, headChannels, headStride }: Grid, channel: number): number =>
  Math.floor(channel / headChannels) * headStride + (channel % headChannels) * channelStride;

/** The tensor that the network pools, for one photo, as the runtime returned it. */
export interface FeatureMap {
  readonly data: Float32Array;
  readonly grid: Grid;
  /** How each part of the pool counts the cells of this photo. */
  readonly coefficients: readonly Coefficients[];
}

import type { FeatureMap } from '../cam/class-map.js';
import { ModelError } from '../errors.js';
import type { Grid } from './grid.js';
import type { Feed } from './session.js';

// As many cells as this are tried, spread over the grid.
const PROBES = 6;

// On a coarser grid each cell sees most of the picture, and the trial would tell nothing.
const LEAST_CELLS = 25;

// A changed patch changes its own cell more than most others: the share of cells that change less is near 1 there, and
// 0.5 on average where cells lie in an order of their own.
const LEAST_SHARE = 0.75;

/** The input with the patch under one cell turned over: each number's sign changed about the mean of all. */
const withPatch = (feed: Feed, grid: Grid, row: number, column: number): Feed => {
  const planar = feed.layout === 'nchw';
  const [height, width] = planar ? feed.dims.slice(2) : feed.dims.slice(1, 3);
  const mean = feed.data.reduce((sum, value) => sum + value, 0) / feed.data.length;
  const inside = (position: number, cell: number, cells: number, size: number) =>
    Math.floor((position * cells) / size) === cell;
  const data = feed.data.map((value, i) => {
    const pixel = planar ? i % (height * width) : Math.floor(i / feed.dims[3]);
    const y = Math.floor(pixel / width);
    const x = pixel % width;
    const hit = inside(y, row, grid.rows, height) && inside(x, column, grid.columns, width);
    return hit ? 2 * mean - value : value;
  });
  return { ...feed, data };
};

/** How much each cell's features differ between two feature maps, as the length of the difference. */
const changes = (before: FeatureMap, after: FeatureMap): number[] => {
  const { rows, columns, channels, channelStride, rowStride, columnStride } = before.grid;
  return Array.from({ length: rows * columns }, (_, cell) => {
    const start = Math.floor(cell / columns) * rowStride + (cell % columns) * columnStride;
    let sum = 0;
    for (let k = 0; k < channels; k++) {
      const at = start + k * channelStride;
      sum += (before.data[at] - after.data[at]) ** 2;
    }
    return sum;
  });
};

/**
 * Tries whether the cells of a feature map lie in the order of the picture: some networks work on windows, and leave
 * their tokens in the windows' order.
 * @param run gives the feature map of an input; `before` is that of `feed`.
 * @throws ModelError `cell-order`.
 */
export const checkCellOrder = async (
  run: (feed: Feed) => Promise<FeatureMap>,
  feed: Feed,
  before: FeatureMap,
): Promise<void> => {
  const { rows, columns } = before.grid;
  const cells = rows * columns;
  if (cells < LEAST_CELLS) return;
  let share = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const cell = Math.floor(((probe + 0.5) * cells) / PROBES);
    const changed = changes(
      before,
      await run(withPatch(feed, before.grid, Math.floor(cell / columns), cell % columns)),
    );
    share += changed.filter((change) => change < changed[cell]).length / (cells - 1) / PROBES;
  }
  if (share >= LEAST_SHARE) return;
  throw new ModelError(
    'cell-order',
    `No class map exists: the ${rows}x${columns} cells that the network averages do not lie in the order of the picture.`,
  );
};

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

/** Pixels of an edge that one of its cells covers: from, to. */
const span = (cell: number, cells: number, size: number) => [
  Math.ceil((cell * size) / cells),
  Math.ceil(((cell + 1) * size) / cells),
];

/** The input with the patch under one cell turned over: each number's sign changed about the mean of all. */
const withPatch = (feed: Feed, mean: number, grid: Grid, row: number, column: number): Feed => {
  const planar = feed.layout === 'nchw';
  const [channels, height, width] = planar ? feed.dims.slice(1) : [feed.dims[3], feed.dims[1], feed.dims[2]];
  const [top, bottom] = span(row, grid.rows, height);
  const [left, right] = span(column, grid.columns, width);
  const data = feed.data.slice();
  for (let channel = 0; channel < channels; channel++) {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = planar ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
        data[at] = 2 * mean - data[at];
      }
    }
  }
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
  const mean = feed.data.reduce((sum, value) => sum + value, 0) / feed.data.length;
  let share = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const cell = Math.floor(((probe + 0.5) * cells) / PROBES);
    const changed = changes(
      before,
      await run(withPatch(feed, mean, before.grid, Math.floor(cell / columns), cell % columns)),
    );
    share += changed.filter((change) => change < changed[cell]).length / (cells - 1) / PROBES;
  }
  if (share >= LEAST_SHARE) return;
  throw new ModelError(
    'cell-order',
    `No class map exists: the ${rows}x${columns} cells that the network averages do not lie in the order of the picture.`,
  );
};

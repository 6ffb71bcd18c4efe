import { ModelError } from '../../errors.js';
import type { Feed } from '../../image/feed.js';
import type { FeatureMap } from '../../maps/feature-map.js';
import { judgePictures, judgeRound, type Told } from './judge.js';
import { type Cells, type Order, otherOrders } from './orders.js';
import { cellsToTry, feedOf, type Picture, type Range, rangesOf } from './patches.js';
import { type Changes, ROUND } from './shares.js';

/** Whether the cells were seen to lie in the order of the picture, or could not be tried. */
export type CellOrder = 'picture' | 'untried';

// Rounds of patches. One tells the usual network; coarser grids than for two tell too little.
const LEAST_ROUNDS = 2;
const MOST_ROUNDS = 3;

/** How a network is tried: what gives the feature map of an input, and an input that it takes. */
interface Tried {
  readonly run: (feed: Feed) => Promise<FeatureMap>;
  readonly like: Feed;
  readonly cells: FeatureMap['grid'];
}

/** How much each cell's features differ between two feature maps, as the length of the difference. */
const changesBetween = (before: FeatureMap, after: FeatureMap): Float64Array => {
  const { rows, columns, channels, channelStride, rowStride, columnStride } = before.grid;
  return Float64Array.from({ length: rows * columns }, (_, cell) => {
    const start = Math.floor(cell / columns) * rowStride + (cell % columns) * columnStride;
    let sum = 0;
    for (let k = 0; k < channels; k++) {
      const at = start + k * channelStride;
      sum += (before.data[at] - after.data[at]) ** 2;
    }
    return Math.sqrt(sum);
  });
};

/** What changing the patch under each of some cells does to all cells. */
const changesOf = async (
  { run, like, cells }: Tried,
  picture: Picture,
  before: FeatureMap,
  patches: readonly number[],
): Promise<Changes> => {
  const changes: Float64Array[] = [];
  for (const patch of patches) changes.push(changesBetween(before, await run(feedOf(like, picture, cells, patch))));
  return changes;
};

const areFinite = (changes: Changes): boolean => changes.every((changed) => changed.every(Number.isFinite));

/** Tries pictures of one range of numbers: the second only where one round on the first leaves it open. */
const tryRange = async (
  tried: Tried,
  range: Range,
  patches: readonly number[],
  orders: readonly Order[],
): Promise<Told> => {
  const { run, like, cells } = tried;
  const [first, second] = [1, 2].map((seed): Picture => ({ range, seed }));
  const before = await run(feedOf(like, first, cells));
  const round = await changesOf(tried, first, before, patches.slice(0, ROUND));
  if (!areFinite(round)) return 'nothing';
  const told = judgeRound(round, patches.slice(0, ROUND), orders);
  if (told !== 'unclear') return told;
  const rest = await changesOf(tried, first, before, patches.slice(ROUND));
  const other = await changesOf(tried, second, await run(feedOf(like, second, cells)), patches);
  if (!areFinite(rest) || !areFinite(other)) return 'nothing';
  return judgePictures([[...round, ...rest], other], patches, cells, orders);
};

const otherOrder = ({ rows, columns }: Cells, told: 'another' | Order): ModelError => {
  const words = told === 'another' ? 'in another order' : told.words;
  return new ModelError(
    'cell-order',
    `No class map exists: the ${rows}x${columns} cells that the network averages do not lie in the order of the picture, but ${words}.`,
  );
};

/**
 * Tries whether the cells of a feature map lie in the order of the picture: some networks work on windows, and leave
 * their tokens in the windows' order. The patch under a cell is changed, and the cell whose place it is must answer. A
 * cell's answer counts as a share of what it answers to several patches, so a network whose cells all react tells
 * nothing, and is not refused.
 * @param run gives the feature map of an input.
 * @param like an input of the network; its values do not matter.
 * @param cells the feature map's grid for inputs of this size.
 * @throws ModelError `cell-order` where another order explains what happens significantly better.
 */
export const tryCellOrder = async (run: Tried['run'], like: Feed, cells: FeatureMap['grid']): Promise<CellOrder> => {
  const { rows, columns } = cells;
  const rounds = Math.min(MOST_ROUNDS, Math.floor((rows * columns) / ROUND));
  if (rounds < LEAST_ROUNDS) return 'untried';
  const orders = otherOrders(cells);
  const patches = cellsToTry(cells, orders, rounds * ROUND);
  for (const range of rangesOf(like.type)) {
    const told = await tryRange({ run, like, cells }, range, patches, orders);
    if (told === 'picture') return 'picture';
    if (told !== 'nothing') throw otherOrder(cells, told);
  }
  return 'untried';
};

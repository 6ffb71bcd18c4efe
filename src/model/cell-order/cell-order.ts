import { ModelError } from '../../errors.js';
import type { Feed } from '../../image/feed.js';
import { channelOffset, type FeatureMap, havePlaces } from '../../maps/feature-map.js';
import { judgePictures, judgeRound, type Told } from './judge.js';
import { type Cells, type Order, otherOrders } from './orders.js';
import { cellsToTry, feedOf, type NoiseRange, type Picture, rangesOf } from './patches.js';
import { type Changes, ROUND } from './shares.js';

/** Whether a trial showed the cells in the order of the picture, or showed nothing. */
export type CellOrder = 'picture' | 'untried';

// Rounds of patches. One round suffices for most networks. Grids too coarse for two rounds tell too little.
const LEAST_ROUNDS = 2;
const MOST_ROUNDS = 3;

/** What a trial needs: a function from an input to its feature map, and an example input. */
interface Tried {
  readonly run: (feed: Feed) => Promise<FeatureMap>;
  readonly like: Feed;
  readonly cells: FeatureMap['grid'];
}

/** Length of the difference of each cell's features between two feature maps. */
const changesBetween = (before: FeatureMap, after: FeatureMap): Float64Array => {
  const { rows, columns, channels, rowStride, columnStride, first } = before.grid;
  return Float64Array.from({ length: rows * columns }, (_, cell) => {
    const start = first + Math.floor(cell / columns) * rowStride + (cell % columns) * columnStride;
    let sum = 0;
    for (let k = 0; k < channels; k++) {
      const at = start + channelOffset(before.grid, k);
      sum += (before.data[at] - after.data[at]) ** 2;
    }
    return Math.sqrt(sum);
  });
};

/** For each given cell, how much all cells change when the patch under it changes. */
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

/** Tries pictures of one range of numbers. A second picture is tried only where one round on the first is unclear. */
const tryRange = async (
  tried: Tried,
  range: NoiseRange,
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
    `No class map exists: the ${rows}x${columns} cells that the network pools do not lie in the order of the picture, but ${words}.`,
  );
};

/**
 * Tests whether the cells of a feature map lie in the order of the picture. Some networks work on windows, and leave
 * their tokens in the windows' order. The test changes the patch under a cell: the cell at that place must react. A
 * cell's reaction is measured as a share of its reactions to several patches. So a network whose cells all react alike
 * tells nothing, and is not refused.
 * @param run returns the feature map of an input.
 * @param like an example input of the network. Its values do not matter.
 * @param cells the feature map's grid for inputs of this size.
 * @throws ModelError `cell-order` where another order explains the reactions significantly better.
 */
export const tryCellOrder = async (run: Tried['run'], like: Feed, cells: FeatureMap['grid']): Promise<CellOrder> => {
  const { rows, columns } = cells;
  if (!havePlaces(cells)) return 'untried';
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

import type { Cells, Order } from './orders.js';
import { distance } from './patches.js';

/** Patches that are tried together: a cell's share is its part of what these do to it. */
export const ROUND = 6;

// A cell that reacts to every patch alike has this share of each.
const CHANCE = 1 / ROUND;

// The picture's order is told where cells answer more to their own patches than to all others of the round together.
const TOLD_SHARE = 0.55;

// Another order explains a trial better where its cells answer this many times as much as the picture's and as chance.
const TIMES_BETTER = 2;

// An order that is not known beforehand is found wherever cells react, so its cells must answer to little else.
const FOUND_SHARE = 0.5;

// Mean over standard error: with six patches or more, chance alone comes so far in less than two of a hundred trials.
const SIGNIFICANT = 3;

// An order must move as many cells as this to be judged at all.
const LEAST_MOVED = 4;

/** What became of the cells when each patch was changed: [patch][cell], as the length of the features' change. */
export type Changes = readonly Float64Array[];

/** [patch][cell]: the part of all changes of the cell in this round that this patch made. */
type Shares = readonly Float64Array[];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's t of the mean against 0: mean over standard error. */
const significance = (values: readonly number[]): number => {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return middle / Math.sqrt(Math.max(variance, 1e-20) / values.length);
};

const roundShares = (changes: Changes): Float64Array[] => {
  const sums = changes[0].map((_, cell) => changes.reduce((sum, changed) => sum + changed[cell], 0));
  return changes.map((changed) => changed.map((change, cell) => (sums[cell] > 0 ? change / sums[cell] : CHANCE)));
};

const sharesOf = (changes: Changes): Shares => {
  const shares: Float64Array[] = [];
  for (let start = 0; start < changes.length; start += ROUND) {
    shares.push(...roundShares(changes.slice(start, start + ROUND)));
  }
  return shares;
};

/** Each patch's share at one cell. */
const at = (shares: Shares, cells: readonly number[]): number[] => shares.map((row, patch) => row[cells[patch]]);

/** The cell that reacts most to each patch, and to few others. */
const reacting = (shares: Shares, changes: Changes): number[] =>
  shares.map((row, patch) => {
    const answers = row.map((share, cell) => share * changes[patch][cell]);
    return answers.indexOf(Math.max(...answers));
  });

const isTold = (own: readonly number[]): boolean =>
  mean(own) >= TOLD_SHARE && significance(own.map((share) => share - CHANCE)) >= SIGNIFICANT;

/** What one round tells of the order: the picture's; nothing, since every cell reacts alike; or not enough. */
export const judgeRound = (changes: Changes, patches: readonly number[]): 'picture' | 'nothing' | 'unclear' => {
  const shares = sharesOf(changes);
  if (isTold(at(shares, patches))) return 'picture';
  return mean(at(shares, reacting(shares, changes))) < TIMES_BETTER * CHANCE ? 'nothing' : 'unclear';
};

/** Whether other cells answer to the patches so much better than the picture's own that it can be no accident. */
const isBetter = (
  others: readonly (readonly number[])[],
  owns: readonly (readonly number[])[],
  least: number,
): boolean => {
  if (others[0].length < LEAST_MOVED) return false;
  const onEach = others.every((other, picture) => mean(other) >= Math.max(least, TIMES_BETTER * mean(owns[picture])));
  const gains = others[0].map((_, i) => mean(others.map((other, picture) => other[i] - owns[picture][i])));
  return onEach && significance(gains) >= SIGNIFICANT;
};

/**
 * What two pictures tell of the order.
 * @param trials the changes on each of two pictures, by the same patches.
 * @returns `picture`; `untold`; or the other order that explains both pictures significantly better.
 */
export const judgeTrials = (
  trials: readonly [Changes, Changes],
  patches: readonly number[],
  { columns }: Cells,
  orders: readonly Order[],
): 'picture' | 'untold' | Pick<Order, 'words'> => {
  const shares = trials.map(sharesOf);
  const moved = (places: readonly number[], by: number) => (patch: number) =>
    distance(places[patch], patches[patch], columns) >= by;
  const all = patches.map((_, patch) => patch);
  const pick = (picture: number, cells: readonly number[], chosen: readonly number[]): number[] => {
    const values = at(shares[picture], cells);
    return chosen.map((patch) => values[patch]);
  };

  const better = orders
    .map((order) => ({ order, places: patches.map(order.placeOf) }))
    .filter(({ places }) => {
      const chosen = all.filter(moved(places, 1));
      const [other, own] = [places, patches].map((cells) => [0, 1].map((picture) => pick(picture, cells, chosen)));
      return isBetter(other, own, TIMES_BETTER * CHANCE);
    })
    .map(({ order, places }) => ({ order, share: mean([0, 1].flatMap((picture) => pick(picture, places, all))) }));
  if (better.length > 0) return better.reduce((best, next) => (next.share > best.share ? next : best)).order;

  // An order that nobody thought of: the cells that react on one picture, judged on the other.
  const found = trials.map((changes, picture) => reacting(shares[picture], changes));
  const apart = found.every((places) => all.filter(moved(places, 2)).length >= patches.length / 3);
  const chosen = all.filter((patch) => found.every((places) => moved(places, 1)(patch)));
  const other = [0, 1].map((picture) => pick(picture, found[1 - picture], chosen));
  const own = [0, 1].map((picture) => pick(picture, patches, chosen));
  if (apart && isBetter(other, own, FOUND_SHARE)) return { words: 'in another order' };

  return isTold(all.map((patch) => mean([0, 1].map((picture) => shares[picture][patch][patches[patch]]))))
    ? 'picture'
    : 'untold';
};

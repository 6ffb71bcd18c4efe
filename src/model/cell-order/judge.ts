import type { Cells, Order } from './orders.js';
import { distance } from './patches.js';
import {
  CHANCE,
  type Changes,
  mean,
  reactingCells,
  type Shares,
  sharesAmong,
  sharesAt,
  sharesOf,
  significance,
} from './shares.js';

// All limits were set by networks whose order is known. ARCHITECTURE.md has the measurements.

// Mean over standard error. By chance, 1 trial in 70 of six patches reaches it, and 1 in 170 of twelve.
const SIGNIFICANT = 3;

// Share at which cells react to their patch. Networks that tell nothing stay below 1.3 times chance.
const REACTING = 1.5 * CHANCE;

// Share from which the picture's order counts as shown.
const TOLD = 1.75 * CHANCE;

// A known order must have this many times the share of the picture's order. Where the picture's order is right, no
// other order comes near 1.
const BETTER = 1.2;

// The same for an unknown order, found where cells react most. Neighbours of the right cell reach 1.4 times its share.
const FOUND_BETTER = 1.5;

// The least factor on each of the two pictures alone.
const BETTER_ON_EACH = 1.1;

// A first round is unclear from this factor on.
const NEARLY_FOUND = 1.25;

// Cells that react to their patch more than to all others together are accepted without a further test.
const MOST = 0.5;

// A known order is named where its cells have at least this part of the share of the cells that react most.
const SAME = 0.75;

// An order is judged only if it moves this many patches. If it moves this many far, only those count.
const LEAST_MOVED = 4;
const ENOUGH_MOVED = 6;

/** What a trial shows. `another`: an order that is none of the known ones. */
export type Told = 'picture' | 'nothing' | 'another' | Order;

interface Trial {
  readonly changes: Changes;
  readonly shares: Shares;
  readonly own: readonly number[];
}

const trialOf = (changes: Changes, patches: readonly number[]): Trial => {
  const shares = sharesOf(changes);
  return { changes, shares, own: sharesAt(shares, patches) };
};

const isTold = (own: readonly number[]): boolean =>
  mean(own) >= TOLD && significance(own.map((share) => share - CHANCE)) >= SIGNIFICANT;

const placesOf = (order: Order, patches: readonly number[]): number[] => patches.map(order.placeOf);

/**
 * Judges the first round of patches.
 * @returns `unclear` where more patches are needed.
 */
export const judgeRound = (
  changes: Changes,
  patches: readonly number[],
  orders: readonly Order[],
): 'picture' | 'nothing' | 'unclear' => {
  const { shares, own } = trialOf(changes, patches);
  const reacting = mean(sharesAt(shares, reactingCells(shares, changes)));
  if (reacting < REACTING) return 'nothing';
  const others = orders.map((order) => mean(sharesAt(shares, placesOf(order, patches))));
  const isClear = reacting < NEARLY_FOUND * mean(own) && others.every((share) => share < BETTER * mean(own));
  return isClear && isTold(own) ? 'picture' : 'unclear';
};

/** The patches that an order moves: only those moved by two cells or more, where they are enough. */
const movedBy = (places: readonly (readonly number[])[], patches: readonly number[], columns: number): number[] => {
  const all = patches.map((_, patch) => patch);
  const by = (least: number) =>
    all.filter((patch) => places.every((cells) => distance(cells[patch], patches[patch], columns) >= least));
  const far = by(2);
  return far.length >= ENOUGH_MOVED ? far : by(1);
};

/** Whether other cells react significantly more than the cells of the picture's order, by their shares on two pictures. */
const isBetter = (
  others: readonly (readonly number[])[],
  owns: readonly (readonly number[])[],
  moved: readonly number[],
  times: number,
): boolean => {
  if (moved.length < LEAST_MOVED) return false;
  const [other, own] = [others, owns].map((both) => both.map((shares) => moved.map((patch) => shares[patch])));
  const onEach = other.every((shares, i) => mean(shares) >= BETTER_ON_EACH * Math.max(mean(own[i]), CHANCE));
  const gains = moved.map((_, patch) => mean(other.map((shares, i) => shares[patch] - own[i][patch])));
  const [share, ownShare] = [mean(other.flat()), mean(own.flat())];
  return onEach && share >= Math.max(times * ownShare, REACTING) && significance(gains) >= SIGNIFICANT;
};

const mostShared = <T extends { readonly others: readonly (readonly number[])[] }>(some: readonly T[]): T =>
  some.reduce((best, next) => (mean(next.others.flat()) > mean(best.others.flat()) ? next : best));

/** For each cell, its share of reaction to the nearer half of the other patches, minus that to the farther half. */
const nearness = (shares: Shares, cells: readonly number[], patches: readonly number[], columns: number): number[] => {
  const away = (a: number, b: number) =>
    Math.hypot(Math.floor(a / columns) - Math.floor(b / columns), (a % columns) - (b % columns));
  return patches.map((cell, patch) => {
    const others = patches.map((_, other) => other).filter((other) => other !== patch);
    others.sort((a, b) => away(patches[a], cell) - away(patches[b], cell));
    const half = Math.floor(others.length / 2);
    const part = (some: readonly number[]) => mean(some.map((other) => shares[other][cells[patch]]));
    return part(others.slice(0, half)) - part(others.slice(-half));
  });
};

/**
 * Whether the reacting cells show another order. Cells in any order react mostly to their own patch, or also to patches
 * near it. A network's cells may react for other reasons, but then not in this way.
 */
const isPlace = (
  trials: readonly Trial[],
  found: readonly (readonly number[])[],
  patches: readonly number[],
  columns: number,
): boolean => {
  const isElsewhere = found.every(
    (cells) => cells.filter((cell, patch) => distance(cell, patches[patch], columns) > 1).length >= patches.length / 3,
  );
  if (!isElsewhere) return false;
  if (mean(trials.flatMap(({ shares }, i) => sharesAt(shares, found[i]))) >= MOST) return true;
  const near = trials.map(({ changes }, i) => nearness(sharesAmong(changes), found[i], patches, columns));
  return significance(patches.map((_, patch) => mean(near.map((gains) => gains[patch])))) >= SIGNIFICANT;
};

/**
 * Judges all patches on two pictures.
 * @param both the changes on each picture, by the same patches.
 * @returns an order only where it explains both pictures significantly better than the picture's own.
 */
export const judgePictures = (
  both: readonly [Changes, Changes],
  patches: readonly number[],
  { columns }: Cells,
  orders: readonly Order[],
): Told => {
  const trials = both.map((changes) => trialOf(changes, patches));
  const owns = trials.map(({ own }) => own);
  // Cells found on one picture are measured on the other, so that noise is not taken for a reaction.
  const found = trials.map(({ shares, changes }) => reactingCells(shares, changes)).toReversed();
  const reacting = trials.map(({ shares }, i) => sharesAt(shares, found[i]));
  if (mean(reacting.flat()) < REACTING) return 'nothing';

  const known = orders.map((order) => {
    const places = placesOf(order, patches);
    return { order, places, others: trials.map(({ shares }) => sharesAt(shares, places)) };
  });
  const better = known.filter(({ places, others }) =>
    isBetter(others, owns, movedBy([places], patches, columns), BETTER),
  );
  if (better.length > 0) return mostShared(better).order;

  if (
    isPlace(trials, found, patches, columns) &&
    isBetter(reacting, owns, movedBy(found, patches, columns), FOUND_BETTER)
  ) {
    const best = mostShared(known);
    return mean(best.others.flat()) >= SAME * mean(reacting.flat()) ? best.order : 'another';
  }
  return isTold(patches.map((_, i) => mean(owns.map((own) => own[i])))) ? 'picture' : 'nothing';
};

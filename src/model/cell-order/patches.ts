import type { ElementType, Feed } from '../../image/feed.js';
import type { Cells, Order } from './orders.js';

/** Distance of two cells: the larger of their distances in rows and in columns. */
export const distance = (a: number, b: number, columns: number): number =>
  Math.max(Math.abs(Math.floor(a / columns) - Math.floor(b / columns)), Math.abs((a % columns) - (b % columns)));

// Distances beyond this do not tell orders apart any better.
const FAR = 3;

/**
 * Cells whose patches distinguish the picture's order from the others: the other orders move them far, and they lie
 * apart from each other.
 */
export const cellsToTry = (cells: Cells, orders: readonly Order[], count: number): readonly number[] => {
  const { rows, columns } = cells;
  const moved = Array.from({ length: rows * columns }, (_, cell) =>
    orders.map(({ placeOf }) => Math.min(FAR, distance(cell, placeOf(cell), columns))),
  );
  const chosen: number[] = [];
  // For each order, the sum of distances that it moves the chosen cells.
  const told = orders.map(() => 0);
  // The square root favours cells for the orders that are distinguished least so far.
  const gain = (cell: number) => moved[cell].reduce((sum, by, order) => sum + Math.sqrt(told[order] + by), 0);
  let apart = Math.floor(Math.sqrt((rows * columns) / count));
  while (chosen.length < count && apart > 0) {
    let best: { readonly cell: number; readonly gain: number } | undefined;
    for (let cell = 0; cell < moved.length; cell++) {
      if (chosen.some((other) => distance(cell, other, columns) < apart)) continue;
      const gained = gain(cell);
      if (best === undefined || gained > best.gain) best = { cell, gain: gained };
    }
    if (best === undefined) {
      apart--;
      continue;
    }
    chosen.push(best.cell);
    for (const [order, by] of moved[best.cell].entries()) told[order] += by;
  }
  return chosen;
};

/** Smallest and largest input value. */
export type NoiseRange = readonly [number, number];

/**
 * Common ranges of input values. They do not depend on the model's mean and standard deviation, so a wrong mean changes
 * nothing here.
 */
export const rangesOf = (type: ElementType): readonly NoiseRange[] =>
  type === 'uint8'
    ? [[0, 255]]
    : [
        [-1, 1],
        [0, 255],
        [0, 1],
      ];

/** A picture for a trial: noise in a range of values. */
export interface Picture {
  readonly range: NoiseRange;
  readonly seed: number;
}

/** Pseudo-random numbers from 0 to 1 (mulberry32). The same seed gives the same numbers. */
const noise = (seed: number): (() => number) => {
  let state = Math.imul(seed, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The pixels of an edge that a cell covers: from the first, to before the second number. */
const span = (cell: number, cells: number, size: number) => [
  Math.ceil((cell * size) / cells),
  Math.ceil(((cell + 1) * size) / cells),
];

/**
 * A picture as the network's input, the same in every layout and at every place of a batch.
 * @param like an input of the network, for its name, type, layout and dims.
 * @param patch the cell whose part of the picture is inverted: each value is mirrored at the middle of the range.
 */
export const feedOf = (like: Feed, { range: [low, high], seed }: Picture, cells: Cells, patch?: number): Feed => {
  const { dims, layout, type } = like;
  const planar = layout === 'nchw';
  const [channels, height, width] = planar ? dims.slice(1) : [dims[3], dims[1], dims[2]];
  const [top, bottom] = patch === undefined ? [0, 0] : span(Math.floor(patch / cells.columns), cells.rows, height);
  const [left, right] = patch === undefined ? [0, 0] : span(patch % cells.columns, cells.columns, width);
  const next = noise(seed);
  const one = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = low + next() * (high - low);
        const shown = y >= top && y < bottom && x >= left && x < right ? low + high - value : value;
        const at = planar ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
        one[at] = type === 'uint8' ? Math.round(shown) : shown;
      }
    }
  }
  const data = new Float32Array(one.length * dims[0]);
  for (let place = 0; place < dims[0]; place++) data.set(one, place * one.length);
  return { ...like, data };
};

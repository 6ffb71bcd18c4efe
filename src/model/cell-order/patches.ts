import type { ElementType, Feed } from '../../image/feed.js';
import type { Cells, Order } from './orders.js';

/** Cells between two, along the axis where they are further apart. */
export const distance = (a: number, b: number, columns: number): number =>
  Math.max(Math.abs(Math.floor(a / columns) - Math.floor(b / columns)), Math.abs((a % columns) - (b % columns)));

// Orders that put a cell as far away as this are told apart well; further away counts no more.
const FAR = 3;

/**
 * Cells whose patches tell the picture's order from the others: far from where the other orders put them, and apart
 * from each other.
 */
export const cellsToTry = (cells: Cells, orders: readonly Order[], count: number): readonly number[] => {
  const { rows, columns } = cells;
  const moved = Array.from({ length: rows * columns }, (_, cell) =>
    orders.map(({ placeOf }) => Math.min(FAR, distance(cell, placeOf(cell), columns))),
  );
  const chosen: number[] = [];
  // How far each order has moved the chosen cells, all together.
  const told = orders.map(() => 0);
  // The root makes a cell count most for the orders that are told least.
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

/** The numbers that a network may be fed with: smallest, largest. */
export type Range = readonly [number, number];

/**
 * The ranges that networks are fed in. None is the one that mean and standard deviation were given for, so a wrong mean
 * changes nothing here.
 */
export const rangesOf = (type: ElementType): readonly Range[] =>
  type === 'uint8'
    ? [[0, 255]]
    : [
        [-1, 1],
        [0, 255],
        [0, 1],
      ];

/** A picture to be tried: noise in a range of numbers. */
export interface Picture {
  readonly range: Range;
  readonly seed: number;
}

/** Numbers from 0 to 1, the same for the same seed (the generator mulberry32). */
const noise = (seed: number): (() => number) => {
  let state = Math.imul(seed, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** First and last pixel, exclusive, of an edge that one of its cells covers. */
const span = (cell: number, cells: number, size: number) => [
  Math.ceil((cell * size) / cells),
  Math.ceil(((cell + 1) * size) / cells),
];

/**
 * A picture as the network's input, the same in every layout and at every place of a batch.
 * @param like an input of the network, for its name, type, layout and dims.
 * @param patch the cell whose part of the picture is turned over: each number changes its side of the range's middle.
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

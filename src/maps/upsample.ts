import type { Box } from './box.js';
import type { ClassMap } from './class-map.js';
import { type Kernel, keysCubic, triangle } from './kernels.js';
import type { ScaledMap } from './scale.js';

/** Ways to enlarge a map, by name; 0 from two cells away. A new one is one entry. */
export const kernels = {
  nearest: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0),
  bilinear: triangle,
  bicubic: keysCubic,
} satisfies Record<string, Kernel>;

export type Interpolation = keyof typeof kernels;

/** Cells that share in a pixel along one axis. */
export const TAPS = 4;

/** For each pixel along one axis: the cells that share in it, and their shares. A pixel's shares add up to 1. */
interface Taps {
  /** First pixel whose centre lies in the seen region. */
  readonly start: number;
  /** Number of pixels. */
  readonly length: number;
  /** [length, TAPS]. */
  readonly cells: Int32Array;
  readonly shares: Float32Array;
}

/**
 * Uses half-pixel centres, as PyTorch's `interpolate(align_corners=False)`. Beyond the border the outermost cells
 * repeat.
 * @param from, length the network's whole input in photo pixels. All cells are equally long.
 * @param seenFrom, seenLength the part of it that the photo covers.
 */
const tapsOf = (
  share: Kernel,
  cells: number,
  [from, length]: readonly [number, number],
  [seenFrom, seenLength]: readonly [number, number],
): Taps => {
  const start = Math.max(0, Math.ceil(seenFrom - 0.5));
  const pixels = Math.max(0, Math.ceil(seenFrom + seenLength - 0.5) - start);
  const taps = { cells: new Int32Array(pixels * TAPS), shares: new Float32Array(pixels * TAPS) };
  for (let i = 0; i < pixels; i++) {
    const at = ((start + i + 0.5 - from) / length) * cells - 0.5;
    const first = Math.floor(at) - 1;
    for (let k = 0; k < TAPS; k++) {
      taps.cells[i * TAPS + k] = Math.min(cells - 1, Math.max(0, first + k));
      taps.shares[i * TAPS + k] = share(at - first - k);
    }
  }
  return { start, length: pixels, ...taps };
};

/** How the cells of a grid become the photo's pixels. All maps of a photo share it. */
export interface Upsampling {
  readonly columns: Taps;
  readonly rows: Taps;
}

/**
 * @param rows, columns of the grid.
 * @param field the network's whole input and `seen` the part that is photo, both in photo pixels.
 * @param kernel 0 from two cells away.
 */
export const planUpsamplingBy = (
  kernel: Kernel,
  { rows, columns }: Pick<ClassMap, 'rows' | 'columns'>,
  field: Box,
  seen: Box,
): Upsampling => ({
  columns: tapsOf(kernel, columns, [field.x, field.width], [seen.x, seen.width]),
  rows: tapsOf(kernel, rows, [field.y, field.height], [seen.y, seen.height]),
});

/** As `planUpsamplingBy`, by a kernel's name. */
export const planUpsampling = (
  grid: Pick<ClassMap, 'rows' | 'columns'>,
  field: Box,
  seen: Box,
  interpolation: Interpolation,
): Upsampling => planUpsamplingBy(kernels[interpolation], grid, field, seen);

/** The map's rows of cells, each as wide as the seen region: [rows, pixels]. */
const widen = ({ data, rows, columns }: ScaledMap, { length, cells, shares }: Taps): Float32Array => {
  const wide = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < length; x++) {
      let sum = 0;
      for (let k = x * TAPS; k < (x + 1) * TAPS; k++) sum += data[row * columns + cells[k]] * shares[k];
      wide[row * length + x] = sum;
    }
  }
  return wide;
};

/**
 * A map's values at all pixels of the seen region: [rows, pixels], in the map's own unit. A cubic overshoots them.
 * @param into where the values of each row begin.
 */
export const upsampleInto = (
  map: ScaledMap,
  { columns, rows }: Upsampling,
  into: Float32Array | Float64Array,
  startOf: (row: number) => number,
): void => {
  const { length } = columns;
  const wide = widen(map, columns);
  for (let row = 0; row < rows.length; row++) {
    const [a, b, c, d] = rows.shares.subarray(row * TAPS, (row + 1) * TAPS);
    const [atA, atB, atC, atD] = rows.cells.subarray(row * TAPS, (row + 1) * TAPS).map((cell) => cell * length);
    const start = startOf(row);
    for (let x = 0; x < length; x++) {
      into[start + x] = a * wide[atA + x] + b * wide[atB + x] + c * wide[atC + x] + d * wide[atD + x];
    }
  }
};

/** Index of a colormap's last entry, which stands for 1. */
const LAST_ENTRY = 255;

/** A map enlarged along its rows only. `upsampleRow` enlarges it along its columns. */
export interface EnlargedMap {
  /** Rows of cells as wide as the seen region, [rows, pixels], as entries of a colormap. */
  readonly wide: Float32Array;
  readonly lowest: number;
  readonly highest: number;
}

export const enlarge = (map: ScaledMap, { columns }: Pick<Upsampling, 'columns'>): EnlargedMap => {
  const entries = { ...map, data: map.data.map((value) => value * LAST_ENTRY) };
  return {
    wide: widen(entries, columns),
    lowest: entries.data.reduce((a, b) => Math.min(a, b)),
    highest: entries.data.reduce((a, b) => Math.max(a, b)),
  };
};

/**
 * Computes one row of pixels of a map, as entries of a colormap, 0 to 255. Clips to the map's smallest and largest
 * value, because a cubic overshoots and would invent evidence.
 * @param row counted from the seen region's first.
 * @param into one entry a pixel of the seen columns.
 */
export const upsampleRow = (
  { wide, lowest, highest }: EnlargedMap,
  { columns, rows }: Upsampling,
  row: number,
  into: Uint8Array,
): void => {
  const width = columns.length;
  const { shares, cells } = rows;
  const tap = row * TAPS;
  const [a, b, c, d] = [shares[tap], shares[tap + 1], shares[tap + 2], shares[tap + 3]];
  const [atA, atB, atC, atD] = [
    cells[tap] * width,
    cells[tap + 1] * width,
    cells[tap + 2] * width,
    cells[tap + 3] * width,
  ];
  for (let x = 0; x < width; x++) {
    const value = a * wide[atA + x] + b * wide[atB + x] + c * wide[atC + x] + d * wide[atD + x];
    into[x] = (value < lowest ? lowest : value > highest ? highest : value) + 0.5;
  }
};

/** For each of `to` new cells, the shares of the `from` old cells in it. Cells of a kind are equally long. */
const sharesOf = (from: number, to: number): readonly (readonly [cell: number, share: number])[][] =>
  Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to];
    const cells: (readonly [number, number])[] = [];
    for (let cell = Math.floor(start); cell < Math.min(from, Math.ceil(end)); cell++) {
      cells.push([cell, (Math.min(end, cell + 1) - Math.max(start, cell)) / (end - start)]);
    }
    return cells;
  });

/**
 * Reduces the map to at most one cell a photo pixel. Each new cell is the mean of the old ones that it covers. Without
 * this, the pixels of a tiny photo would miss most cells.
 * @param field the network's whole input in photo pixels.
 */
export const atMostOneCellAPixel = (map: ClassMap, field: Box): ClassMap => {
  const rows = Math.max(1, Math.min(map.rows, Math.floor(field.height)));
  const columns = Math.max(1, Math.min(map.columns, Math.floor(field.width)));
  if (rows === map.rows && columns === map.columns) return map;
  const across = sharesOf(map.columns, columns);
  const data = new Float32Array(rows * columns);
  sharesOf(map.rows, rows).forEach((down, row) => {
    across.forEach((shares, column) => {
      let sum = 0;
      for (const [i, height] of down)
        for (const [j, width] of shares) sum += map.data[i * map.columns + j] * height * width;
      data[row * columns + column] = sum;
    });
  });
  return { rows, columns, data };
};

import type { Box } from '../photo/geometry.js';
import type { ClassMap } from './class-map.js';
import type { ScaledMap } from './scale.js';

/** For each pixel along one axis: the two cells it lies between and the share of the second. */
export interface Taps {
  /** First pixel whose centre lies in the seen region. */
  readonly start: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/**
 * Cells under the pixels of one axis, with half-pixel centres, as torch's `interpolate(align_corners=False)`.
 * @param from, length the network's whole input in photo pixels, which the cells share equally.
 * @param seenFrom, seenLength the part of it that the photo covers.
 */
const tapsOf = (cells: number, from: number, length: number, seenFrom: number, seenLength: number): Taps => {
  const start = Math.max(0, Math.ceil(seenFrom - 0.5));
  const end = Math.max(start, Math.ceil(seenFrom + seenLength - 0.5));
  const first = new Int32Array(end - start);
  const second = new Int32Array(end - start);
  const share = new Float32Array(end - start);
  for (let i = 0; i < end - start; i++) {
    const cell = Math.min(cells - 1, Math.max(0, ((start + i + 0.5 - from) / length) * cells - 0.5));
    first[i] = Math.floor(cell);
    second[i] = Math.min(cells - 1, first[i] + 1);
    share[i] = cell - first[i];
  }
  return { start, first, second, share };
};

/** A map made ready to be read at the photo's pixels. */
export interface Upsampling {
  readonly columns: Taps;
  readonly rows: Taps;
}

/** @param field the network's whole input and `seen` the part that is photo, both in photo pixels. */
export const planUpsampling = (rows: number, columns: number, field: Box, seen: Box): Upsampling => ({
  columns: tapsOf(columns, field.x, field.width, seen.x, seen.width),
  rows: tapsOf(rows, field.y, field.height, seen.y, seen.height),
});

/** One row of pixels of the enlarged map, bilinear, in floats; `into` holds one number a pixel of the seen columns. */
export const upsampleRow = (map: ScaledMap, { columns, rows }: Upsampling, row: number, into: Float32Array): void => {
  const { data, columns: width } = map;
  const upper = rows.first[row] * width;
  const lower = rows.second[row] * width;
  const down = rows.share[row];
  for (let x = 0; x < into.length; x++) {
    const left = columns.first[x];
    const right = columns.second[x];
    const near = data[upper + left] + (data[lower + left] - data[upper + left]) * down;
    const far = data[upper + right] + (data[lower + right] - data[upper + right]) * down;
    into[x] = near + (far - near) * columns.share[x];
  }
};

/** Shares in which old cells make up each new one, where `from` cells become `to` of equal size. */
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
 * The map with no more cells than the network's input covers pixels of the photo, each the mean of what it replaces: a
 * tiny photo would otherwise fall between the cells.
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

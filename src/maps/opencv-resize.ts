import type { ClassMap } from './class-map.js';

/**
 * OpenCV's `cv2.resize` of a float64 map by `INTER_CUBIC`, bit for bit: it computes where a pixel lies between cells, and the cells'
 * shares in it, in float32, and sums in float64.
 */

/** Cells that share in a pixel along one axis. */
const TAPS = 4;
const f = Math.fround;
/** The slope at the first neighbour. */
const A = -0.75;

/** Shares of the four cells around a pixel, rounded to float32 after each step as in C++. @param x past the second of them. */
const sharesAt = (x: number): readonly [number, number, number, number] => {
  const up = f(x + 1);
  const left = f(1 - x);
  const first = f(f(f(f(f(f(f(A * up) - 5 * A) * up) + 8 * A) * up)) - 4 * A);
  const inner = (d: number) => f(f(f(f(f((A + 2) * d) - (A + 3)) * d) * d) + 1);
  const [second, third] = [inner(x), inner(left)];
  return [first, second, third, f(f(f(1 - first) - second) - third)];
};

/** For each pixel along one axis its cells and their shares, [pixels * TAPS]. Beyond the border the outermost cells repeat. */
const tapsOf = (cells: number, pixels: number) => {
  const taps = { cells: new Int32Array(pixels * TAPS), shares: new Float64Array(pixels * TAPS) };
  // As OpenCV divides: not the same as cells / pixels, in the last digit.
  const scale = 1 / (pixels / cells);
  for (let i = 0; i < pixels; i++) {
    const at = f((i + 0.5) * scale - 0.5);
    const cell = Math.floor(at);
    taps.shares.set(sharesAt(f(at - cell)), i * TAPS);
    for (let k = 0; k < TAPS; k++) taps.cells[i * TAPS + k] = Math.min(cells - 1, Math.max(0, cell - 1 + k));
  }
  return taps;
};

type Taps = ReturnType<typeof tapsOf>;

/** The map's rows of cells, each `pixels` wide. */
const widened = ({ data, rows, columns }: ClassMap, { cells, shares }: Taps, pixels: number): Float64Array => {
  const wide = new Float64Array(rows * pixels);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * columns;
    for (let tap = 0; tap < pixels * TAPS; tap += TAPS) {
      wide[at++] =
        data[start + cells[tap]] * shares[tap] +
        data[start + cells[tap + 1]] * shares[tap + 1] +
        data[start + cells[tap + 2]] * shares[tap + 2] +
        data[start + cells[tap + 3]] * shares[tap + 3];
    }
  }
  return wide;
};

/** Enlarges a map to a square, or makes it smaller without a mean of what is left out. @param into [side, side]. */
export const openCvCubicResize = (map: ClassMap, side: number, into: Float64Array): void => {
  const wide = widened(map, tapsOf(map.columns, side), side);
  const { cells, shares } = tapsOf(map.rows, side);
  for (let y = 0, at = 0; y < side; y++) {
    const tap = y * TAPS;
    const [a, b, c, d] = [shares[tap], shares[tap + 1], shares[tap + 2], shares[tap + 3]];
    const [atA, atB] = [cells[tap] * side, cells[tap + 1] * side];
    const [atC, atD] = [cells[tap + 2] * side, cells[tap + 3] * side];
    for (let x = 0; x < side; x++) {
      into[at++] = wide[atA + x] * a + wide[atB + x] * b + wide[atC + x] * c + wide[atD + x] * d;
    }
  }
};

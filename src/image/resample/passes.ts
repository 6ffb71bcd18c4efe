import { areas, loops, put, STRIP, take } from '../../wasm/index.js';
import type { Rgb } from '../decode.js';
import type { PixelRange } from './contract.js';

/**
 * The two passes of a resize. A photo is copied to WebAssembly memory strip by strip. The result of the first pass stays
 * in that memory. The loops are in `wasm/assembly/resample.ts`.
 */

/** For each output position of a range: the first source position, and `count` (at most `taps`) fixed-point coefficients. */
export interface ResampleKernel {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Fixed point, with 22 fraction bits. */
  readonly coefficients: Int32Array;
}

/** Source positions that a kernel reads, first to last. */
const reach = ({ first, count }: ResampleKernel): PixelRange => {
  const last = first.length - 1;
  return { start: first[0], length: first[last] + count[last] - first[0] };
};

const sizesOf = ({ first, count, coefficients }: ResampleKernel): readonly number[] =>
  [first, count, coefficients].map(({ byteLength }) => byteLength);

const putKernel = ([firstAt, countAt, coefficientsAt]: readonly number[], kernel: ResampleKernel): void => {
  put(firstAt, kernel.first);
  put(countAt, kernel.count);
  put(coefficientsAt, kernel.coefficients);
};

/** Number of output rows from `start` whose source rows fit into a strip; at least 1. */
const rowsOfStrip = ({ first, count }: ResampleKernel, start: number, stride: number): number => {
  let end = start + 1;
  while (end < first.length && (first[end] + count[end] - first[start]) * stride <= STRIP) end++;
  return end - start;
};

/** Largest number of source rows in any strip. */
const tallestStrip = ({ first, count }: ResampleKernel, stride: number): number =>
  Math.max(
    Math.floor(STRIP / stride),
    first.reduce((most, _, y) => Math.max(most, count[y]), 1),
  );

/** Resamples columns first, in all rows that the second pass reads. */
const columnsFirst = (source: Rgb, across: ResampleKernel, down: ResampleKernel): Uint8Array => {
  const [width, height] = [across.first.length, down.first.length];
  const [stride, length] = [source.width * 3, width * 3];
  const rows = reach(down);
  const atOnce = Math.min(rows.length, Math.max(1, Math.floor(STRIP / stride)));
  const [a, b, c, d, e, f, sourceAt, middleAt, targetAt] = areas([
    ...sizesOf(across),
    ...sizesOf(down),
    atOnce * stride,
    rows.length * length,
    height * length,
  ]);
  putKernel([a, b, c], across);
  putKernel([d, e, f], down);
  for (let y = 0; y < rows.length; y += atOnce) {
    const count = Math.min(atOnce, rows.length - y);
    const from = (rows.start + y) * stride;
    put(sourceAt, source.data.subarray(from, from + count * stride));
    loops().columns(sourceAt, stride, count, width, a, b, c, across.taps, middleAt + y * length);
  }
  loops().rows(middleAt - rows.start * length, length, length, height, d, e, f, down.taps, targetAt);
  return take(targetAt, height * length);
};

/** Resamples rows first, in all columns that the second pass reads. */
const rowsFirst = (source: Rgb, across: ResampleKernel, down: ResampleKernel): Uint8Array => {
  const [width, height] = [across.first.length, down.first.length];
  const columns = reach(across);
  const [stride, length] = [source.width * 3, columns.length * 3];
  const [a, b, c, d, e, f, sourceAt, middleAt, targetAt] = areas([
    ...sizesOf(across),
    ...sizesOf(down),
    tallestStrip(down, stride) * stride,
    height * length,
    height * width * 3,
  ]);
  putKernel([a, b, c], across);
  putKernel([d, e, f], down);
  for (let y = 0; y < height; ) {
    const rows = rowsOfStrip(down, y, stride);
    const top = down.first[y];
    const bottom = down.first[y + rows - 1] + down.count[y + rows - 1];
    put(sourceAt, source.data.subarray(top * stride, bottom * stride));
    const left = sourceAt - top * stride + columns.start * 3;
    const [first, count, coefficients] = [d + y * 4, e + y * 4, f + y * down.taps * 4];
    loops().rows(left, stride, length, rows, first, count, coefficients, down.taps, middleAt + y * length);
    y += rows;
  }
  loops().columns(middleAt - columns.start * 3, length, height, width, a, b, c, across.taps, targetAt);
  return take(targetAt, height * width * 3);
};

/** The source resampled to the columns of one kernel and the rows of the other. */
export const resampleBoth = (
  source: Rgb,
  across: ResampleKernel,
  down: ResampleKernel,
  first: 'columns' | 'rows',
): Rgb => ({
  width: across.first.length,
  height: down.first.length,
  data: (first === 'rows' ? rowsFirst : columnsFirst)(source, across, down),
});

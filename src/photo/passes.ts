import { areas, loops, put, STRIP, take } from '../loops/memory.js';
import type { Rgb } from './decode.js';

/** The two passes of a resize, strip by strip: their loops are in `loops/assembly/resample.ts`. */

/** For each output position of a range: the first source position and `count` of `taps` fixed-point coefficients. */
export interface Kernel {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Of 22 fraction bits. */
  readonly coefficients: Int32Array;
}

/** A range of rows or columns: from `start`, `length` of them. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

const relativeTo = (first: Int32Array, start: number): Int32Array => first.map((position) => position - start);

/** Rows `rows` of the source, each resampled to the columns of the kernel, whose column 0 is column `offset`. */
export const resampleColumns = (source: Rgb, rows: Range, offset: number, kernel: Kernel): Rgb => {
  const { taps, first, count, coefficients } = kernel;
  const width = first.length;
  const stride = source.width * 3;
  const atOnce = Math.min(rows.length, Math.max(1, Math.floor(STRIP / stride)));
  const [firstAt, countAt, coefficientsAt, sourceAt, targetAt] = areas([
    first.byteLength,
    count.byteLength,
    coefficients.byteLength,
    atOnce * stride,
    atOnce * width * 3,
  ]);
  put(firstAt, relativeTo(first, offset));
  put(countAt, count);
  put(coefficientsAt, coefficients);
  const data = new Uint8Array(rows.length * width * 3);
  for (let y = 0; y < rows.length; y += atOnce) {
    const height = Math.min(atOnce, rows.length - y);
    const from = (rows.start + y) * stride;
    put(sourceAt, source.data.subarray(from, from + height * stride));
    loops().columns(sourceAt, stride, height, width, firstAt, countAt, coefficientsAt, taps, targetAt);
    take(targetAt, height * width * 3, data, y * width * 3);
  }
  return { width, height: rows.length, data };
};

/** Output rows from `start` whose source rows fit into a strip: at least one. */
const rowsOfStrip = ({ first, count }: Kernel, start: number, stride: number): number => {
  let end = start + 1;
  while (end < first.length && (first[end] + count[end] - first[start]) * stride <= STRIP) end++;
  return end - start;
};

/** Columns `columns` of the source, resampled to the rows of the kernel, whose row 0 is row `offset`. */
export const resampleRows = (source: Rgb, columns: Range, offset: number, kernel: Kernel): Rgb => {
  const { taps, first, count, coefficients } = kernel;
  const height = first.length;
  const stride = source.width * 3;
  const length = columns.length * 3;
  const data = new Uint8Array(height * length);
  for (let y = 0; y < height; ) {
    const rows = rowsOfStrip(kernel, y, stride);
    const top = first[y];
    const reach = first[y + rows - 1] + count[y + rows - 1] - top;
    const strip = [first, count].map((numbers) => numbers.subarray(y, y + rows));
    const weights = coefficients.subarray(y * taps, (y + rows) * taps);
    const [firstAt, countAt, weightsAt, sourceAt, targetAt] = areas([
      strip[0].byteLength,
      strip[1].byteLength,
      weights.byteLength,
      reach * stride,
      rows * length,
    ]);
    put(firstAt, relativeTo(strip[0], top));
    put(countAt, strip[1]);
    put(weightsAt, weights);
    put(sourceAt, source.data.subarray((top - offset) * stride, (top - offset + reach) * stride));
    loops().rows(sourceAt + columns.start * 3, stride, length, rows, firstAt, countAt, weightsAt, taps, targetAt);
    take(targetAt, rows * length, data, y * length);
    y += rows;
  }
  return { width: columns.length, height, data };
};

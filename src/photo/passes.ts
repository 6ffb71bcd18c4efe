import { readFileSync } from 'node:fs';
import type { Rgb } from './decode.js';

/**
 * The two passes of a resize, in WebAssembly: see `kernel/resample.ts`. A photo goes through its memory strip by strip,
 * so that memory, which never shrinks again, stays small however large the photo is.
 */

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

/** Addresses and numbers, in the order of the kernel's parameters. */
type Pass = (...parameters: number[]) => void;

const { exports } = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(new URL('../../dist/photo/resample.wasm', import.meta.url))),
);
const [memory, columnsPass, rowsPass] = [
  exports.memory as WebAssembly.Memory,
  exports.columns as Pass,
  exports.rows as Pass,
];

const PAGE = 65_536;
// Bytes of a photo in the memory at a time; what a single output row needs is always there.
const STRIP = 2 ** 22;
// Both passes read or write up to 16 bytes too far.
const MARGIN = 16;

const align = (address: number): number => (address + 15) & ~15;

/** Addresses of areas of these sizes in bytes, one after the other; the memory grows where it must. */
const areas = (sizes: readonly number[]): readonly number[] => {
  let end = PAGE;
  const starts = sizes.map((size) => {
    const start = end;
    end = align(end + size + MARGIN);
    return start;
  });
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return starts;
};

const put = (address: number, data: Int32Array | Uint8Array): void =>
  new Uint8Array(memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);

const take = (address: number, length: number, into: Uint8Array, at: number): void =>
  into.set(new Uint8Array(memory.buffer, address, length), at);

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
    columnsPass(sourceAt, stride, height, width, firstAt, countAt, coefficientsAt, taps, targetAt);
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
    rowsPass(sourceAt + columns.start * 3, stride, length, rows, firstAt, countAt, weightsAt, taps, targetAt);
    take(targetAt, rows * length, data, y * length);
    y += rows;
  }
  return { width: columns.length, height, data };
};

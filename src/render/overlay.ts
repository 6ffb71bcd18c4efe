import type { Rgb } from '../image/decode.js';
import type { ScaledMap } from '../maps/scale.js';
import { enlarge, TAPS, type Upsampling } from '../maps/upsample.js';
import { areas, loops, put, STRIP, takeInto } from '../wasm/index.js';

/**
 * Lays the heatmap over the photo, in place. Inside the seen region a value becomes `photo * (1 - opacity) + colour *
 * opacity`, computed on the stored 8-bit values. Outside it the photo stays as it is. The WebAssembly loop of
 * `wasm/assembly/overlay.ts` works on one strip of rows at a time.
 * @param blendTable from `blendTableOf`.
 */
export const overlay = (
  { data, width }: Rgb,
  map: ScaledMap,
  { columns, rows }: Upsampling,
  blendTable: Int32Array,
): void => {
  const { wide, lowest, highest } = enlarge(map, { columns });
  const stride = width * 3;
  const atOnce = Math.min(rows.length, Math.max(1, Math.floor(STRIP / stride)));
  const [wideAt, cellsAt, sharesAt, tableAt, pixelsAt] = areas([
    wide.byteLength,
    rows.cells.byteLength,
    rows.shares.byteLength,
    blendTable.byteLength,
    atOnce * stride,
  ]);
  put(wideAt, wide);
  put(cellsAt, rows.cells);
  put(sharesAt, rows.shares);
  put(tableAt, blendTable);
  for (let row = 0; row < rows.length; row += atOnce) {
    const height = Math.min(atOnce, rows.length - row);
    const from = (rows.start + row) * stride;
    const tap = row * TAPS * 4;
    const [first, shares] = [cellsAt + tap, sharesAt + tap];
    const strip = data.subarray(from, from + height * stride);
    put(pixelsAt, strip);
    const left = pixelsAt + columns.start * 3;
    loops().overlay(left, stride, height, columns.length, wideAt, first, shares, lowest, highest, tableAt);
    takeInto(pixelsAt, strip);
  }
};

import type { Rgb } from '../image/decode.js';
import type { ScaledMap } from '../maps/scale.js';
import { enlarge, TAPS, type Upsampling } from '../maps/upsample.js';
import { areas, loops, put, STRIP, takeInto } from '../wasm/index.js';

/**
 * Lays the heatmap over the photo, in place: inside the seen region `photo * (1 - opacity) + colour * opacity`, on the
 * 8-bit values as they are stored; outside it the photo's own bytes. Strip by strip: the loop that enlarges and paints is
 * in `wasm/assembly/overlay.ts`.
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

import type { Size } from '../maps/box.js';
import type { ScaledMap } from '../maps/scale.js';
import { enlarge, type Upsampling, upsampleRow } from '../maps/upsample.js';
import { type Palette, rgbaOf } from './palette.js';

/**
 * Draws the heatmap alone, as large as the photo. Laid over the photo it gives the overlay. Outside the seen region it
 * is transparent.
 * @returns RGBA.
 */
export const heatmap = ({ width, height }: Size, map: ScaledMap, at: Upsampling, palette: Palette) => {
  // A pixel's four bytes are one number here, in whatever order they lie in memory.
  const colors = new Uint32Array(rgbaOf(palette).buffer);
  const pixels = new Uint32Array(width * height);
  const entries = new Uint8Array(at.columns.length);
  const enlarged = enlarge(map, at);
  for (let row = 0; row < at.rows.length; row++) {
    upsampleRow(enlarged, at, row, entries);
    const start = (at.rows.start + row) * width + at.columns.start;
    for (let x = 0; x < entries.length; x++) pixels[start + x] = colors[entries[x]];
  }
  return { width, height, data: new Uint8Array(pixels.buffer) };
};

import type { Size } from '../maps/box.js';
import type { ScaledMap } from '../maps/scale.js';
import { enlarge, type Upsampling, upsampleRow } from '../maps/upsample.js';
import type { Raster } from './encode.js';
import type { Palette } from './palette.js';

/**
 * Draws the heatmap alone, as large as the photo. Laid over the photo it gives the overlay. Outside the seen region it
 * is transparent.
 * @returns RGBA.
 */
export const heatmap = ({ width, height }: Size, map: ScaledMap, at: Upsampling, palette: Palette): Raster => {
  const { colors, opacities } = palette;
  const data = new Uint8Array(width * height * 4);
  const entries = new Uint8Array(at.columns.length);
  const enlarged = enlarge(map, at);
  for (let row = 0; row < at.rows.length; row++) {
    upsampleRow(enlarged, at, row, entries);
    let pixel = ((at.rows.start + row) * width + at.columns.start) * 4;
    for (let x = 0; x < entries.length; x++, pixel += 4) {
      const entry = entries[x];
      data[pixel] = colors[entry * 3];
      data[pixel + 1] = colors[entry * 3 + 1];
      data[pixel + 2] = colors[entry * 3 + 2];
      data[pixel + 3] = opacities[entry] * 255 + 0.5;
    }
  }
  return { width, height, data };
};

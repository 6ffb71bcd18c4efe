import type { ScaledMap } from '../cam/scale.js';
import { enlarge, type Upsampling, upsampleRow } from '../cam/upsample.js';
import type { Rgb } from '../photo/decode.js';
import type { Palette } from './palette.js';

// Shares of a level in whole numbers: 16 bits after the point leave room for the level before it.
const ONE = 1 << 16;

/**
 * A palette made ready to be laid over photos. For each entry four numbers: what is kept of the photo's level, and what
 * is added to its red, green and blue, all times 65,536. Half a level is in them, so that cutting off rounds.
 */
export const brushOf = ({ colors, opacities }: Palette): Int32Array =>
  Int32Array.from(
    [...opacities].flatMap((opacity, entry) => [
      Math.round((1 - opacity) * ONE),
      ...Array.from(colors.subarray(entry * 3, entry * 3 + 3), (level) => Math.round((level * opacity + 0.5) * ONE)),
    ]),
  );

/**
 * Lays the heatmap over the photo, in place: inside the seen region `photo * (1 - opacity) + colour * opacity`, on the
 * 8-bit values as they are stored; outside it the photo's own bytes.
 */
export const overlay = ({ data, width }: Rgb, map: ScaledMap, at: Upsampling, brush: Int32Array): void => {
  const entries = new Uint8Array(at.columns.length);
  const enlarged = enlarge(map, at);
  for (let row = 0; row < at.rows.length; row++) {
    upsampleRow(enlarged, at, row, entries);
    let pixel = ((at.rows.start + row) * width + at.columns.start) * 3;
    for (let x = 0; x < entries.length; x++, pixel += 3) {
      const entry = entries[x] * 4;
      const keep = brush[entry];
      if (keep === ONE) continue;
      data[pixel] = (Math.imul(data[pixel], keep) + brush[entry + 1]) >> 16;
      data[pixel + 1] = (Math.imul(data[pixel + 1], keep) + brush[entry + 2]) >> 16;
      data[pixel + 2] = (Math.imul(data[pixel + 2], keep) + brush[entry + 3]) >> 16;
    }
  }
};

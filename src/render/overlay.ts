import type { ScaledMap } from '../cam/scale.js';
import { type Upsampling, upsampleRow } from '../cam/upsample.js';
import type { Rgb } from '../photo/decode.js';
import type { Colormap } from './colormaps/index.js';

/**
 * The heatmap laid over the photo: inside the seen region `photo * (1 - opacity) + colour * opacity`, on the 8-bit
 * values as they are stored; outside it the photo's own bytes.
 * @param opacity of the heatmap, [0, 1]: 0 is the photo, 1 the heatmap alone.
 */
export const overlay = (photo: Rgb, map: ScaledMap, at: Upsampling, colormap: Colormap, opacity: number): Rgb => {
  const data = Uint8Array.from(photo.data);
  const tint = Float32Array.from(colormap, (level) => level * opacity + 0.5);
  const keep = 1 - opacity;
  const heat = new Float32Array(at.columns.first.length);
  const highest = colormap.length / 3 - 1;
  for (let row = 0; row < at.rows.first.length; row++) {
    upsampleRow(map, at, row, heat);
    let pixel = ((at.rows.start + row) * photo.width + at.columns.start) * 3;
    for (let x = 0; x < heat.length; x++, pixel += 3) {
      const color = ((heat[x] * highest + 0.5) | 0) * 3;
      data[pixel] = data[pixel] * keep + tint[color];
      data[pixel + 1] = data[pixel + 1] * keep + tint[color + 1];
      data[pixel + 2] = data[pixel + 2] * keep + tint[color + 2];
    }
  }
  return { width: photo.width, height: photo.height, data };
};

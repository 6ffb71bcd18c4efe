import type { Box } from '../../maps/box.js';
import type { Rgb } from '../decode.js';

/**
 * A part of a picture, cut out at whole pixels. The picture itself where the part is all of it.
 * @throws Error where the part begins or ends between pixels.
 */
export const cut = (picture: Rgb, { x, y, width, height }: Box): Rgb => {
  if (![x, y, width, height].every(Number.isInteger)) throw new Error('a part that is cut out has whole pixels');
  if (width === picture.width && height === picture.height) return picture;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * 3;
    data.set(picture.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
};

/** The pixels at these columns and rows. */
export const pick = (picture: Rgb, columns: Int32Array, rows: Int32Array): Rgb => {
  const data = new Uint8Array(columns.length * rows.length * 3);
  let out = 0;
  for (const y of rows) {
    for (const x of columns) {
      const at = (y * picture.width + x) * 3;
      data[out++] = picture.data[at];
      data[out++] = picture.data[at + 1];
      data[out++] = picture.data[at + 2];
    }
  }
  return { width: columns.length, height: rows.length, data };
};

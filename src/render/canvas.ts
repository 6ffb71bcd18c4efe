import { largestOf } from '../extremes.js';
import type { Rgb } from '../image/decode.js';

const WHITE = 255;

/** Copies a picture onto another, its corner at `left`, `top`. It must fit. */
export const lay = (onto: Rgb, { width, height, data }: Rgb, left: number, top: number): void => {
  for (let row = 0; row < height; row++) {
    onto.data.set(data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * onto.width + left) * 3);
  }
};

const blank = (width: number, height: number): Rgb => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(WHITE),
});

/** Pictures from left to right on white. @param gap pixels between two of them. */
export const sideBySide = (pictures: readonly Rgb[], gap: number): Rgb => {
  const width = pictures.reduce((sum, picture) => sum + picture.width + gap, -gap);
  const canvas = blank(width, largestOf(pictures.map(({ height }) => height)));
  let left = 0;
  for (const picture of pictures) {
    lay(canvas, picture, left, 0);
    left += picture.width + gap;
  }
  return canvas;
};

/** One picture on top of another, on white as wide as the wider one. */
export const above = (upper: Rgb, lower: Rgb): Rgb => {
  const canvas = blank(Math.max(upper.width, lower.width), upper.height + lower.height);
  lay(canvas, upper, 0, 0);
  lay(canvas, lower, 0, upper.height);
  return canvas;
};

import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Rgb } from '../../src/image/decode.js';

/** A picture's pixels as they are stored, 8-bit RGB. */
export const pixelsOf = async (source: string | Uint8Array): Promise<Rgb> => {
  const bytes = typeof source === 'string' ? readFileSync(source) : source;
  const { data, info } = await sharp(bytes, { ignoreIcc: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};

/** The largest difference of any two values, in levels of 255. */
export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};

export type Color = readonly [number, number, number];

/** A picture of one colour, with a square of another where wanted. */
export const paint = (
  width: number,
  height: number,
  ground: Color,
  square?: { readonly x: number; readonly y: number; readonly side: number; readonly color: Color },
): Rgb => {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside =
        square && x >= square.x && x < square.x + square.side && y >= square.y && y < square.y + square.side;
      data.set(inside ? square.color : ground, (y * width + x) * 3);
    }
  }
  return { width, height, data };
};

export const asPng = ({ width, height, data }: Rgb): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

/** Pearson's correlation of two lists of numbers. */
export const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], meanX: number, y: readonly number[], meanY: number) =>
    x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
};

/** Bytes without any order, the same each time. */
export const noisePhoto = (width: number, height: number): Rgb => {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = state >>> 24;
  }
  return { width, height, data };
};

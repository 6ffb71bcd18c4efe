import type { Rgb } from '../decode.js';
import type { PixelRange, Wanted } from './contract.js';

/** OpenCV's INTER_AREA where no edge grows: each pixel is the mean of what it covers. */

/** For each position of a range: its first source position, and the weights of those from there on. */
type Cover = readonly { readonly first: number; readonly weights: Float32Array }[];

const float = Math.fround;

// A cover that reaches less than this into a pixel leaves it out.
const LEAST = 1e-3;

const coverOf = (from: number, to: number, range: PixelRange): Cover => {
  const scale = 1 / (to / from);
  return Array.from({ length: range.length }, (_, i) => {
    const start = (range.start + i) * scale;
    const end = start + scale;
    const width = Math.min(scale, from - start);
    const lastWhole = Math.min(Math.floor(end), from - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    const weights = Array.from({ length: lastWhole - firstWhole }, () => float(1 / width));
    const reachesBefore = firstWhole - start > LEAST;
    if (reachesBefore) weights.unshift(float((firstWhole - start) / width));
    if (end - lastWhole > LEAST) weights.push(float(Math.min(Math.min(end - lastWhole, 1), width) / width));
    return { first: reachesBefore ? firstWhole - 1 : firstWhole, weights: Float32Array.from(weights) };
  });
};

/** A row's pixels mixed by the cover of each column, in float32. */
const acrossRow = ({ width, data }: Rgb, y: number, cover: Cover, row: Float32Array): void => {
  for (let x = 0; x < cover.length; x++) {
    const { first, weights } = cover[x];
    let at = (y * width + first) * 3;
    let [red, green, blue] = [0, 0, 0];
    for (let tap = 0; tap < weights.length; tap++, at += 3) {
      const weight = weights[tap];
      red = float(red + float(data[at] * weight));
      green = float(green + float(data[at + 1] * weight));
      blue = float(blue + float(data[at + 2] * weight));
    }
    row[x * 3] = red;
    row[x * 3 + 1] = green;
    row[x * 3 + 2] = blue;
  }
};

// Adding and subtracting it rounds a float32 to whole numbers, half to even.
const ROUNDER = 1.5 * 2 ** 23;

const weighted = (picture: Rgb, { to, columns, rows }: Wanted): Rgb => {
  const across = coverOf(picture.width, to.width, columns);
  const down = coverOf(picture.height, to.height, rows);
  const length = columns.length * 3;
  const data = new Uint8Array(rows.length * length);
  const row = new Float32Array(length);
  const sum = new Float32Array(length);
  let inRow = -1;
  for (let y = 0; y < rows.length; y++) {
    const { first, weights } = down[y];
    sum.fill(0);
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap];
      // Two neighbours share the row on the border between them.
      if (inRow !== first + tap) acrossRow(picture, first + tap, across, row);
      inRow = first + tap;
      for (let i = 0; i < length; i++) sum[i] = float(sum[i] + float(row[i] * weight));
    }
    for (let i = 0; i < length; i++) data[y * length + i] = Math.min(255, float(sum[i] + ROUNDER) - ROUNDER);
  }
  return { width: columns.length, height: rows.length, data };
};

/** Means of whole blocks of pixels. */
const blocks = (picture: Rgb, { columns, rows }: Wanted, width: number, height: number): Rgb => {
  const stride = picture.width * 3;
  const length = columns.length * 3;
  const data = new Uint8Array(rows.length * length);
  const share = float(1 / (width * height));
  // Four pixels are halved upwards, all others half to even.
  const mean = (sum: number) =>
    width === 2 && height === 2 ? (sum + 2) >> 2 : float(float(sum * share) + ROUNDER) - ROUNDER;
  for (let y = 0; y < rows.length; y++) {
    for (let x = 0; x < length; x++) {
      const column = Math.floor(x / 3);
      const first = (rows.start + y) * height * stride + (columns.start + column) * width * 3 + (x - column * 3);
      let sum = 0;
      for (let down = 0; down < height; down++) {
        const at = first + down * stride;
        for (let right = 0; right < width; right++) sum += picture.data[at + right * 3];
      }
      data[y * length + x] = mean(sum);
    }
  }
  return { width: columns.length, height: rows.length, data };
};

/** Whether an edge is made smaller by this factor exactly. */
const isWhole = (factor: number): boolean => Math.abs(factor - Math.round(factor)) < Number.EPSILON;

/** All of the picture resized; no edge of it may grow. */
export const area = (picture: Rgb, wanted: Wanted): Rgb => {
  const { to } = wanted;
  const [across, down] = [1 / (to.width / picture.width), 1 / (to.height / picture.height)];
  return isWhole(across) && isWhole(down)
    ? blocks(picture, wanted, Math.round(across), Math.round(down))
    : weighted(picture, wanted);
};

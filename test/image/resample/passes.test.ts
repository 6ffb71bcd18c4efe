import { describe, expect, it } from 'vitest';
import type { Rgb } from '../../../src/image/decode.js';
import { resample } from '../../../src/image/resample/index.js';
import { largestDifference, noisePhoto } from '../../helpers/pictures.js';

/**
 * What Pillow computes, written down as plainly as it goes: sums of bytes times whole numbers of 22 fraction bits, rounded
 * to bytes after each of two passes. The passes of the program go over a photo in strips of 4 MiB, which must not show.
 */

const cubic = (x: number): number => {
  const d = Math.abs(x);
  if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
};
const filters = {
  bilinear: { reach: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, weight: cubic },
};

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const tapsOf = (name: keyof typeof filters, from: number, to: number): Taps[] => {
  const { reach, weight } = filters[name];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach * stretch + 0.5));
    const end = Math.min(from, Math.floor(center + reach * stretch + 0.5));
    const weights = Array.from({ length: end - first }, (_, t) => weight((first + t + 0.5 - center) / stretch));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((w) => Math.sign(w) * Math.floor(Math.abs(w / sum) * 2 ** 22 + 0.5)) };
  });
};

const toByte = (sum: number): number => Math.min(255, Math.max(0, Math.floor((sum + 2 ** 21) / 2 ** 22)));

const alongRows = ({ width, height, data }: Rgb, taps: readonly Taps[]): Rgb => {
  const out = new Uint8Array(taps.length * height * 3);
  for (let y = 0; y < height; y++) {
    taps.forEach(({ first, weights }, x) => {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let t = 0; t < weights.length; t++) sum += weights[t] * data[(y * width + first + t) * 3 + c];
        out[(y * taps.length + x) * 3 + c] = toByte(sum);
      }
    });
  }
  return { width: taps.length, height, data: out };
};

const alongColumns = ({ width, data }: Rgb, taps: readonly Taps[]): Rgb => {
  const stride = width * 3;
  const out = new Uint8Array(taps.length * stride);
  taps.forEach(({ first, weights }, y) => {
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let t = 0; t < weights.length; t++) sum += weights[t] * data[(first + t) * stride + x];
      out[y * stride + x] = toByte(sum);
    }
  });
  return { width, height: taps.length, data: out };
};

const STRIP = 4 * 2 ** 20;

describe('a photo that is larger than what is worked on at a time', () => {
  it.each([
    { order: 'columns first', filter: 'bicubic', photo: [2400, 1300], to: [224, 120] },
    { order: 'columns first', filter: 'bilinear', photo: [1300, 2400], to: [1290, 2390] },
    { order: 'rows first', filter: 'bilinear', photo: [1500, 2600], to: [1400, 90] },
    { order: 'rows first', filter: 'bicubic', photo: [700, 5000], to: [60, 430] },
    { order: 'columns first, a row wider than a strip', filter: 'bicubic', photo: [1_400_000, 3], to: [40, 2] },
    { order: 'rows first, a row wider than a strip', filter: 'bicubic', photo: [1_400_000, 5], to: [1_400_000, 2] },
  ] as const)('is resampled as the whole is: $order, $photo to $to', ({ order, filter, photo, to }) => {
    const [width, height] = photo;
    const source = noisePhoto(width, height);
    expect(source.data.length).toBeGreaterThan(2 * STRIP);
    const narrowed = (picture: Rgb) => (width === to[0] ? picture : alongRows(picture, tapsOf(filter, width, to[0])));
    const flattened = (picture: Rgb) => alongColumns(picture, tapsOf(filter, height, to[1]));
    const expected = order.startsWith('rows') ? narrowed(flattened(source)) : flattened(narrowed(source));
    const { data, ...size } = resample(source, filter, { width: to[0], height: to[1] });
    expect(size).toEqual({ width: to[0], height: to[1] });
    expect(largestDifference(data, expected.data)).toBe(0);
  });
});

import type { Rgb } from '../decode.js';
import type { Resampler } from './contract.js';
import { opencvTaps, type Taps } from './opencv-taps.js';
import { inTwoPasses } from './two-passes.js';

/**
 * INTER_CUBIC. OpenCV leaves it to Intel's library (IPP) on x86, which computes it in float32. Its sums differ from
 * processor to processor in the last bits, and so do two in 100,000 of the rounded values, by one level.
 */

const float = Math.fround;

/** The sum of four products, in two pairs. In each, the second product is added before it is rounded. */
const sumOfFour = (a: number, u: number, b: number, v: number, c: number, w: number, d: number, x: number): number =>
  float(float(b * v + float(a * u)) + float(d * x + float(c * w)));

const acrossRow = ({ width, data }: Rgb, y: number, { positions, weights }: Taps, row: Float32Array): void => {
  const start = y * width;
  for (let x = 0, tap = 0; x < row.length; x += 3, tap += 4) {
    const [u, v, w, z] = [weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]];
    const a = (start + positions[tap]) * 3;
    const b = (start + positions[tap + 1]) * 3;
    const c = (start + positions[tap + 2]) * 3;
    const d = (start + positions[tap + 3]) * 3;
    for (let channel = 0; channel < 3; channel++) {
      row[x + channel] = sumOfFour(
        data[a + channel],
        u,
        data[b + channel],
        v,
        data[c + channel],
        w,
        data[d + channel],
        z,
      );
    }
  }
};

// Adding and subtracting it rounds a float32 to whole numbers, half to even.
const ROUNDER = 1.5 * 2 ** 23;

const mix = (
  [a, b, c, d]: readonly Float32Array[],
  [u, v, w, z]: Float32Array,
  target: Uint8Array,
  at: number,
): void => {
  for (let i = 0; i < a.length; i++) {
    const level = float(sumOfFour(a[i], u, b[i], v, c[i], w, d[i], z) + ROUNDER) - ROUNDER;
    target[at + i] = Math.min(255, Math.max(0, level));
  }
};

/** All of the picture resized. */
export const cubic: Resampler = (picture, { to, columns, rows }) => {
  const across = opencvTaps('cubic', picture.width, to.width, columns);
  const down = opencvTaps('cubic', picture.height, to.height, rows);
  return inTwoPasses({
    width: columns.length,
    height: rows.length,
    positions: down.positions,
    newRow: () => new Float32Array(columns.length * 3),
    across: (y, row) => acrossRow(picture, y, across, row),
    down: (mixed, y, target, at) => mix(mixed, down.weights.subarray(y * 4, y * 4 + 4), target, at),
  });
};

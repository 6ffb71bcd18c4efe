import { halfEven } from '../../rounding.js';
import type { Rgb } from '../decode.js';
import type { Wanted } from './contract.js';
import { opencvTaps, type Taps } from './opencv-taps.js';
import { inTwoPasses } from './two-passes.js';

/** OpenCV's resizes in fixed point: columns first, then rows. */

/** Sums of a row's pixels by the weights of each column. */
const acrossRow = (
  { width, data }: Rgb,
  y: number,
  { count, positions }: Taps,
  weights: Int32Array,
  row: Int32Array,
) => {
  const start = y * width;
  for (let x = 0, tap = 0; x < row.length; x += 3) {
    let [red, green, blue] = [0, 0, 0];
    for (const end = tap + count; tap < end; tap++) {
      const at = (start + positions[tap]) * 3;
      const weight = weights[tap];
      red += weight * data[at];
      green += weight * data[at + 1];
      blue += weight * data[at + 2];
    }
    row[x] = red;
    row[x + 1] = green;
    row[x + 2] = blue;
  }
};

const toByte = (value: number): number => Math.min(255, Math.max(0, value));

const [ONE, BITS] = [2048, 22];
const HALF = 1 << (BITS - 1);

/** Two rows: both products lose their lower bits before they are added. */
const mixTwo = ([a, b]: readonly Int32Array[], [first, second]: Int32Array, target: Uint8Array, at: number): void => {
  for (let i = 0; i < a.length; i++) {
    target[at + i] = (((first * (a[i] >> 4)) >> 16) + ((second * (b[i] >> 4)) >> 16) + 2) >> 2;
  }
};

const mixMany = (rows: readonly Int32Array[], weights: Int32Array, target: Uint8Array, at: number): void => {
  for (let i = 0; i < rows[0].length; i++) {
    let sum = HALF;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * rows[tap][i];
    target[at + i] = toByte(sum >> BITS);
  }
};

/** All of the picture resized in fixed point: weights and rows are whole numbers of 1/2048. */
export const inFixedPoint = (
  picture: Rgb,
  rule: 'linear' | 'area-enlarging' | 'lanczos4',
  { to, columns, rows }: Wanted,
): Rgb => {
  const across = opencvTaps(rule, picture.width, to.width, columns);
  const down = opencvTaps(rule, picture.height, to.height, rows);
  const whole = ({ weights }: Taps) => Int32Array.from(weights, (weight) => halfEven(weight * ONE));
  const [acrossWeights, downWeights] = [whole(across), whole(down)];
  const mix = down.count === 2 ? mixTwo : mixMany;
  return inTwoPasses({
    width: columns.length,
    height: rows.length,
    positions: down.positions,
    newRow: () => new Int32Array(columns.length * 3),
    across: (y, row) => acrossRow(picture, y, across, acrossWeights, row),
    down: (mixed, y, target, at) => mix(mixed, downWeights.subarray(y * down.count, (y + 1) * down.count), target, at),
  });
};

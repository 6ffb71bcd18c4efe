import { type Axis, type Plane, profileOf, valueAt } from './plane.js';

/** Neighbouring pixels of a row of the plane: from `start` to before `end`. */
export interface Run {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

/** For each pair of neighbouring columns, from the border's on: the first pixel that lies between them. [columns + 2]. */
const segmentsOf = ({ start, end, cells, scale, offset }: Axis): Int32Array =>
  Int32Array.from({ length: cells + 2 }, (_, i) =>
    i === cells + 1
      ? end
      : i === 0
        ? start
        : Math.min(end, Math.max(start, Math.ceil((i - 0.5 - offset) / scale - 0.5))),
  );

/**
 * The pixel from which on the values between two columns are on the other side of a threshold. They rise or fall evenly,
 * so it is computed; rounding is put right by looking at its neighbours.
 * @param isAbove whether a pixel's value is above the threshold; true for one end of the segment alone.
 */
const crossingIn = (from: number, to: number, guess: number, isAbove: (pixel: number) => boolean): number => {
  const first = isAbove(from);
  let at = Math.min(to, Math.max(from, guess));
  while (at > from && isAbove(at - 1) !== first) at--;
  while (at < to && isAbove(at) === first) at++;
  return at;
};

/** Runs of the pixels in the seen region whose values are above a threshold, row by row. @param threshold in logits. */
export const runsAbove = (plane: Plane, threshold: number): readonly Run[] => {
  const { across, down } = plane;
  const profile = new Float64Array(across.cells);
  const segments = segmentsOf(across);
  const runs: Run[] = [];
  for (let row = down.start; row < down.end; row++) {
    profileOf(plane, row, profile);
    const isAbove = (pixel: number) => valueAt(profile, across, pixel) > threshold;
    let open = -1;
    // Notes where the row's pixels change sides.
    const turn = (pixel: number, above: boolean) => {
      if (above && open < 0) open = pixel;
      if (!above && open >= 0) {
        if (pixel > open) runs.push({ row, start: open, end: pixel });
        open = -1;
      }
    };
    for (let i = 0; i <= across.cells; i++) {
      // No lists of two: so many of them would fill the memory.
      const from = segments[i];
      const to = segments[i + 1];
      if (from === to) continue;
      const left = profile[Math.max(0, i - 1)];
      const right = profile[Math.min(across.cells - 1, i)];
      if (left > threshold === right > threshold) turn(from, left > threshold);
      else {
        turn(from, isAbove(from));
        const past = (threshold - left) / (right - left);
        const guess = Math.ceil((i - 0.5 + past - across.offset) / across.scale - 0.5);
        const at = crossingIn(from, to, guess, isAbove);
        if (at < to) turn(at, !isAbove(from));
      }
    }
    turn(across.end, false);
  }
  return runs;
};

/**
 * What OpenCV alone does, for the profile `wsol`: clovaai/wsolevaluation draws its boxes by `cv2.findContours` and
 * `cv2.contourArea` at 1000 thresholds. Here all thresholds are gone through in one pass, with equal boxes.
 *
 * - A score becomes 8 bits by cutting off. A pixel is kept if above `int(t * largest)`, so at most 255 thresholds differ.
 * - Contours lie on pixels' centres, so what is one pixel wide has no area.
 * - Of two contours with the same area the one that begins lower is taken; in one row, the one farther right.
 * - Holes have contours too, on the kept pixels around them.
 * - A box ends one pixel too far on the right and below, but in the picture. No contour gives the box 0, 0, 0, 0.
 */
import type { LevelPicture } from './levels.js';
import type { Parts } from './parts.js';
import type { SweepRule } from './sweep.js';

/** Thresholds that differ after 8 bits. */
const LEVELS = 255;

/** A score map as levels. @param scores [height, width], [0, 1]. @param levels filled, as many. */
export const levelPicture = (
  scores: Float64Array,
  width: number,
  height: number,
  levels = new Int16Array(scores.length),
): LevelPicture => {
  for (let i = 0; i < scores.length; i++) levels[i] = ((scores[i] * LEVELS) | 0) - 1;
  return { width, height, thresholds: LEVELS, levels };
};

/** The level that stands for a threshold: `int(t * largest)`. @param largest of the map's 8-bit values. */
export const levelAt = (threshold: number, largest: number): number => Math.trunc(threshold * largest);

/** For each of wsolevaluation's 1000 thresholds, its level in a map that reaches 255. */
export const LEVELS_OF_THRESHOLDS: readonly number[] = Array.from({ length: 1000 }, (_, i) =>
  levelAt(i * 0.001, LEVELS),
);

/** Twice the area of a part's outer contour: its border is walked as Suzuki and Abe (1985) do, from its first pixel. */
const twiceContourArea = ({ parents, firsts, stride }: Parts, root: number): number => {
  // Counter-clockwise from the right.
  const steps = [1, 1 - stride, -stride, -stride - 1, -1, stride - 1, stride, stride + 1];
  const [across, down] = [
    [1, 1, 0, -1, -1, -1, 0, 1],
    [0, -1, -1, -1, 0, 1, 1, 1],
  ];
  const start = firsts[root];
  let turn = 4;
  while (turn > -4 && parents[start + steps[turn & 7]] < 0) turn--;
  if (turn === -4) return 0;
  const last = start + steps[turn & 7];
  let [at, back, x, y, twice] = [start, turn & 7, 0, 0, 0];
  for (;;) {
    let next = (back + 1) & 7;
    while (parents[at + steps[next]] < 0) next = (next + 1) & 7;
    const from = at;
    at += steps[next];
    const [toX, toY] = [x + across[next], y + down[next]];
    twice += x * toY - toX * y;
    [x, y] = [toX, toY];
    if (at === start && from === last) return Math.abs(twice);
    back = (next + 4) & 7;
  }
};

/** Chooses among the parts of one level the one with the greatest `cv2.contourArea`. */
const largestChooser = (most: number) => {
  const walkedAreas = new Int32Array(most);
  const walkedAt = new Int32Array(most);
  const areaOf = (parts: Parts, root: number): number => {
    const { twiceAreas, holes, grew } = parts;
    if (holes[root] === 0) return twiceAreas[root];
    if (walkedAt[root] !== grew[root]) {
      walkedAreas[root] = twiceContourArea(parts, root);
      walkedAt[root] = grew[root];
    }
    return walkedAreas[root];
  };
  return {
    /** Forgets the areas of the picture before. */
    begin: () => walkedAt.fill(-1),
    choose: (parts: Parts): number => {
      const { alive, count, left, right, top, bottom, twiceAreas, firsts } = parts;
      let least = 0;
      for (let i = 0; i < count.value; i++) least = Math.max(least, twiceAreas[alive[i]]);
      let [best, bestArea] = [-1, -1];
      for (let i = 0; i < count.value; i++) {
        const root = alive[i];
        if (2 * (right[root] - left[root]) * (bottom[root] - top[root]) < least) continue;
        const area = areaOf(parts, root);
        if (area > bestArea || (area === bestArea && firsts[root] > firsts[best])) [best, bestArea] = [root, area];
      }
      return best;
    },
  };
};

/** Boxes as wsolevaluation draws them, at all thresholds. @param most pixels of the largest picture, with its margin. */
export const openCvRule = (width: number, height: number): SweepRule => {
  const { begin, choose } = largestChooser((width + 2) * (height + 2));
  return {
    begin,
    choose,
    // x + w, y + h, cut to the last pixel; and that pixel counts.
    edgesOf: (left, top, right, bottom) => [left, top, Math.min(right + 2, width), Math.min(bottom + 2, height)],
    // The contour of a hole lies on the pixels around it.
    edgesOfHole: (left, top, right, bottom) => [
      left - 1,
      top - 1,
      Math.min(right + 3, width),
      Math.min(bottom + 3, height),
    ],
    // The box 0, 0, 0, 0, whose only pixel counts.
    empty: [0, 0, 1, 1],
  };
};

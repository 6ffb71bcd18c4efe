import type { PixelRange } from './contract.js';

/** What OpenCV's resizes read along one edge. Source of the arithmetic: OpenCV, `modules/imgproc/src/resize.cpp`. */

/** For each position of a range: `count` positions in the source, and as many weights. */
export interface Taps {
  readonly count: number;
  readonly positions: Int32Array;
  readonly weights: Float32Array;
}

/** Where a position lies in the source: the pixel before it, and the share of the way to the next. */
type Locate = (index: number) => readonly [before: number, share: number];

/** Weights of 2, 4 or 8 pixels, for a position at a share of the way between the two in the middle. */
type Weigh = (share: number) => readonly number[];

const float = Math.fround;

/** @param from, to lengths of the edge. Beyond an edge its last pixel is repeated. */
const tapsOf = (locate: Locate, weigh: Weigh, from: number, range: PixelRange): Taps => {
  const count = weigh(0).length;
  const positions = new Int32Array(range.length * count);
  const weights = new Float32Array(range.length * count);
  for (let i = 0; i < range.length; i++) {
    const [before, share] = locate(range.start + i);
    weigh(share).forEach((weight, tap) => {
      const position = before + tap - (count / 2 - 1);
      positions[i * count + tap] = Math.min(from - 1, Math.max(0, position));
      weights[i * count + tap] = weight;
    });
  }
  return { count, positions, weights };
};

/** Pixel centres on pixel centres, in float32. */
const centred = (from: number, to: number): Locate => {
  const scale = 1 / (to / from);
  return (index) => {
    const at = float((index + 0.5) * scale - 0.5);
    const before = Math.floor(at);
    return [before, float(at - before)];
  };
};

/** As INTER_AREA enlarges: a pixel is a mixture of two only where it lies across the border between them. */
const acrossBorders = (from: number, to: number): Locate => {
  const inverse = to / from;
  const scale = 1 / inverse;
  return (index) => {
    const before = Math.floor(index * scale);
    const share = float(index + 1 - (before + 1) * inverse);
    return [before, share <= 0 ? 0 : float(share - Math.floor(share))];
  };
};

const linear: Weigh = (share) => [float(1 - share), share];

const HALF_ROOT = Math.SQRT1_2;
// Sine and cosine of each pixel's angle from those of the first: they are an eighth of a turn apart.
const turns = [
  [1, 0],
  [-HALF_ROOT, -HALF_ROOT],
  [0, 1],
  [HALF_ROOT, -HALF_ROOT],
  [-1, 0],
  [HALF_ROOT, HALF_ROOT],
  [0, -1],
  [-HALF_ROOT, HALF_ROOT],
] as const;

const lanczos4: Weigh = (share) => {
  const angle = -float(share + 3) * Math.PI * 0.25;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const raw = turns.map(([ofSine, ofCosine], i) => {
    const distance = float(float(share + 3) - i);
    const y = -distance * Math.PI * 0.25;
    // On a pixel, that one alone counts.
    return Math.abs(distance) < 1e-6 ? float(1e30) : float((ofSine * sine + ofCosine * cosine) / (y * y));
  });
  const scale = float(1 / raw.reduce((sum, weight) => float(sum + weight), 0));
  return raw.map((weight) => float(weight * scale));
};

const A = -0.75;
/** A cubic convolution, with a sharpness of its own. */
const cubic: Weigh = (share) => {
  const outer = (d: number) => ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  const inner = (d: number) => ((A + 2) * d - (A + 3)) * d * d + 1;
  return [outer(share + 1), inner(share), inner(1 - share), outer(2 - share)];
};

/** The place in float64: cubic is Intel's, not OpenCV's own. */
const precise = (from: number, to: number): Locate => {
  const scale = from / to;
  return (index) => {
    const at = (index + 0.5) * scale - 0.5;
    return [Math.floor(at), at - Math.floor(at)];
  };
};

const rules = {
  linear: { locate: centred, weigh: linear },
  'area-enlarging': { locate: acrossBorders, weigh: linear },
  lanczos4: { locate: centred, weigh: lanczos4 },
  cubic: { locate: precise, weigh: cubic },
} as const;

/** @param from length of the edge. @param to what all of it is resized to. @param range the part of that which is wanted. */
export const opencvTaps = (rule: keyof typeof rules, from: number, to: number, range: PixelRange): Taps => {
  const { locate, weigh } = rules[rule];
  return tapsOf(locate(from, to), weigh, from, range);
};

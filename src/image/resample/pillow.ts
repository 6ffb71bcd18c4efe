import { keysCubic, triangle } from '../../maps/kernels.js';
import type { Family, PixelRange, Resampler, Wanted } from './contract.js';
import { type ResampleKernel, resampleBoth } from './passes.js';
import { pick } from './whole-pixels.js';

/**
 * Resampling as Pillow 13 computes it (`Image.resize`), bit for bit: two passes, each with 8-bit results and fixed-point
 * coefficients; the filter widens when it reduces. Networks of torchvision, timm and Hugging Face were
 * trained on exactly these bytes. Source of the arithmetic: Pillow, `src/libImaging/Resample.c`.
 */

interface Filter {
  /** Half the width of the filter at scale 1, in source pixels. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

// Pillow's two constants are C floats, so their sum is not exactly 1. At the centre it returns exactly 1.
const [HAMMING_BASE, HAMMING_SWING] = [Math.fround(0.54), Math.fround(0.46)];
const hamming = (x: number): number => {
  if (x === 0) return 1;
  return Math.abs(x) < 1 ? sinc(x) * (HAMMING_BASE + HAMMING_SWING * Math.cos(Math.PI * x)) : 0;
};

const filters = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: triangle },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: keysCubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Filter>;

/** Start and length of a part of an edge, in source pixels. */
type Span = readonly [start: number, length: number];

// Of 32 bits, 8 hold the result and 2 are headroom for filters that overshoot. 22 are left for the fraction.
const PRECISION_BITS = 32 - 8 - 2;

/** @param from length of the source edge. @param span the part of it that is resized, in real numbers. */
const kernelOf = (
  filter: Filter,
  from: number,
  [near, length]: Span,
  to: number,
  range: PixelRange,
): ResampleKernel => {
  const scale = length / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(range.length);
  const count = new Int32Array(range.length);
  const coefficients = new Int32Array(range.length * taps);
  const weights = new Float64Array(taps);
  for (let i = 0; i < range.length; i++) {
    const center = near + (range.start + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let x = start; x < end; x++) {
      const weight = filter.weight((x - center + 0.5) * (1 / stretch));
      weights[x - start] = weight;
      sum += weight;
    }
    for (let t = 0; t < end - start; t++) {
      const weight = (sum === 0 ? weights[t] : weights[t] / sum) * (1 << PRECISION_BITS);
      coefficients[i * taps + t] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = start;
    count[i] = end - start;
  }
  return { taps, first, count, coefficients };
};

/** Source positions of a range. The sum accumulates as in Pillow's affine path, so that rounding is the same. */
const nearestOf = (from: number, [near, length]: Span, to: number, range: PixelRange): Int32Array => {
  const scale = length / to;
  const positions = new Int32Array(range.length);
  let position = near + scale * 0.5;
  for (let i = 0; i < range.start + range.length; i++) {
    if (i >= range.start) positions[i - range.start] = Math.min(from - 1, Math.trunc(position));
    position += scale;
  }
  return positions;
};

/** Start and length of the part's edges. Pillow keeps the edges as float32. */
const spansOf = ({ part }: Wanted): { readonly across: Span; readonly down: Span } => {
  const [left, top] = [Math.fround(part.x), Math.fround(part.y)];
  return {
    across: [left, Math.fround(Math.fround(part.x + part.width) - left)],
    down: [top, Math.fround(Math.fround(part.y + part.height) - top)],
  };
};

const nearest: Resampler = (photo, wanted) => {
  const { across, down } = spansOf(wanted);
  const { to, columns, rows } = wanted;
  return pick(photo, nearestOf(photo.width, across, to.width, columns), nearestOf(photo.height, down, to.height, rows));
};

const filtered =
  (filter: Filter): Resampler =>
  (photo, wanted) => {
    const { across, down } = spansOf(wanted);
    const { to, columns, rows } = wanted;
    // Pillow skips a pass that changes no size. Here it has one tap of exactly 1, which gives the same bytes.
    const vertical = kernelOf(filter, photo.height, down, to.height, rows);
    const horizontal = kernelOf(filter, photo.width, across, to.width, columns);
    // Each pass rounds to 8 bits, so their order matters. Pillow 13 takes the rows first where they shrink much more.
    const fewer = photo.height - to.height;
    const first = fewer > 0 && fewer > 2 * (photo.width - to.width) ? 'rows' : 'columns';
    return resampleBoth(photo, horizontal, vertical, first);
  };

export const pillow = {
  takesAnyPart: true,
  // convert('L'): ITU-R 601-2 in 16-bit fixed point.
  brightness: (red, green, blue) => (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16,
  rules: {
    nearest,
    box: filtered(filters.box),
    bilinear: filtered(filters.bilinear),
    hamming: filtered(filters.hamming),
    bicubic: filtered(filters.bicubic),
    lanczos: filtered(filters.lanczos),
  },
} satisfies Family<string>;

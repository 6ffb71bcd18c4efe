import type { Rgb } from '../decode.js';
import type { Family, PixelRange, Resampler, Wanted } from './contract.js';
import { area } from './opencv-area.js';
import { cubic } from './opencv-cubic.js';
import { inFixedPoint } from './opencv-fixed-point.js';
import { pick } from './whole-pixels.js';

/**
 * `cv2.resize` of 8-bit pictures, bit for bit, cubic all but: no antialiasing but for the area. Source of the
 * arithmetic: OpenCV, `modules/imgproc/src/resize.cpp`.
 */

const nearestOf = (from: number, to: number, range: PixelRange): Int32Array => {
  const scale = 1 / (to / from);
  return Int32Array.from({ length: range.length }, (_, i) => Math.min(from - 1, Math.floor((range.start + i) * scale)));
};

const nearest: Resampler = (picture, { to, columns, rows }) =>
  pick(picture, nearestOf(picture.width, to.width, columns), nearestOf(picture.height, to.height, rows));

const shrinks = ({ width, height }: Rgb, { to }: Wanted): boolean => width >= to.width && height >= to.height;

const isHalved = ({ width, height }: Rgb, { to }: Wanted): boolean =>
  width === 2 * to.width && height === 2 * to.height;

/** A picture of the result's size is copied, whatever the rule. */
const orCopied =
  (resize: Resampler): Resampler =>
  (picture, wanted) => {
    const { to, columns, rows } = wanted;
    if (picture.width !== to.width || picture.height !== to.height) return resize(picture, wanted);
    const positions = ({ start, length }: PixelRange) => Int32Array.from({ length }, (_, i) => start + i);
    return pick(picture, positions(columns), positions(rows));
  };

export const opencv = {
  takesAnyPart: false,
  // COLOR_RGB2GRAY: 15-bit fixed point.
  brightness: (red, green, blue) => (9798 * red + 19235 * green + 3735 * blue + 0x4000) >> 15,
  rules: {
    // Where both edges are halved, OpenCV takes the area instead.
    'opencv-linear': orCopied((picture, wanted) =>
      isHalved(picture, wanted) ? area(picture, wanted) : inFixedPoint(picture, 'linear', wanted),
    ),
    'opencv-cubic': orCopied(cubic),
    // Where an edge grows, it is linear with other shares.
    'opencv-area': orCopied((picture, wanted) =>
      shrinks(picture, wanted) ? area(picture, wanted) : inFixedPoint(picture, 'area-enlarging', wanted),
    ),
    'opencv-nearest': orCopied(nearest),
    'opencv-lanczos4': orCopied((picture, wanted) => inFixedPoint(picture, 'lanczos4', wanted)),
  },
} satisfies Family<string>;

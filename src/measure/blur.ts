import type { Feed } from '../image/feed.js';
import { fitType, pixelsOf } from './pixels.js';

/** Edge of the blur's kernel in pixels, and its standard deviation. */
const [EDGE, SIGMA] = [11, 5];
const MIDDLE = (EDGE - 1) / 2;
// Where SciPy's gaussian_filter ends its weights: after four standard deviations.
const REACH = 4 * SIGMA;

/** `index`, mirrored at both ends of `EDGE` pixels until it lies between them; the outermost pixel is met twice. */
const mirrored = (index: number): number => {
  const period = 2 * EDGE;
  const at = ((index % period) + period) % period;
  return at < EDGE ? at : period - 1 - at;
};

/**
 * One axis of the kernel that RISE's evaluation blurs with, whose two axes are alike: SciPy's `gaussian_filter` of a single
 * bright pixel in the middle of 11. SciPy mirrors what leaves them, so nothing is lost, and the weights' sum is 1.
 */
export const blurKernel = (): Float64Array => {
  const weights = Array.from({ length: 2 * REACH + 1 }, (_, i) => Math.exp(-((i - REACH) ** 2) / (2 * SIGMA ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const kernel = new Float64Array(EDGE);
  weights.forEach((weight, i) => {
    kernel[mirrored(MIDDLE + i - REACH)] += weight / sum;
  });
  return kernel;
};

/** Blurs along one axis, with zeros beyond its ends. @param step from a pixel to the next, of `length` along the axis. */
const blurLine = (
  from: Float64Array,
  into: Float64Array,
  kernel: Float64Array,
  [first, step, length]: readonly [number, number, number],
): void => {
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = Math.max(0, MIDDLE - i); k < Math.min(EDGE, length + MIDDLE - i); k++) {
      sum += kernel[k] * from[first + (i + k - MIDDLE) * step];
    }
    into[first + i * step] = sum;
  }
};

/**
 * The input as RISE blurs it: each channel by 11 x 11 pixels, standard deviation 5, with zeros around it. So the border fades to
 * what is 0 for the network.
 */
export const blurred = (feed: Feed, into: Float32Array): void => {
  const { width, height, channels, channelStep, pixelStep } = pixelsOf(feed);
  const kernel = blurKernel();
  const plane = new Float64Array(width * height);
  const across = new Float64Array(width * height);
  for (let channel = 0; channel < channels; channel++) {
    const at = (pixel: number) => channel * channelStep + pixel * pixelStep;
    for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = feed.data[at(pixel)];
    for (let row = 0; row < height; row++) blurLine(plane, across, kernel, [row * width, 1, width]);
    for (let column = 0; column < width; column++) blurLine(across, plane, kernel, [column, width, height]);
    for (let pixel = 0; pixel < plane.length; pixel++) into[at(pixel)] = plane[pixel];
  }
  fitType(feed, into);
};

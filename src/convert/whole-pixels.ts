import type { Box, Size } from '../maps/box.js';

/** The first and the last pixel of a box along both axes, counted from 0. */
export interface WholePixels {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The pixels between two edges: each edge goes to the nearest border of a pixel. At least one. */
const between = (start: number, end: number, length: number): readonly [first: number, last: number] => {
  const first = Math.min(length - 1, Math.max(0, Math.round(start)));
  return [first, Math.max(first, Math.min(length, Math.round(end)) - 1)];
};

/**
 * The whole pixels of a box whose edges are real numbers. No edge moves by more than half a pixel, and a box does not grow on
 * average, as it would if each pixel that it touches were taken. Up to 1024 pixels the edges are whole already.
 */
export const wholePixels = ({ x, y, width, height }: Box, size: Size): WholePixels => {
  const [left, right] = between(x, x + width, size.width);
  const [top, bottom] = between(y, y + height, size.height);
  return { left, top, right, bottom };
};

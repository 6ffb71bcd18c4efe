import type { Size } from '../maps/box.js';

/**
 * Polygons as pixels, by the rule of COCO's own tools: the corners are rounded to fifths of a pixel, each edge is walked from
 * fifth to fifth along its longer side, and where it steps over the middle of a column of pixels, the column turns from outside
 * to inside or back. Source of the rule: cocoapi, `common/maskApi.c`, rleFrPoly. Here the steps over middles are computed
 * instead of walked to, so that a corner that lies far away costs no time.
 */

// Steps to a pixel.
const FINE = 5;

/** To the nearest fifth, as C rounds by cutting off what is behind the point. */
const fine = (value: number): number => Math.trunc(FINE * value + 0.5);

/** An edge between two corners, in fifths, walked in the direction in which its longer side grows. */
interface Edge {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

const edgeOf = (x: number, y: number, nextX: number, nextY: number): Edge => {
  const [across, down] = [Math.abs(nextX - x), Math.abs(nextY - y)];
  const backward = (across >= down && x > nextX) || (across < down && y > nextY);
  return backward ? { x: nextX, y: nextY, right: x, bottom: y } : { x, y, right: nextX, bottom: nextY };
};

/** The lower of the two fifths in y between which a flat edge steps over the fifth `middle` in x. */
const crossingOfFlat = ({ x, y, right, bottom }: Edge, middle: number): number => {
  const slope = (bottom - y) / (right - x);
  const at = (step: number) => Math.trunc(y + slope * step + 0.5);
  return Math.min(at(middle - x), at(middle - x + 1));
};

/** The fifth in y at which a steep edge steps over the fifth `middle` in x. */
const crossingOfSteep = ({ x, y, right, bottom }: Edge, middle: number): number => {
  const slope = (right - x) / (bottom - y);
  const isBefore = (step: number) => Math.trunc(x + slope * step + 0.5) <= middle === slope > 0;
  let [low, high] = [0, bottom - y];
  // The first step that is beyond.
  while (low < high) {
    const half = Math.floor((low + high) / 2);
    if (isBefore(half)) low = half + 1;
    else high = half;
  }
  return y + low - 1;
};

/** The pixel of a column above which it turns. */
const rowOf = (fifth: number, height: number): number =>
  Math.ceil(Math.min(Math.max((fifth + 0.5) / FINE - 0.5, 0), height));

/** Columns whose middles lie between two fifths: from the first to before the second. */
const columnsBetween = (low: number, high: number, width: number): readonly [number, number] => [
  Math.max(0, Math.ceil((low - 2) / FINE)),
  Math.min(width, Math.ceil((high - 2) / FINE)),
];

/** Turns columns where an edge steps over their middles. @param turns odd where a pixel, down the columns from `from`, turns. */
const cross = (edge: Edge, { width, height }: Size, from: number, turns: Uint8Array): void => {
  const { x, y, right, bottom } = edge;
  const [first, end] = columnsBetween(Math.min(x, right), Math.max(x, right), width);
  const crossing = right - x >= bottom - y ? crossingOfFlat : crossingOfSteep;
  for (let column = first; column < end; column++) {
    turns[(column - from) * height + rowOf(crossing(edge, column * FINE + 2), height)] ^= 1;
  }
};

/**
 * Adds a polygon to a mask.
 * @param corners x and y in turn, in pixels from the photo's upper left corner.
 * @param mask [height, width], in which the pixels inside become 1.
 */
export const fillPolygon = (corners: readonly number[], size: Size, mask: Uint8Array): void => {
  const { width, height } = size;
  const fifths = corners.map(fine);
  let [low, high] = [fifths[0], fifths[0]];
  for (let i = 0; i < fifths.length; i += 2) {
    low = Math.min(low, fifths[i]);
    high = Math.max(high, fifths[i]);
  }
  // Each column turns an even number of times, so that the next begins outside.
  const [from, end] = columnsBetween(low, high, width);
  if (end <= from) return;
  const turns = new Uint8Array((end - from) * height + 1);
  for (let i = 0; i < fifths.length; i += 2) {
    const next = (i + 2) % fifths.length;
    cross(edgeOf(fifths[i], fifths[i + 1], fifths[next], fifths[next + 1]), size, from, turns);
  }
  let inside = 0;
  for (let x = from, at = 0; x < end; x++) {
    for (let y = 0; y < height; y++, at++) {
      inside ^= turns[at];
      mask[y * width + x] |= inside;
    }
  }
};

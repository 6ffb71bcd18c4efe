import type { Box } from '../maps/box.js';

/** Boxes one after the other, four numbers each: left, top, right and bottom edge. A box of one pixel is 1 wide. */
export type Edges = Float64Array;

/**
 * The best overlap of a box with any of several: the shared area over that of both together, [0, 1]. Of boxes in whole
 * pixels it is the overlap of WSOL and ILSVRC, which count pixels from the first to the last.
 */
export const bestOverlap = (left: number, top: number, right: number, bottom: number, others: Edges): number => {
  let best = 0;
  const area = (right - left) * (bottom - top);
  for (let i = 0; i < others.length; i += 4) {
    const width = Math.min(right, others[i + 2]) - Math.max(left, others[i]);
    const height = Math.min(bottom, others[i + 3]) - Math.max(top, others[i + 1]);
    if (width <= 0 || height <= 0) continue;
    const shared = width * height;
    const own = (others[i + 2] - others[i]) * (others[i + 3] - others[i + 1]);
    const overlap = shared / (area + own - shared);
    if (overlap > best) best = overlap;
  }
  return best;
};

/** Boxes of whole pixels, from the first to the last, as edges. */
export const edgesOfPixels = (boxes: readonly (readonly [number, number, number, number])[]): Edges =>
  Float64Array.from(boxes.flatMap(([left, top, right, bottom]) => [left, top, right + 1, bottom + 1]));

/** Best overlap of each box with any of several. A box without an area has none. */
export const overlapsOf = (boxes: Edges, others: Edges): Float64Array =>
  Float64Array.from({ length: boxes.length / 4 }, (_, i) =>
    bestOverlap(boxes[i * 4], boxes[i * 4 + 1], boxes[i * 4 + 2], boxes[i * 4 + 3], others),
  );

/** Edges of boxes. */
export const edgesOf = (boxes: readonly Box[]): Edges =>
  Float64Array.from(boxes.flatMap(({ x, y, width, height }) => [x, y, x + width, y + height]));

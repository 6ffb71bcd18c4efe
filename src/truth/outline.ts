import type { Size } from '../maps/box.js';
import { boundsOf } from './mask-bounds.js';

/** A mask's border, to be drawn: closed lines, x and y of their corners in turn, in whole pixels of the photo. */
export type Outline = readonly (readonly number[])[];

/** Cells along the longer side of a mask's box: its border is looked at as finely as that. */
const CELLS = 128;
/** Most corners of an outline. Of more, the longest lines are kept. */
const MOST_CORNERS = 500;
/** A corner that lies nearer to the line past it is left out, in cells: the steps of a slope are not as far. */
const STEP = 1;
/** Lines of so few corners are kept as they are. */
const FEW = 8;

/** Cells of a mask, with an empty one around. */
interface Grid {
  readonly cells: Uint8Array;
  readonly columns: number;
  readonly rows: number;
  /** Photo pixels of a corner between cells, counted from 1. */
  readonly xOf: (column: number) => number;
  readonly yOf: (row: number) => number;
}

/** The mask as a grid over its own box. Undefined: it is empty. */
const gridOf = (mask: Uint8Array, size: Size): Grid | undefined => {
  const bounds = boundsOf(mask, size);
  if (bounds === undefined) return undefined;
  const { x: left, y: top, width: wide, height: tall } = bounds;
  const scale = Math.max(1, Math.max(wide, tall) / CELLS);
  const [across, down] = [wide, tall].map((side) => Math.max(1, Math.round(side / scale)));
  const [columns, rows] = [across + 2, down + 2];
  const cells = new Uint8Array(columns * rows);
  const places = Uint32Array.from({ length: across }, (_, x) => Math.floor(((x + 0.5) * wide) / across));
  for (let y = 0; y < down; y++) {
    const from = (top + Math.floor(((y + 0.5) * tall) / down)) * size.width + left;
    const to = (y + 1) * columns + 1;
    for (let x = 0; x < across; x++) cells[to + x] = mask[from + places[x]];
  }
  const xOf = (column: number) => Math.round(left + ((column - 1) * wide) / across);
  const yOf = (row: number) => Math.round(top + ((row - 1) * tall) / down);
  return { cells, columns, rows, xOf, yOf };
};

// Right, down, left, up: what is inside lies to the right of each step.
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
/** From a corner, the cell to the right of the next step in each of these directions. To its left lies that of the one before. */
const BESIDE = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;

/** Follows a border from the upper left corner of a cell, to the right. Corners alone, in cells. @param walked upper borders that are done. */
const follow = ({ cells, columns }: Grid, start: number, walked: Uint8Array): number[] => {
  const corners: number[] = [];
  let [x, y, direction] = [start % columns, Math.floor(start / columns), 0];
  do {
    if (direction === 0) walked[y * columns + x] = 1;
    const [across, down] = STEPS[direction];
    [x, y] = [x + across, y + down];
    const isInside = ([toX, toY]: readonly number[]) => cells[(y + toY) * columns + x + toX] !== 0;
    const [toRight, toLeft] = [BESIDE[direction], BESIDE[(direction + 3) % 4]];
    const turn = !isInside(toRight) ? 1 : isInside(toLeft) ? 3 : 0;
    if (turn !== 0) corners.push(x, y);
    direction = (direction + turn) % 4;
  } while (y * columns + x !== start || direction !== 0);
  return corners;
};

/** The corner between two others that lies farthest from the line between these, where it is farther than a step. */
const farthestIn = (line: readonly number[], from: number, to: number): number | undefined => {
  const [x, y] = [line[from * 2], line[from * 2 + 1]];
  const [across, down] = [line[to * 2] - x, line[to * 2 + 1] - y];
  const length = Math.sqrt(across * across + down * down);
  let [farthest, most]: [number | undefined, number] = [undefined, length === 0 ? STEP * STEP : STEP * length];
  for (let at = from + 1; at < to; at++) {
    const [dx, dy] = [line[at * 2] - x, line[at * 2 + 1] - y];
    // Times the length; where both ends are one place, the square of the distance from it.
    const far = length === 0 ? dx * dx + dy * dy : Math.abs(across * dy - down * dx);
    if (far > most) [farthest, most] = [at, far];
  }
  return farthest;
};

/** The corners that a line needs, by Douglas and Peucker's rule. */
const simplified = (ring: readonly number[]): readonly number[] => {
  const count = ring.length / 2;
  if (count <= FEW) return ring;
  // The first corner comes again at the end.
  const line = [...ring, ring[0], ring[1]];
  const kept = new Uint8Array(count + 1);
  kept[0] = 1;
  const spans: (readonly [number, number])[] = [[0, count]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const farthest = farthestIn(line, from, to);
    if (farthest === undefined) continue;
    kept[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  return ring.filter((_, i) => kept[i >> 1] === 1);
};

/**
 * The border of a mask, as fine as it can be seen in a picture of a page, of few numbers.
 * @param mask [height, width], 1 inside and 0 outside.
 */
export const outlineOf = (mask: Uint8Array, size: Size): Outline => {
  const grid = gridOf(mask, size);
  if (grid === undefined) return [];
  const { cells, columns } = grid;
  const walked = new Uint8Array(cells.length);
  const rings: (readonly number[])[] = [];
  for (let at = columns; at < cells.length; at++) {
    if (cells[at] === 0 || cells[at - columns] !== 0 || walked[at] === 1) continue;
    rings.push(simplified(follow(grid, at, walked)));
  }
  let left = MOST_CORNERS * 2;
  const shown = rings
    .sort((a, b) => b.length - a.length)
    .filter(({ length }) => {
      left -= length;
      return left >= 0;
    });
  return shown.map((ring) => ring.map((value, i) => (i % 2 === 0 ? grid.xOf(value) : grid.yOf(value))));
};

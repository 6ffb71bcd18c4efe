import type { Box, Size } from '../maps/box.js';
import { compressed } from '../truth/run-lengths.js';

/** Numbers that stand in a list an odd number of times. @param sorted from the smallest on. */
const oddOnes = (sorted: Iterable<number>): number[] => {
  const odd: number[] = [];
  for (const value of sorted) {
    if (odd[odd.length - 1] === value) odd.pop();
    else odd.push(value);
  }
  return odd;
};

/** Puts a number into its place in a sorted list, or takes it out where it is there: a list of odd ones stays one. */
const toggle = (sorted: number[], value: number): void => {
  let at = sorted.length;
  while (at > 0 && sorted[at - 1] > value) at--;
  if (sorted[at - 1] === value) sorted.splice(at - 1, 1);
  else if (at === sorted.length) sorted.push(value);
  else sorted.splice(at, 0, value);
};

/**
 * For each row of pixels, the columns that turn from outside to inside or back above it: from the first to before the second
 * number, and so on. An edge between two rectangles is none: one ends there, and the other begins.
 */
const outlineOf = (rectangles: readonly Box[], height: number): readonly (readonly number[])[] => {
  const rows: number[][] = Array.from({ length: height + 1 }, () => []);
  for (const { x, y, width, height: high } of rectangles) {
    for (const row of [rows[y], rows[y + high]]) {
      toggle(row, x);
      toggle(row, x + width);
    }
  }
  return rows;
};

/** Numbers of pixels, counted down the columns, before which a run of 0 or 1 ends. */
const turnsOf = (rectangles: readonly Box[], { width, height }: Size): number[] => {
  const outline = outlineOf(rectangles, height);
  const eachTurn = (visit: (x: number, row: number) => void) =>
    outline.forEach((ends, row) => {
      for (let i = 0; i < ends.length; i += 2) for (let x = ends[i]; x < ends[i + 1]; x++) visit(x, row);
    });
  // Sorted by counting: where each column's turns begin among all of them.
  const next = new Int32Array(width + 1);
  eachTurn((x) => next[x + 1]++);
  for (let x = 0; x < width; x++) next[x + 1] += next[x];
  const turns = new Float64Array(next[width]);
  eachTurn((x, row) => {
    turns[next[x]++] = x * height + row;
  });
  // A run that goes on from the foot of a column to the head of the next does not turn there.
  return oddOnes(turns);
};

/**
 * A mask as COCO's compressed run lengths.
 * @param rectangles of whole pixels that lie inside, none over another.
 */
export const runLengths = (rectangles: readonly Box[], size: Size): string => {
  const end = size.width * size.height;
  const turns = turnsOf(rectangles, size).filter((turn) => turn < end);
  turns.push(end);
  return compressed(turns);
};

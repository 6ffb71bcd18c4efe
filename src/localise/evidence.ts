import type { Axis, Plane } from './plane.js';
import type { Run } from './runs.js';

/** What a part of the plane holds of a map, in logits: of its mean, and of the mean of its positive values. */
export interface Held {
  readonly evidence: number;
  readonly positive: number;
}

/** For each row of cells, the sum of its first values: [rows, columns + 1]. */
const sumsOf = ({ map: { data, rows, columns } }: Plane, count: (value: number) => number): Float64Array => {
  const sums = new Float64Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * (columns + 1) + column;
      sums[at + 1] = sums[at] + count(data[row * columns + column]);
    }
  }
  return sums;
};

const inCells = ({ cells, scale, offset }: Axis, edge: number): number =>
  Math.min(cells, Math.max(0, edge * scale + offset));

/** The sum of a row of cells from its left end to a place in it, its last cell in part. @param at the row's first sum. */
const sumTo = (sums: Float64Array, at: number, place: number): number => {
  const cell = Math.floor(place);
  const past = place - cell;
  return past === 0 ? sums[at + cell] : sums[at + cell] * (1 - past) + sums[at + cell + 1] * past;
};

/**
 * What parts of the plane hold of a map. Each cell counts with the share of it that lies in the part, since it is the cell
 * as a whole that adds to the logit: so the parts of the whole field add up to the map's mean exactly, however the map is
 * enlarged to be looked at.
 */
export const evidenceIn = (plane: Plane): ((runs: readonly Run[]) => Held) => {
  const { rows, columns } = plane.map;
  const { across, down } = plane;
  const [all, positives] = [sumsOf(plane, (value) => value), sumsOf(plane, (value) => Math.max(0, value))];
  return (runs) => {
    let [evidence, positive] = [0, 0];
    for (const { row, start, end } of runs) {
      const [left, right] = [inCells(across, start), inCells(across, end)];
      const [top, bottom] = [inCells(down, row), inCells(down, row + 1)];
      for (let cell = Math.floor(top); cell < bottom; cell++) {
        const height = Math.min(bottom, cell + 1) - Math.max(top, cell);
        const at = cell * (columns + 1);
        evidence += height * (sumTo(all, at, right) - sumTo(all, at, left));
        positive += height * (sumTo(positives, at, right) - sumTo(positives, at, left));
      }
    }
    return { evidence: evidence / (rows * columns), positive: positive / (rows * columns) };
  };
};

/** Mean of a map's positive values, in logits. */
export const positiveMean = ({ map: { data } }: Plane): number =>
  data.reduce((sum, value) => sum + Math.max(0, value), 0) / data.length;

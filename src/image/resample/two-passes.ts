import type { Rgb } from '../decode.js';

/** A resize in two passes: columns in each row of the picture that is read, then rows. */
interface Passes<Row> {
  /** Size of the result. */
  readonly width: number;
  readonly height: number;
  /** For each row of the result, the rows of the picture that it is mixed of; as many for each. */
  readonly positions: Int32Array;
  /** A row of `width` * 3 values. */
  readonly newRow: () => Row;
  /** Resamples a row of the picture to the columns of the result. */
  readonly across: (y: number, row: Row) => void;
  /** Mixes such rows into 8-bit values, from `at` on. @param y the row of the result. */
  readonly down: (rows: readonly Row[], y: number, target: Uint8Array, at: number) => void;
}

/** Rows are resampled once: the next row of the result mostly reads them again. */
export const inTwoPasses = <Row>({ width, height, positions, newRow, across, down }: Passes<Row>): Rgb => {
  const count = positions.length / height;
  const data = new Uint8Array(width * height * 3);
  let known = new Map<number, Row>();
  for (let y = 0; y < height; y++) {
    const next = new Map<number, Row>();
    const rows = Array.from(positions.subarray(y * count, (y + 1) * count), (position) => {
      const before = next.get(position) ?? known.get(position);
      const row = before ?? newRow();
      if (before === undefined) across(position, row);
      next.set(position, row);
      return row;
    });
    known = next;
    down(rows, y, data, y * width * 3);
  }
  return { width, height, data };
};

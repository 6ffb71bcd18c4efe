import { ModelError } from '../../errors.js';
import { channelOffset, type Grid } from '../../maps/feature-map.js';
import type { Pooling } from '../head/pools/pool.js';
import type { Writer } from '../onnx/writer.js';

/** A linear map of numbers, [size, from.size], row by row. */
export type Matrix = readonly Float64Array[];

const isIdentity = (matrix: Matrix): boolean =>
  matrix.length === matrix[0].length && matrix.every((row, i) => row.every((value, j) => value === Number(i === j)));

/** [N, rows, columns, from] times the transposed matrix. */
export const multiplyBy = (writer: Writer, cells: string, matrix: Matrix): string => {
  if (isIdentity(matrix)) return cells;
  const [to, from] = [matrix.length, matrix[0].length];
  const data = new Float32Array(from * to);
  matrix.forEach((row, i) =>
    row.forEach((value, j) => {
      data[j * to + i] = value;
    }),
  );
  return writer.node('MatMul', [cells, writer.floats([from, to], data)]);
};

// A larger matrix fills the two gigabytes that an ONNX file may have.
const MOST_NUMBERS = 2 ** 28;

/** As `multiplyBy`, where each cell has columns of the matrix of its own. */
const multiplyOwn = (writer: Writer, cells: string, matrix: Matrix, grid: Grid): string => {
  const { rows, columns, channels, rowStride, columnStride } = grid;
  const [to, count] = [matrix.length, rows * columns];
  if (to * channels * count > MOST_NUMBERS) {
    throw new ModelError(
      'not-exportable',
      `The class maps cannot be written: each of ${count} cells has weights of its own for ${channels} channels and ${to} numbers.`,
    );
  }
  const data = new Float32Array(count * channels * to);
  let at = 0;
  for (let cell = 0; cell < count; cell++) {
    const position = Math.floor(cell / columns) * rowStride + (cell % columns) * columnStride;
    for (let k = 0; k < channels; k++) {
      for (const row of matrix) data[at++] = row[position + channelOffset(grid, k)] * count;
    }
  }
  const one = writer.node('Reshape', [cells, writer.integers([-1, count, 1, channels])]);
  const product = writer.node('MatMul', [one, writer.floats([count, channels, to], data)]);
  return writer.node('Reshape', [product, writer.integers([-1, rows, columns, to])]);
};

/** Writes what each position gives to numbers that are affine in the pooled vector, by their matrix [numbers, length]. */
export type PartTangents = (matrix: Matrix) => string;

/**
 * The tangents of the pools of one feature map.
 * @param cells name of the feature map as [N, rows, columns, C].
 * @param size its rows and columns.
 */
export const partTangents = (
  writer: Writer,
  opset: number,
  { parts }: Pooling,
  grid: Grid,
  cells: string,
  size: readonly [number, number],
): PartTangents => {
  return (matrix) => {
    let start = 0;
    const tangents = parts.map((part) => {
      const rows = matrix.map((row) => row.subarray(start, start + part.length));
      start += part.length;
      if (part.isOwn) return multiplyOwn(writer, cells, rows, grid);
      return multiplyBy(writer, part.weigh?.({ writer, opset }, cells, size) ?? cells, rows);
    });
    return tangents.reduce((sum, tangent) => writer.node('Add', [sum, tangent]));
  };
};

import type { Tensor } from '../../onnx/tensor.js';

/** A matrix read with any strides: element (i, j) is `data[offset + i * row + j * column]`. */
export interface Matrix {
  readonly data: Tensor['data'];
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** The transpose, over the same data. */
export const transposed = ({ data, offset, row, column }: Matrix): Matrix => ({
  data,
  offset,
  row: column,
  column: row,
});

/** out += a [m, k] x b [k, n], for any strides. Zeros of `a` are skipped: gradients are mostly zeros. */
export const multiplyInto = (out: Matrix, a: Matrix, b: Matrix, [m, k, n]: readonly [number, number, number]): void => {
  // The inner loop follows the contiguous axis of b.
  if (b.column !== 1 && a.row !== 1 && m < n) {
    multiplyByDots(out, a, b, [m, k, n]);
    return;
  }
  const isPlain = b.column === 1 && out.column === 1;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < k; j++) {
      const factor = a.data[a.offset + i * a.row + j * a.column];
      if (factor === 0) continue;
      const [from, to] = [b.offset + j * b.row, out.offset + i * out.row];
      if (isPlain) addRow(out.data.subarray(to, to + n), factor, b.data.subarray(from, from + n));
      else addStrided(out, to, factor, b, from, n);
    }
  }
};

const addStrided = (out: Matrix, start: number, factor: number, b: Matrix, first: number, n: number): void => {
  let [from, to] = [first, start];
  for (let l = 0; l < n; l++, from += b.column, to += out.column) out.data[to] += factor * b.data[from];
};

// One function for each type of array: V8 compiles a loop over one type alone to half the time of one over two.
const addFloats = (out: Float64Array, factor: number, row: Float32Array): void => {
  for (let i = 0; i < row.length; i++) out[i] += factor * row[i];
};
const addDoubles = (out: Float64Array, factor: number, row: Float64Array): void => {
  for (let i = 0; i < row.length; i++) out[i] += factor * row[i];
};
const addMixed = (out: Tensor['data'], factor: number, row: Tensor['data']): void => {
  for (let i = 0; i < row.length; i++) out[i] += factor * row[i];
};

const addRow = (out: Tensor['data'], factor: number, row: Tensor['data']): void => {
  if (out instanceof Float32Array) addMixed(out, factor, row);
  else if (row instanceof Float32Array) addFloats(out, factor, row);
  else addDoubles(out, factor, row);
};

const multiplyByDots = (out: Matrix, a: Matrix, b: Matrix, [m, k, n]: readonly [number, number, number]): void => {
  const places = new Int32Array(k);
  for (let i = 0; i < m; i++) {
    let count = 0;
    for (let j = 0; j < k; j++) if (a.data[a.offset + i * a.row + j * a.column] !== 0) places[count++] = j;
    for (let l = 0; l < n; l++) {
      let sum = 0;
      for (let place = 0; place < count; place++) {
        const j = places[place];
        sum += a.data[a.offset + i * a.row + j * a.column] * b.data[b.offset + j * b.row + l * b.column];
      }
      out.data[out.offset + i * out.row + l * out.column] += sum;
    }
  }
};

/** A matrix in row-major order. */
export const rowMajor = (data: Tensor['data'], columns: number, offset = 0): Matrix => ({
  data,
  offset,
  row: columns,
  column: 1,
});

import type { Head, Step, Values } from '../head/head.js';
import { callOf, gradientOf } from '../head/head.js';
import type { Status, TangentEmitter } from '../head/operator.js';
import type { Writer } from './writer.js';

/** A linear map of a cell's numbers, [size, from.size], row by row. */
type Matrix = readonly Float64Array[];

const isIdentity = (matrix: Matrix): boolean =>
  matrix.length === matrix[0].length && matrix.every((row, i) => row.every((value, j) => value === Number(i === j)));

/** [N, rows, columns, from] times the transposed matrix. */
const multiplyBy = (writer: Writer, cells: string, matrix: Matrix): string => {
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

const algebraOf = (writer: Writer, opset: number): Omit<TangentEmitter, 'tangent' | 'value'> => {
  const binary = (op: string) => (a: string, b: string) => writer.node(op, [a, b]);
  const unary = (op: string) => (x: string) => writer.node(op, [x]);
  const constant = (value: number) => writer.floats([], [value]);
  return {
    constant,
    add: binary('Add'),
    multiply: binary('Mul'),
    divide: binary('Div'),
    exp: unary('Exp'),
    tanh: unary('Tanh'),
    erf: unary('Erf'),
    sigmoid: unary('Sigmoid'),
    sqrt: unary('Sqrt'),
    // Since opset 18 the axes are an input.
    mean: (x) =>
      opset < 18
        ? writer.node('ReduceMean', [x], { axes: [-1], keepdims: 1 })
        : writer.node('ReduceMean', [x, writer.integers([-1])], { keepdims: 1 }),
    above: (x, threshold) => writer.node('Cast', [writer.node('Greater', [x, constant(threshold)])], { to: 1 }),
  };
};

/**
 * Writes the operations that carry each cell's features through the head as `gradientOf` does for their mean: affine
 * parts as matrices, derivatives of activations and divisors of norms at the photo's own pooled vector.
 * @param cells name of the feature map as [N, rows, columns, C].
 * @returns name of the class maps, [N, rows, columns, K].
 */
export const writeTangents = (writer: Writer, head: Head, values: Values, cells: string, opset: number): string => {
  const steps = new Map(head.steps.map((step) => [step.name, step]));
  const written = new Map<string, string>();
  const algebra = algebraOf(writer, opset);
  const elementsOf = (name: string): number => values.get(name)?.data.length ?? 0;

  const photoValue = (name: string, status: Status): string => {
    // As the head was read: the scales of dynamic quantisation are 1 there.
    if (status === 'constant') return writer.floats([1, 1, 1, elementsOf(name)], values.get(name)?.data ?? []);
    const shape = writer.integers([-1, 1, 1, elementsOf(name)]);
    return writer.node('Cast', [writer.node('Reshape', [name, shape])], { to: 1 });
  };

  /** The matrix of a step for one of its inputs, row by row from the transposed one. */
  const matrixFor = (step: Step, input: number): Matrix => {
    const output = values.get(step.name);
    if (output === undefined) throw new Error(`no value of ${step.name}`);
    return Array.from({ length: output.data.length }, (_, element) => {
      const seed = new Float64Array(output.data.length);
      seed[element] = 1;
      return (
        step.operator.pullBack?.(callOf(step, values), output, seed)[input] ??
        new Float64Array(elementsOf(step.node.inputs[input]))
      );
    });
  };

  const carried = (step: Step): string => {
    const inputs = step.node.inputs;
    if (step.operator.tangent !== undefined) {
      return step.operator.tangent(callOf(step, values), {
        ...algebra,
        tangent: (input) => tangentOf(inputs[input]),
        value: (input) => photoValue(inputs[input], step.statuses[input]),
      });
    }
    const carrying = inputs.map((_, i) => i).filter((i) => !['constant', 'divisor'].includes(step.statuses[i]));
    return carrying.map((i) => multiplyBy(writer, tangentOf(inputs[i]), matrixFor(step, i))).reduce(algebra.add);
  };

  const tangentOf = (name: string): string => {
    const known = written.get(name);
    if (known !== undefined) return known;
    const step = steps.get(name);
    // What is affine in the features is one matrix, whatever operators it is made of.
    const exact = step === undefined || step.status === 'exact';
    const rows = () =>
      Array.from({ length: elementsOf(name) }, (_, element) => gradientOf(head, values, element, name));
    const tangent = exact ? multiplyBy(writer, cells, rows()) : carried(step);
    written.set(name, tangent);
    return tangent;
  };

  return tangentOf(head.logits);
};

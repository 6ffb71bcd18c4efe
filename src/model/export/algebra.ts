import type { Algebra } from '../head/algebra.js';
import type { Writer } from './writer.js';

/** Arithmetic as float32 operations of the exported model. */
export const writtenAlgebra = (writer: Writer): Algebra<string> => {
  const binary = (op: string) => (a: string, b: string) => writer.node(op, [a, b]);
  const unary = (op: string) => (x: string) => writer.node(op, [x]);
  const constant = (value: number) => writer.floats([], [value]);
  const [add, multiply] = [binary('Add'), binary('Mul')];
  return {
    constant,
    add,
    multiply,
    divide: binary('Div'),
    abs: unary('Abs'),
    relu: unary('Relu'),
    exp: unary('Exp'),
    tanh: unary('Tanh'),
    erf: unary('Erf'),
    sigmoid: unary('Sigmoid'),
    softplus: unary('Softplus'),
    // By products, since old operator sets have no Where: neither side is ever infinite.
    below: (x, limit, inside, outside) => {
      const share = writer.node('Cast', [writer.node('Less', [x, constant(limit)])], { to: 1 });
      const rest = add(constant(1), multiply(constant(-1), share));
      return add(multiply(share, inside), multiply(rest, outside));
    },
    nearest: 1.1e-2,
  };
};

/** Mean over axes that stay as 1; since opset 18 the axes are an input. */
export const writeMean = (writer: Writer, opset: number, x: string, axes: readonly number[]): string =>
  opset < 18
    ? writer.node('ReduceMean', [x], { axes, keepdims: 1 })
    : writer.node('ReduceMean', [x, writer.integers(axes)], { keepdims: 1 });

import type { Algebra } from '../head/algebra.js';
import type { Writer } from '../onnx/writer.js';
import { asFloat32 } from '../onnx/written.js';

/** Arithmetic as float32 operations of the exported model. Constants are computed now, not in the model. */
export const writtenAlgebra = (writer: Writer): Algebra<string> => {
  const unary = (op: string) => (x: string) => writer.node(op, [x]);
  const known = new Map<string, number>();
  const constant = (value: number) => {
    const name = writer.floats([], [value]);
    known.set(name, value);
    return name;
  };
  /** An operation with a neutral element: on the right, and also on the left where the operation is commutative. */
  const binary =
    (op: string, of: (a: number, b: number) => number, neutral: number, swaps: boolean) => (a: string, b: string) => {
      const [x, y] = [known.get(a), known.get(b)];
      if (x !== undefined && y !== undefined) return constant(of(x, y));
      if (y === neutral) return a;
      return swaps && x === neutral ? b : writer.node(op, [a, b]);
    };
  const add = binary('Add', (a, b) => a + b, 0, true);
  const multiply = binary('Mul', (a, b) => a * b, 1, true);
  return {
    constant,
    add,
    multiply,
    divide: binary('Div', (a, b) => a / b, 1, false),
    abs: unary('Abs'),
    relu: unary('Relu'),
    exp: unary('Exp'),
    tanh: unary('Tanh'),
    erf: unary('Erf'),
    sigmoid: unary('Sigmoid'),
    softplus: unary('Softplus'),
    log: unary('Log'),
    // Written as products, since old operator sets have no Where. Both sides are finite.
    below: (x, limit, inside, outside) => {
      const share = asFloat32(writer, writer.node('Less', [x, constant(limit)]));
      const rest = add(constant(1), multiply(constant(-1), share));
      return add(multiply(share, inside), multiply(rest, outside));
    },
    nearest: 1.1e-2,
  };
};

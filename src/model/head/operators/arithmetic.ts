import type { Tensor } from '../../tensor.js';
import {
  activation,
  atLeast,
  type Call,
  isStatistic,
  linear,
  type Operator,
  refuse,
  required,
  type Status,
} from '../operator.js';
import { broadcastDims, broadcastIndex } from './broadcast.js';

type Derivative = (a: number, b: number) => number;

interface Binary {
  readonly value: (a: number, b: number) => number;
  /** Derivatives with respect to the first and the second operand; undefined where that one is held. */
  readonly derivatives?: readonly [Derivative, Derivative | undefined];
  readonly status?: (call: Call) => Status;
  readonly tangent?: Operator['tangent'];
}

const evaluateBinary = (call: Call, value: Binary['value']): Tensor => {
  const a = required(call, 0);
  const b = required(call, 1);
  const dims = broadcastDims(call, a.dims, b.dims);
  const fromA = broadcastIndex(a.dims, dims);
  const fromB = broadcastIndex(b.dims, dims);
  return { dims, data: Float64Array.from(fromA, (at, i) => value(a.data[at], b.data[fromB[i]])) };
};

export const binary = ({ value, derivatives, status, tangent }: Binary): Operator => ({
  evaluate: (call) => evaluateBinary(call, value),
  ...(status && { status }),
  ...(tangent && { tangent }),
  ...(derivatives && {
    pullBack: (call, output, gradient) => {
      const a = required(call, 0);
      const b = required(call, 1);
      const fromA = broadcastIndex(a.dims, output.dims);
      const fromB = broadcastIndex(b.dims, output.dims);
      return [a, b].map((input, side) => {
        const derivative = derivatives[side];
        if (derivative === undefined || call.statuses[side] === 'constant') return undefined;
        const back = new Float64Array(input.data.length);
        const from = side === 0 ? fromA : fromB;
        for (let i = 0; i < gradient.length; i++) {
          back[from[i]] += gradient[i] * derivative(a.data[fromA[i]], b.data[fromB[i]]);
        }
        return back;
      });
    },
  }),
});

/** A product: by a constant affine, by a norm's inverse divisor frozen, of two bent values first-order. */
const productStatus = (call: Call): Status => {
  const [a, b] = call.statuses;
  if (a === 'constant' || b === 'constant') return linear(call);
  if (a === 'divisor') return atLeast('frozen', b);
  if (b === 'divisor') return atLeast('frozen', a);
  return 'first-order';
};

const quotientStatus = (call: Call): Status => {
  const [a, b] = call.statuses;
  if (b === 'constant') return linear(call);
  if (!isStatistic(b)) throw refuse(call.node, 'which divides by the features themselves');
  return isStatistic(a) || a === 'constant' ? 'divisor' : atLeast('frozen', a);
};

const powerStatus = (call: Call): Status => {
  const [base, exponent] = call.statuses;
  if (base === 'constant' && exponent === 'constant') return 'constant';
  const power = required(call, 1).data;
  if (exponent !== 'constant' || power.some((p) => p !== power[0])) throw refuse(call.node, 'with a computed exponent');
  if (power[0] === 1) return base;
  if (isStatistic(base)) return 'divisor';
  if (power[0] === 2) return 'first-order';
  throw refuse(call.node, `a power of ${power[0]}, as of a generalised mean`);
};

const extremeStatus = (call: Call): Status => {
  const dependent = call.statuses.filter((status) => status !== 'constant');
  if (call.inputs.length !== 2) throw refuse(call.node, `of ${call.inputs.length} values`);
  if (dependent.length > 1) throw refuse(call.node, 'of two values that both depend on the features');
  return activation(call);
};

const add = binary({ value: (a, b) => a + b, derivatives: [() => 1, () => 1], status: linear });
const sub = binary({ value: (a, b) => a - b, derivatives: [() => 1, () => -1], status: linear });
const mul = binary({
  value: (a, b) => a * b,
  derivatives: [(_, b) => b, (a) => a],
  status: productStatus,
  tangent: ({ statuses }, emit) => {
    const carries = (side: number) => statuses[side] !== 'constant' && statuses[side] !== 'divisor';
    const sides = [0, 1].filter(carries).map((side) => emit.multiply(emit.tangent(side), emit.value(1 - side)));
    return sides.reduce(emit.add);
  },
});

/** Operators on pairs of numbers. */
export const arithmetic: Readonly<Record<string, Operator>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: binary({
    value: (a, b) => a / b,
    derivatives: [(_, b) => 1 / b, undefined],
    status: quotientStatus,
    tangent: (_, emit) => emit.divide(emit.tangent(0), emit.value(1)),
  }),
  Pow: binary({
    value: (a, b) => a ** b,
    derivatives: [(a, b) => b * a ** (b - 1), undefined],
    status: powerStatus,
    // Any other power is of a norm, and held.
    tangent: (_, emit) => emit.multiply(emit.tangent(0), emit.multiply(emit.constant(2), emit.value(0))),
  }),
  Max: binary({
    value: Math.max,
    derivatives: [(a, b) => (a >= b ? 1 : 0), (a, b) => (b > a ? 1 : 0)],
    status: extremeStatus,
    tangent: (call) => {
      throw refuse(call.node, 'which an exported model cannot carry a map through');
    },
  }),
  Min: binary({
    value: Math.min,
    derivatives: [(a, b) => (a <= b ? 1 : 0), (a, b) => (b < a ? 1 : 0)],
    status: extremeStatus,
    tangent: (call) => {
      throw refuse(call.node, 'which an exported model cannot carry a map through');
    },
  }),
  Sum: {
    evaluate: (call) =>
      call.inputs.reduce<Tensor>(
        (sum, _, i) => (i === 0 ? sum : add.evaluate({ ...call, inputs: [sum, required(call, i)] })),
        required(call, 0),
      ),
    status: linear,
    pullBack: (call, output, gradient) =>
      call.inputs.map((_, i) => {
        const back = new Float64Array(required(call, i).data.length);
        broadcastIndex(required(call, i).dims, output.dims).forEach((at, j) => {
          back[at] += gradient[j];
        });
        return back;
      }),
  },
};

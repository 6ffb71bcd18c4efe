import type { Tensor } from '../../tensor.js';
import { type Algebra, numbers } from '../algebra.js';
import type { Curve, Pair } from '../curve.js';
import { activation, type Call, type Held, type Operator, required, type Status } from '../operator.js';
import { broadcastDims, broadcastIndex } from './broadcast.js';

/** An operator that bends one number after the other. */
export const unary = (curveOf: (call: Call) => Curve, status: (call: Call) => Status = activation): Operator => ({
  evaluate: (call) => {
    const { dims, data } = required(call, 0);
    const { value } = curveOf(call);
    return { dims, data: Float64Array.from(data, (x) => value(numbers, x)) };
  },
  status,
  ...(status === activation && { holds: () => 'slope of an activation' }),
  pullBack: (call, _, gradient, zero) => {
    const { slope } = curveOf(call);
    const [photo, reference] = [required(call, 0).data, required(zero, 0).data];
    return [gradient.map((g, i) => g * slope(numbers, { photo: photo[i], zero: reference[i] }))];
  },
  tangent: (call, emit) => emit.multiply(emit.tangent(0), curveOf(call).slope(emit, emit.pair(0))),
});

/** The slope of a function of two numbers with respect to one of them. */
type Slope = <T>(m: Algebra<T>, a: Pair<T>, b: Pair<T>) => T;

/** An operator on pairs of numbers, stretched over each other where their dims differ. */
interface Binary {
  readonly value: (a: number, b: number) => number;
  /** With respect to the first and the second operand; undefined where that one is held. */
  readonly slopes?: readonly [Slope, Slope | undefined];
  readonly status?: (call: Call) => Status;
  readonly holds?: (call: Call) => Held | undefined;
  /** Whether the second operand is the divisor of a norm, and so held where the pooled vector is zero. */
  readonly divides?: (call: Call) => boolean;
}

const evaluateBinary = (call: Call, value: Binary['value'], b: Tensor): Tensor => {
  const a = required(call, 0);
  const dims = broadcastDims(call, a.dims, b.dims);
  const fromA = broadcastIndex(a.dims, dims);
  const fromB = broadcastIndex(b.dims, dims);
  return { dims, data: Float64Array.from(fromA, (at, i) => value(a.data[at], b.data[fromB[i]])) };
};

export const binary = ({ value, slopes, status, holds, divides = () => false }: Binary): Operator => ({
  evaluate: (call, held) => evaluateBinary(call, value, required(divides(call) ? held : call, 1)),
  ...(status && { status }),
  ...(holds && { holds }),
  ...(slopes && {
    pullBack: (call, output, gradient, zero) => {
      const operands = [0, 1].map((side) => ({
        photo: required(call, side).data,
        zero: required(zero, side).data,
        from: broadcastIndex(required(call, side).dims, output.dims),
      }));
      const pairs = (i: number) =>
        operands.map(({ photo, zero: at, from }) => ({ photo: photo[from[i]], zero: at[from[i]] }));
      return operands.map(({ photo, from }, side) => {
        const slope = slopes[side];
        if (slope === undefined || call.statuses[side] === 'constant' || call.statuses[side] === 'divisor') {
          return undefined;
        }
        const back = new Float64Array(photo.length);
        for (let i = 0; i < gradient.length; i++) {
          const [a, b] = pairs(i);
          back[from[i]] += gradient[i] * slope(numbers, a, b);
        }
        return back;
      });
    },
    tangent: ({ statuses }, emit) =>
      slopes
        .flatMap((slope, side) =>
          slope === undefined || statuses[side] === 'constant' || statuses[side] === 'divisor'
            ? []
            : [emit.multiply(emit.tangent(side), slope(emit, emit.pair(0), emit.pair(1)))],
        )
        .reduce(emit.add),
  }),
});

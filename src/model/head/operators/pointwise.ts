import type { Held } from '../../../maps/class-weights.js';
import { sizeOf, type Tensor } from '../../onnx/tensor.js';
import { type Algebra, numbers, subtract } from '../algebra.js';
import type { Curve, Pair } from '../curve.js';
import {
  activation,
  type Call,
  carries,
  type Operator,
  required,
  type Status,
  type TangentEmitter,
} from '../operator.js';
import { broadcastDims, broadcastIndex } from './broadcast.js';

/** A nonlinear elementwise operator. */
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
    return [gradient.map((g, i) => (g === 0 ? 0 : g * slope(numbers, { photo: photo[i], zero: reference[i] })))];
  },
  tangent: (call, emit) => emit.multiply(emit.tangent(0), curveOf(call).slope(emit, emit.pair(0))),
});

/** The slope of a function of several numbers with respect to one of them. */
type Slope = <T>(m: Algebra<T>, a: Pair<T>, b: Pair<T>, c: Pair<T>) => T;

/** An elementwise operator on two or three operands, which are broadcast. */
interface Pointwise {
  readonly value: (a: number, b: number, c: number) => number;
  /** With respect to each operand. Undefined for one that is held. */
  readonly slopes: readonly (Slope | undefined)[];
  /** Left out: understood for constants only. */
  readonly status?: (call: Call) => Status;
  readonly holds?: (call: Call) => Held | undefined;
  /** Whether the second operand is the divisor of a norm, and so held for a pooled vector of zeros. */
  readonly divides?: (call: Call) => boolean;
}

const flowsThrough = (slope: Slope | undefined, status: Status): slope is Slope =>
  slope !== undefined && carries(status);

/** Reads an operand's number for an element of the output. */
const readerOf = (operands: readonly Tensor[], dims: readonly number[]) => {
  const from = operands.map((operand) => broadcastIndex(operand.dims, dims));
  return (operand: number, i: number): number => operands[operand]?.data[from[operand][i]] ?? Number.NaN;
};

const pointwiseTangent = (slopes: Pointwise['slopes'], { statuses }: Call, emit: TangentEmitter): string => {
  // Getters: operations are written only where a slope reads them.
  const pairOf = (i: number): Pair<string> => ({
    get photo() {
      return emit.stretched(i, emit.pair(i).photo);
    },
    get zero() {
      return emit.stretched(i, emit.pair(i).zero);
    },
  });
  const tangents = slopes.flatMap((slope, i) =>
    flowsThrough(slope, statuses[i])
      ? [emit.multiply(emit.stretched(i, emit.tangent(i)), slope(emit, pairOf(0), pairOf(1), pairOf(2)))]
      : [],
  );
  return tangents.reduce(emit.add);
};

export const pointwise = ({ value, slopes, status, holds, divides = () => false }: Pointwise): Operator => ({
  evaluate: (call, held) => {
    const operands = slopes.map((_, i) => required(i === 1 && divides(call) ? held : call, i));
    const dims = operands.map((operand) => operand.dims).reduce((a, b) => broadcastDims(call, a, b));
    const at = readerOf(operands, dims);
    return { dims, data: Float64Array.from({ length: sizeOf(dims) }, (_, i) => value(at(0, i), at(1, i), at(2, i))) };
  },
  ...(status && { status }),
  ...(holds && { holds }),
  pullBack: (call, { dims }, gradient, zero) => {
    const isHeld = (i: number) => i === 1 && divides(call);
    const ends = [call, zero].map((end) =>
      readerOf(
        slopes.map((_, i) => required(isHeld(i) ? call : end, i)),
        dims,
      ),
    );
    const pairOf = (operand: number, i: number) => ({ photo: ends[0](operand, i), zero: ends[1](operand, i) });
    return slopes.map((slope, operand) => {
      if (!flowsThrough(slope, call.statuses[operand])) return undefined;
      const input = required(call, operand);
      const from = broadcastIndex(input.dims, dims);
      const back = new Float64Array(input.data.length);
      for (let i = 0; i < gradient.length; i++) {
        if (gradient[i] === 0) continue;
        back[from[i]] += gradient[i] * slope(numbers, pairOf(0, i), pairOf(1, i), pairOf(2, i));
      }
      return back;
    });
  },
  tangent: (call, emit) => pointwiseTangent(slopes, call, emit),
});

/** An operator that is understood for constants only. */
export const ofConstants = (value: (a: number, b: number) => number): Operator => ({
  evaluate: pointwise({ value, slopes: [undefined, undefined] }).evaluate,
});

/** What bends an operator's value between zero and the photo. */
export const slopeHeld = (): Held => 'slope of an activation';

/** How far one operand is above another, for the photo and at zero. */
export const difference = <T>(m: Algebra<T>, a: Pair<T>, b: Pair<T>): Pair<T> => ({
  photo: subtract(m, a.photo, b.photo),
  zero: subtract(m, a.zero, b.zero),
});

import type { Tensor } from '../../onnx/tensor.js';
import { type Algebra, subtract } from '../algebra.js';
import { middle, type Pair, power, relu } from '../curve.js';
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
import { broadcastIndex } from './broadcast.js';
import { difference, ofConstants, pointwise, slopeHeld, unary } from './pointwise.js';

const one = <T>(m: Algebra<T>): T => m.constant(1);
const minus = <T>(m: Algebra<T>): T => m.constant(-1);

/** A product: affine by a constant, frozen by a norm's inverse divisor, bent where both factors depend on the photo. */
const productStatus = (call: Call): Status => {
  const [a, b] = call.statuses;
  if (a === 'constant' || b === 'constant') return linear(call);
  if (a === 'divisor') return atLeast('frozen', b);
  if (b === 'divisor') return atLeast('frozen', a);
  return 'bent';
};

/** A quotient: frozen by a norm's divisor, bent by bent values (as in softsign). Division by the features is refused. */
const quotientStatus = (call: Call): Status => {
  const [a, b] = call.statuses;
  if (b === 'constant') return linear(call);
  if (b === 'bent') return activation(call);
  if (!isStatistic(b)) throw refuse(call.node, 'which divides by the features themselves');
  return isStatistic(a) || a === 'constant' ? 'divisor' : atLeast('frozen', a);
};

// No known activation has a larger power.
const MAX_POWER = 8;

const exponentOf = (call: Call): number => required(call, 1).data[0];

const powerStatus = (call: Call): Status => {
  const [base, exponent] = call.statuses;
  if (base === 'constant' && exponent === 'constant') return 'constant';
  const power = exponentOf(call);
  if (exponent !== 'constant' || required(call, 1).data.some((p) => p !== power)) {
    throw refuse(call.node, 'with a computed exponent');
  }
  if (power === 1) return base;
  if (isStatistic(base)) return 'divisor';
  if (Number.isInteger(power) && power > 1 && power <= MAX_POWER) return 'bent';
  throw refuse(call.node, `a power of ${power}, as of a generalised mean`);
};

/** Slope of `relu(a - b)` with respect to a. */
const aboveShare = <T>(m: Algebra<T>, a: Pair<T>, b: Pair<T>): T => relu.slope(m, difference(m, a, b));
const restShare = <T>(m: Algebra<T>, a: Pair<T>, b: Pair<T>): T => subtract(m, m.constant(1), aboveShare(m, a, b));

const inverse = <T>(m: Algebra<T>, x: T): T => m.divide(m.constant(1), x);

const add = pointwise({ value: (a, b) => a + b, slopes: [one, one], status: linear });

/** Operators on pairs of numbers. */
export const arithmetic: Readonly<Record<string, Operator>> = {
  Add: add,
  Sub: pointwise({ value: (a, b) => a - b, slopes: [one, minus], status: linear }),
  Mul: pointwise({
    value: (a, b) => a * b,
    // The slope is split evenly between two operands that depend on the photo.
    slopes: [(m, _, b) => middle(m, b), (m, a) => middle(m, a)],
    status: productStatus,
    holds: ({ statuses }) => {
      if (statuses.includes('constant')) return undefined;
      return statuses.includes('divisor') ? 'divisor of a norm' : 'slope of an activation';
    },
  }),
  Div: pointwise({
    value: (a, b) => a / b,
    // As the product of the first and the reciprocal of the second.
    slopes: [
      (m, _, b) => middle(m, { photo: inverse(m, b.photo), zero: inverse(m, b.zero) }),
      (m, a, b) => m.divide(m.multiply(m.constant(-1), middle(m, a)), m.multiply(b.photo, b.zero)),
    ],
    status: quotientStatus,
    holds: ({ statuses: [, b] }) =>
      b === 'constant' ? undefined : b === 'bent' ? 'slope of an activation' : 'divisor of a norm',
    divides: ({ statuses: [, b] }) => b === 'divisor',
  }),
  Pow: {
    ...unary((call) => power(exponentOf(call)), powerStatus),
    evaluate: ofConstants((a, b) => a ** b).evaluate,
    holds: (call) => (exponentOf(call) === 1 ? undefined : 'slope of an activation'),
  },
  // max(a, b) = b + relu(a - b), min(a, b) = a - relu(a - b)
  Max: pointwise({
    value: (a, b) => Math.max(a, b),
    slopes: [aboveShare, restShare],
    status: activation,
    holds: slopeHeld,
  }),
  Min: pointwise({
    value: (a, b) => Math.min(a, b),
    slopes: [restShare, aboveShare],
    status: activation,
    holds: slopeHeld,
  }),
  PRelu: pointwise({
    value: (x, slope) => (x < 0 ? x * slope : x),
    slopes: [
      (m, x, { photo: below }) => m.add(below, m.multiply(subtract(m, m.constant(1), below), relu.slope(m, x))),
      undefined,
    ],
    status: (call) => {
      if (call.statuses[1] !== 'constant') throw refuse(call.node, 'whose slope depends on the features');
      return activation(call);
    },
    holds: slopeHeld,
  }),
  Sum: {
    evaluate: (call, held) =>
      call.inputs.reduce<Tensor>(
        (sum, _, i) => {
          if (i === 0) return sum;
          const pair = { ...call, inputs: [sum, required(call, i)] };
          return add.evaluate(pair, held);
        },
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

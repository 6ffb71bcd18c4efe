import { type Algebra, subtract } from '../algebra.js';
import { above, line, middle, type Pair } from '../curve.js';
import { activation, linear, type Operator } from '../operator.js';
import { difference, pointwise, slopeHeld, unary } from './pointwise.js';

/** 1 where the first number is above the second (`rising`) or below it, `strictly` or not; else 0. */
const comparison = (rising: boolean, strictly: boolean): Operator => {
  const signed = <T>(m: Algebra<T>, positive: boolean, a: Pair<T>, b: Pair<T>): T => {
    // a >= b is the negation of b > a.
    const size = above.slope(m, rising === strictly ? difference(m, a, b) : difference(m, b, a));
    return positive ? size : m.multiply(m.constant(-1), size);
  };
  return pointwise({
    value: (x, y) => {
      const [a, b] = rising ? [x, y] : [y, x];
      return Number(strictly ? a > b : a >= b);
    },
    slopes: [(m, a, b) => signed(m, rising, a, b), (m, a, b) => signed(m, !rising, a, b)],
    status: activation,
    holds: slopeHeld,
  });
};

/** Operators that choose between two values, as activations are sometimes written in pieces. */
export const choices: Readonly<Record<string, Operator>> = {
  Greater: comparison(true, true),
  GreaterOrEqual: comparison(true, false),
  Less: comparison(false, true),
  LessOrEqual: comparison(false, false),
  Not: unary(() => line(-1, 1), linear),
  // condition * yes + (1 - condition) * no
  Where: pointwise({
    value: (condition, yes, no) => (condition ? yes : no),
    slopes: [
      (m, _, yes, no) => subtract(m, middle(m, yes), middle(m, no)),
      (m, condition) => middle(m, condition),
      (m, condition) => subtract(m, m.constant(1), middle(m, condition)),
    ],
    status: (call) => (call.statuses[0] === 'constant' ? linear(call) : activation(call)),
    holds: ({ statuses: [condition] }) => (condition === 'constant' ? undefined : 'slope of an activation'),
  }),
};

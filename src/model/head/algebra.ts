/**
 * Arithmetic on numbers, or on names of tensors. A slope is written once over it. It is then computed here as a number,
 * or written into an exported model as operations.
 */
export interface Algebra<T> {
  readonly constant: (value: number) => T;
  readonly add: (a: T, b: T) => T;
  readonly multiply: (a: T, b: T) => T;
  readonly divide: (a: T, b: T) => T;
  readonly abs: (x: T) => T;
  readonly relu: (x: T) => T;
  readonly exp: (x: T) => T;
  readonly tanh: (x: T) => T;
  readonly erf: (x: T) => T;
  readonly sigmoid: (x: T) => T;
  readonly softplus: (x: T) => T;
  readonly log: (x: T) => T;
  /** `inside` where x is below `limit`, else `outside`. Both must be finite. */
  readonly below: (x: T, limit: number, inside: T, outside: T) => T;
  /**
   * Distance below which the derivative at the midpoint is more exact than the difference quotient, for values of
   * magnitude 1. The errors are step^2 / 24 and u / step, equal at (24 u)^(1/3) for a unit of rounding u.
   */
  readonly nearest: number;
}

export const subtract = <T>(m: Algebra<T>, a: T, b: T): T => m.add(a, m.multiply(m.constant(-1), b));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The error function, to 1e-15: its Taylor series near zero, elsewhere the continued fraction of its complement
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 and 7.1.14).
 */
const erf = (x: number): number => {
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  if (magnitude < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = magnitude;
  for (let k = 60; k > 0; k--) fraction = magnitude + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction));
};

export const numbers: Algebra<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  abs: Math.abs,
  relu: (x) => Math.max(0, x),
  exp: Math.exp,
  tanh: Math.tanh,
  erf,
  sigmoid,
  softplus: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
  log: Math.log,
  below: (x, limit, inside, outside) => (x < limit ? inside : outside),
  nearest: 1.4e-5,
};

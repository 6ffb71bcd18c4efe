import { type Algebra, subtract } from './algebra.js';

/** A value for the photo, and the same value for a pooled vector of zeros. */
export interface Pair<T> {
  readonly photo: T;
  readonly zero: T;
}

/** A function of one number, written over any algebra. */
export interface Curve {
  readonly value: <T>(m: Algebra<T>, x: T) => T;
  /**
   * The divided difference `(f(photo) - f(zero)) / (photo - zero)`, and the derivative where the two are the same
   * (Shrikumar et al. 2017, Learning Important Features Through Propagating Activation Differences: the Rescale rule).
   */
  readonly slope: <T>(m: Algebra<T>, x: Pair<T>) => T;
}

const times = <T>(m: Algebra<T>, factor: number, x: T): T => m.multiply(m.constant(factor), x);

export const middle = <T>(m: Algebra<T>, { photo, zero }: Pair<T>): T =>
  photo === zero ? photo : times(m, 0.5, m.add(photo, zero));

const one: Curve['value'] = (m) => m.constant(1);

/**
 * A function with a smooth derivative.
 * @param unit the scale of its argument over which the derivative changes noticeably.
 */
const smooth = (value: Curve['value'], derivative: Curve['value'], unit = one): Curve => ({
  value,
  slope: (m, x) => {
    const step = subtract(m, x.photo, x.zero);
    const units = m.divide(m.abs(step), unit(m, middle(m, x)));
    const rise = subtract(m, value(m, x.photo), value(m, x.zero));
    // Divides by 1 where the quotient is not used: an exported model computes both sides, and both must be finite.
    const quotient = m.divide(rise, m.below(units, m.nearest, m.constant(1), step));
    return m.below(units, m.nearest, derivative(m, middle(m, x)), quotient);
  },
});

// Makes 0 / 0 zero, in float32 too. Too small to change any other quotient.
const TINY = 1e-30;

export const line = (slope: number, offset = 0): Curve => ({
  value: (m, x) => m.add(times(m, slope, x), m.constant(offset)),
  slope: (m) => m.constant(slope),
});

const identity: Curve = { value: (_, x) => x, slope: (m) => m.constant(1) };

/** Its slope is the share of the way from zero to the photo that lies above 0: no difference is taken, so it is exact. */
export const relu: Curve = {
  value: (m, x) => m.relu(x),
  slope: (m, { photo, zero }) =>
    m.divide(m.add(m.relu(photo), m.relu(zero)), m.add(m.add(m.abs(photo), m.abs(zero)), m.constant(TINY))),
};

/** 1 above 0, else 0. */
export const above: Curve = {
  value: (m, x) => m.below(times(m, -1, x), 0, m.constant(1), m.constant(0)),
  slope: (m, { photo, zero }) => {
    const [end, start] = [above.value(m, photo), above.value(m, zero)];
    // Where only one of them is above 0, their distance is |photo| + |zero|.
    const one = subtract(m, m.add(end, start), times(m, 2, m.multiply(end, start)));
    return m.divide(one, m.add(m.add(m.abs(photo), m.abs(zero)), m.constant(TINY)));
  },
};

const sum = (a: Curve, b: Curve): Curve => ({
  value: (m, x) => m.add(a.value(m, x), b.value(m, x)),
  slope: (m, x) => m.add(a.slope(m, x), b.slope(m, x)),
});

/** `outer` of `inner`: slopes multiply, as in the chain rule. */
export const after = (outer: Curve, inner: Curve): Curve => ({
  value: (m, x) => outer.value(m, inner.value(m, x)),
  slope: (m, x) =>
    m.multiply(outer.slope(m, { photo: inner.value(m, x.photo), zero: inner.value(m, x.zero) }), inner.slope(m, x)),
});

export const scaled = (factor: number, curve: Curve): Curve => after(line(factor), curve);

/** A product, with the rise split evenly: `uv - u0 v0 = (u - u0)(v + v0)/2 + (v - v0)(u + u0)/2`. */
const product = (a: Curve, b: Curve): Curve => {
  const mean = <T>(m: Algebra<T>, { value }: Curve, x: Pair<T>): T =>
    middle(m, { photo: value(m, x.photo), zero: value(m, x.zero) });
  return {
    value: (m, x) => m.multiply(a.value(m, x), b.value(m, x)),
    slope: (m, x) => m.add(m.multiply(a.slope(m, x), mean(m, b, x)), m.multiply(b.slope(m, x), mean(m, a, x))),
  };
};

/** Clips to two limits, of which either may be infinite. */
export const clamped = (low: number, high: number): Curve => {
  const above = Number.isFinite(low) ? sum(line(0, low), after(relu, line(1, -low))) : identity;
  return Number.isFinite(high) ? sum(above, scaled(-1, after(relu, line(1, -high)))) : above;
};

/** Piecewise linear: one slope below zero, another above. */
export const hinge = (below: number, above: number): Curve => sum(line(below), scaled(above - below, relu));

export const power = (exponent: number): Curve => (exponent === 1 ? identity : product(identity, power(exponent - 1)));

export const logistic: Curve = smooth(
  (m, x) => m.sigmoid(x),
  (m, x) => m.multiply(m.sigmoid(x), subtract(m, m.constant(1), m.sigmoid(x))),
);

export const hyperbolicTangent: Curve = smooth(
  (m, x) => m.tanh(x),
  (m, x) => subtract(m, m.constant(1), m.multiply(m.tanh(x), m.tanh(x))),
);

export const exponential: Curve = smooth(
  (m, x) => m.exp(x),
  (m, x) => m.exp(x),
);

export const logarithm: Curve = smooth(
  (m, x) => m.log(x),
  (m, x) => m.divide(m.constant(1), x),
  (_, x) => x,
);

/** 1 / x. Its divided difference has a closed form. */
export const inverse: Curve = {
  value: (m, x) => m.divide(m.constant(1), x),
  slope: (m, { photo, zero }) => m.divide(m.constant(-1), m.multiply(photo, zero)),
};

/** x above `threshold`, else 0. */
export const thresholded = (threshold: number): Curve => product(identity, after(above, line(1, -threshold)));

export const softplus: Curve = smooth(
  (m, x) => m.softplus(x),
  (m, x) => m.sigmoid(x),
);

export const errorFunction: Curve = smooth(
  (m, x) => m.erf(x),
  (m, x) => times(m, 2 / Math.sqrt(Math.PI), m.exp(times(m, -1, m.multiply(x, x)))),
);

/** x / (1 + |x|) */
export const softsign: Curve = smooth(
  (m, x) => m.divide(x, m.add(m.constant(1), m.abs(x))),
  (m, x) => {
    const size = m.add(m.constant(1), m.abs(x));
    return m.divide(m.constant(1), m.multiply(size, size));
  },
);

export const hardSigmoid = (alpha: number, beta: number): Curve => after(clamped(0, 1), line(alpha, beta));

/** `curve` of `steepness * x`, times x: SiLU and its kind. */
export const gated = (curve: Curve, steepness = 1): Curve => product(identity, after(curve, line(steepness)));

/** x times the normal distribution function of x (Hendrycks and Gimpel 2016, Gaussian Error Linear Units). */
export const gelu: Curve = gated(after(line(0.5, 0.5), errorFunction), Math.SQRT1_2);

const cubic = scaled(Math.sqrt(2 / Math.PI), sum(identity, scaled(0.044715, power(3))));

/** The same, approximated with a hyperbolic tangent. */
export const tanhGelu: Curve = product(identity, after(after(line(0.5, 0.5), hyperbolicTangent), cubic));

// The exponential is taken only of values below zero. Above, it would overflow.
const belowZero = sum(identity, scaled(-1, relu));

export const elu = (alpha: number): Curve => sum(relu, after(line(alpha, -alpha), after(exponential, belowZero)));

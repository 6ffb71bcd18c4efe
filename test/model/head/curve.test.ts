import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../../src/model/head/algebra.js';
import {
  above,
  after,
  type Curve,
  clamped,
  elu,
  errorFunction,
  exponential,
  gated,
  gelu,
  hardSigmoid,
  hinge,
  hyperbolicTangent,
  inverse,
  line,
  logarithm,
  logistic,
  power,
  relu,
  softplus,
  softsign,
  tanhGelu,
  thresholded,
} from '../../../src/model/head/curve.js';

/** Curves by name, with the numbers that they are tried on. */
const curves: Readonly<Record<string, readonly [Curve, low: number, high: number]>> = {
  line: [line(2, 1), -5, 5],
  relu: [relu, -5, 5],
  above: [above, -5, 5],
  hinge: [hinge(0.1, 1), -5, 5],
  clamped: [clamped(-1, 2), -5, 5],
  'clamped below alone': [clamped(0.5, Number.POSITIVE_INFINITY), -5, 5],
  thresholded: [thresholded(1), -5, 5],
  power: [power(3), -5, 5],
  logistic: [logistic, -30, 30],
  tanh: [hyperbolicTangent, -30, 30],
  exponential: [exponential, -30, 5],
  logarithm: [logarithm, 1e-6, 100],
  inverse: [inverse, 0.01, 100],
  softplus: [softplus, -50, 50],
  erf: [errorFunction, -8, 8],
  softsign: [softsign, -20, 20],
  elu: [elu(1.5), -300, 5],
  'hard sigmoid': [hardSigmoid(0.2, 0.5), -10, 10],
  silu: [gated(logistic), -30, 30],
  mish: [gated(after(hyperbolicTangent, softplus)), -30, 30],
  gelu: [gelu, -10, 10],
  'gelu by tanh': [tanhGelu, -10, 10],
};

describe.each(Object.entries(curves))('the slope of %s', (_, [{ value, slope }, min, max]) => {
  const real = fc.double({ min, max, noNaN: true });

  it('times the step is the rise, from any number to any other', () => {
    fc.assert(
      fc.property(real, real, (photo, zero) => {
        const rise = value(numbers, photo) - value(numbers, zero);
        // Rounding of the values themselves, and 1e-10 of the step where the derivative stands in.
        // A step of less than 1e-30 counts as none.
        fc.pre(photo === zero || Math.abs(photo - zero) > 1e-15);
        const allowed = 1e-13 * (1 + Math.abs(value(numbers, photo))) + 1e-10 * Math.abs(photo - zero);
        expect(Math.abs(slope(numbers, { photo, zero }) * (photo - zero) - rise)).toBeLessThanOrEqual(allowed);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is the derivative where the two are the same, and near it where they nearly are', () => {
    fc.assert(
      fc.property(real, fc.constantFrom(0, 1e-9, 1e-7), (zero, share) => {
        // Apart by a share of the number itself, and far enough from a kink at 0 or at a limit.
        const [h, step] = [1e-4 * Math.abs(zero), share * Math.abs(zero)];
        const sides = [-h, h].map((by) => (value(numbers, zero + by) - value(numbers, zero)) / by);
        fc.pre(h > 1e-7 && Math.abs(sides[0] - sides[1]) < 1e-3 * (1 + Math.abs(sides[0])));
        const between = slope(numbers, { photo: zero + step, zero });
        expect(Math.abs(between - (sides[0] + sides[1]) / 2)).toBeLessThan(2e-3 * (1 + Math.abs(between)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

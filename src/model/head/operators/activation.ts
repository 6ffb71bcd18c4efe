import { floatAttribute, textAttribute } from '../../graph.js';
import { type Algebra, numbers } from '../algebra.js';
import { activation, type Call, linear, type Operator, refuse, required, type Status } from '../operator.js';

/** A function of one number with its derivative, over any algebra. */
interface Curve {
  readonly value: <T>(m: Algebra<T>, x: T) => T;
  readonly derivative: <T>(m: Algebra<T>, x: T) => T;
}

const unary = (curve: (call: Call) => Curve, status: (call: Call) => Status = activation): Operator => ({
  evaluate: (call) => {
    const { dims, data } = required(call, 0);
    const { value } = curve(call);
    return { dims, data: Float64Array.from(data, (x) => value(numbers, x)) };
  },
  status,
  pullBack: (call, _, gradient) => {
    const { derivative } = curve(call);
    const { data } = required(call, 0);
    return [gradient.map((g, i) => g * derivative(numbers, data[i]))];
  },
  tangent: (call, emit) => emit.multiply(emit.tangent(0), curve(call).derivative(emit, emit.value(0))),
});

const times = <T>(m: Algebra<T>, factor: number, x: T): T => m.multiply(m.constant(factor), x);
const square = <T>(m: Algebra<T>, x: T): T => m.multiply(x, x);
const oneMinus = <T>(m: Algebra<T>, x: T): T => m.add(m.constant(1), times(m, -1, x));

/** `inside` where x is above `threshold`, else `outside`. */
const choose = <T>(m: Algebra<T>, x: T, threshold: number, inside: T, outside: T): T => {
  const above = m.above(x, threshold);
  return m.add(m.multiply(above, inside), m.multiply(oneMinus(m, above), outside));
};

const product = (a: Curve, b: Curve): Curve => ({
  value: (m, x) => m.multiply(a.value(m, x), b.value(m, x)),
  derivative: (m, x) =>
    m.add(m.multiply(a.derivative(m, x), b.value(m, x)), m.multiply(a.value(m, x), b.derivative(m, x))),
});

/** `curve` of `slope * x`. */
const steeper = (curve: Curve, slope: number): Curve => ({
  value: (m, x) => curve.value(m, times(m, slope, x)),
  derivative: (m, x) => times(m, slope, curve.derivative(m, times(m, slope, x))),
});

const identity: Curve = { value: (_, x) => x, derivative: (m) => m.constant(1) };

/** Two slopes that meet at zero. */
const hinge = (below: number, above: number): Curve => ({
  value: (m, x) => choose(m, x, 0, times(m, above, x), times(m, below, x)),
  derivative: (m, x) => choose(m, x, 0, m.constant(above), m.constant(below)),
});

const clamped = (low: number, high: number): Curve => ({
  value: (m, x) => choose(m, x, high, m.constant(high), choose(m, x, low, x, m.constant(low))),
  derivative: (m, x) => m.multiply(m.above(x, low), oneMinus(m, m.above(x, high))),
});

const logistic: Curve = {
  value: (m, x) => m.sigmoid(x),
  derivative: (m, x) => m.multiply(m.sigmoid(x), oneMinus(m, m.sigmoid(x))),
};

const hyperbolicTangent: Curve = {
  value: (m, x) => m.tanh(x),
  derivative: (m, x) => oneMinus(m, square(m, m.tanh(x))),
};

const hardSigmoid = (alpha: number, beta: number): Curve => {
  const line = <T>(m: Algebra<T>, x: T) => m.add(times(m, alpha, x), m.constant(beta));
  return {
    value: (m, x) => clamped(0, 1).value(m, line(m, x)),
    derivative: (m, x) => times(m, alpha, clamped(0, 1).derivative(m, line(m, x))),
  };
};

const errorFunction: Curve = {
  value: (m, x) => m.erf(x),
  derivative: (m, x) => times(m, 2 / Math.sqrt(Math.PI), m.exp(times(m, -1, square(m, x)))),
};

/** x times the normal distribution's share below x (Hendrycks and Gimpel 2016, Gaussian Error Linear Units). */
const gelu = product(identity, {
  value: (m, x) => m.add(m.constant(0.5), times(m, 0.5, m.erf(times(m, Math.SQRT1_2, x)))),
  derivative: (m, x) => times(m, 1 / Math.sqrt(2 * Math.PI), m.exp(times(m, -0.5, square(m, x)))),
});

/** The same with a hyperbolic tangent for the error function. */
const tanhGelu: Curve = product(identity, {
  value: (m, x) => m.add(m.constant(0.5), times(m, 0.5, m.tanh(cubic(m, x)))),
  derivative: (m, x) => {
    const slope = m.add(m.constant(1), times(m, 3 * 0.044715, square(m, x)));
    const inner = m.multiply(hyperbolicTangent.derivative(m, cubic(m, x)), slope);
    return times(m, 0.5 * Math.sqrt(2 / Math.PI), inner);
  },
});

const cubic = <T>(m: Algebra<T>, x: T): T =>
  times(m, Math.sqrt(2 / Math.PI), m.add(x, times(m, 0.044715, m.multiply(x, square(m, x)))));

const elu = (alpha: number): Curve => ({
  // The exponential is taken of what is below zero only: above, it would overflow and 0 times it be no number.
  value: (m, x) => choose(m, x, 0, x, times(m, alpha, m.add(m.exp(negative(m, x)), m.constant(-1)))),
  derivative: (m, x) => choose(m, x, 0, m.constant(1), times(m, alpha, m.exp(negative(m, x)))),
});

const negative = <T>(m: Algebra<T>, x: T): T => m.multiply(x, oneMinus(m, m.above(x, 0)));

// Beyond any float32; infinity times 0 would be no number.
const LIMIT = 3e38;

const clip = ({ node, inputs, statuses }: Call): Curve => {
  if (statuses.slice(1).some((status) => status !== 'constant')) throw refuse(node, 'with computed limits');
  // Before opset 11 the limits were attributes.
  const low = inputs[1]?.data[0] ?? floatAttribute(node, 'min', -LIMIT);
  const high = inputs[2]?.data[0] ?? floatAttribute(node, 'max', LIMIT);
  return clamped(Math.max(low, -LIMIT), Math.min(high, LIMIT));
};

/** Square roots and reciprocals are understood as parts of a norm, not as activations. */
const partOfNorm = (value: (x: number) => number): Operator => ({
  evaluate: (call) => {
    const { dims, data } = required(call, 0);
    return { dims, data: Float64Array.from(data, value) };
  },
  status: ({ node, statuses: [status] }) => {
    if (status !== 'moment' && status !== 'divisor') throw refuse(node, 'which is no part of a norm');
    return 'divisor';
  },
});

const attribute = ({ node }: Call, name: string, fallback: number) => floatAttribute(node, name, fallback);

/** Gelu by the hyperbolic tangent, which runtimes fuse with a bias. */
export const fastGelu = unary(() => tanhGelu);

/** Operators that bend one number after the other: behind them only the gradient is known. */
export const activations: Readonly<Record<string, Operator>> = {
  Relu: unary(() => hinge(0, 1)),
  LeakyRelu: unary((call) => hinge(attribute(call, 'alpha', 0.01), 1)),
  Abs: unary(() => hinge(-1, 1)),
  Elu: unary((call) => elu(attribute(call, 'alpha', 1))),
  Sigmoid: unary(() => logistic),
  Tanh: unary(() => hyperbolicTangent),
  HardSigmoid: unary((call) => hardSigmoid(attribute(call, 'alpha', 0.2), attribute(call, 'beta', 0.5))),
  HardSwish: unary(() => product(identity, hardSigmoid(1 / 6, 0.5))),
  Gelu: unary(({ node }) => (textAttribute(node, 'approximate', 'none') === 'tanh' ? tanhGelu : gelu)),
  Erf: unary(() => errorFunction),
  Clip: unary(clip),
  'com.microsoft.Gelu': unary(() => gelu),
  'com.microsoft.QuickGelu': unary((call) => product(identity, steeper(logistic, attribute(call, 'alpha', 1.702)))),
  Neg: unary(() => hinge(-1, -1), linear),
  Sqrt: partOfNorm(Math.sqrt),
  Reciprocal: partOfNorm((x) => 1 / x),
};

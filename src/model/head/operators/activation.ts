import { floatAttribute, textAttribute } from '../../graph.js';
import { activation, type Call, linear, type Operator, refuse, required, type Status } from '../operator.js';

/** A function of one number, with its derivative, settled for one node. */
interface Curve {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

const unary = (curve: (call: Call) => Curve, status: (call: Call) => Status): Operator => ({
  evaluate: (call) => {
    const { dims, data } = required(call, 0);
    return { dims, data: Float64Array.from(data, curve(call).value) };
  },
  status,
  pullBack: (call, _, gradient) => {
    const { derivative } = curve(call);
    const { data } = required(call, 0);
    return [gradient.map((g, i) => g * derivative(data[i]))];
  },
});

const bent = (value: Curve['value'], derivative: Curve['derivative']): Operator =>
  unary(() => ({ value, derivative }), activation);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The error function to 1.2e-16: its Taylor series near zero, the continued fraction of its complement beyond
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

const clipCurve = (low: number, high: number): Curve => ({
  value: (x) => Math.min(high, Math.max(low, x)),
  derivative: (x) => (x > low && x < high ? 1 : 0),
});

const clip = (call: Call): Curve => {
  // Before opset 11 the limits were attributes.
  const low = call.inputs[1]?.data[0] ?? floatAttribute(call.node, 'min', Number.NEGATIVE_INFINITY);
  const high = call.inputs[2]?.data[0] ?? floatAttribute(call.node, 'max', Number.POSITIVE_INFINITY);
  return clipCurve(low, high);
};

const hardSigmoid = (alpha: number, beta: number): Curve => ({
  value: (x) => Math.min(1, Math.max(0, alpha * x + beta)),
  derivative: (x) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
});

const product = (a: Curve, b: Curve): Curve => ({
  value: (x) => a.value(x) * b.value(x),
  derivative: (x) => a.derivative(x) * b.value(x) + a.value(x) * b.derivative(x),
});

const identity: Curve = { value: (x) => x, derivative: () => 1 };
const logistic = (slope: number): Curve => ({
  value: (x) => sigmoid(slope * x),
  derivative: (x) => slope * sigmoid(slope * x) * (1 - sigmoid(slope * x)),
});

const gelu: Curve = {
  value: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  derivative: (x) => 0.5 * (1 + erf(x / Math.SQRT2)) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
};

const tanhGelu: Curve = {
  value: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  derivative: (x) => {
    const inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
    const slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    return 0.5 * (1 + Math.tanh(inner)) + 0.5 * x * (1 - Math.tanh(inner) ** 2) * slope;
  },
};

const relu: Curve = { value: (x) => Math.max(0, x), derivative: (x) => (x > 0 ? 1 : 0) };

/** Square roots and reciprocals are understood as parts of a norm, not as activations. */
const ofNorm = (call: Call): Status => {
  const [status] = call.statuses;
  if (status === 'constant') return 'constant';
  if (status !== 'moment' && status !== 'divisor') throw refuse(call.node, 'which is no part of a norm');
  return 'divisor';
};

const leaky = (call: Call): Curve => {
  const slope = floatAttribute(call.node, 'alpha', 0.01);
  return { value: (x) => (x < 0 ? slope * x : x), derivative: (x) => (x < 0 ? slope : 1) };
};

const elu = (call: Call): Curve => {
  const alpha = floatAttribute(call.node, 'alpha', 1);
  return {
    value: (x) => (x < 0 ? alpha * Math.expm1(x) : x),
    derivative: (x) => (x < 0 ? alpha * Math.exp(x) : 1),
  };
};

/** Operators that bend one number after the other: behind them only the gradient is known. */
export const activations: Readonly<Record<string, Operator>> = {
  Relu: bent(relu.value, relu.derivative),
  LeakyRelu: unary(leaky, activation),
  Elu: unary(elu, activation),
  Sigmoid: unary(() => logistic(1), activation),
  Tanh: bent(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
  HardSigmoid: unary(
    (call) => hardSigmoid(floatAttribute(call.node, 'alpha', 0.2), floatAttribute(call.node, 'beta', 0.5)),
    activation,
  ),
  HardSwish: unary(() => product(identity, hardSigmoid(1 / 6, 0.5)), activation),
  Gelu: unary((call) => (textAttribute(call.node, 'approximate', 'none') === 'tanh' ? tanhGelu : gelu), activation),
  Erf: bent(erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
  Clip: unary(clip, activation),
  Abs: bent(Math.abs, Math.sign),
  Softplus: bent((x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x), sigmoid),
  'com.microsoft.Gelu': unary(() => gelu, activation),
  FastGelu: unary(() => tanhGelu, activation),
  'com.microsoft.QuickGelu': unary(
    (call) => product(identity, logistic(floatAttribute(call.node, 'alpha', 1.702))),
    activation,
  ),
  Neg: unary(() => ({ value: (x) => -x, derivative: () => -1 }), linear),
  Sqrt: unary(() => ({ value: Math.sqrt, derivative: () => 0 }), ofNorm),
  Reciprocal: unary(() => ({ value: (x) => 1 / x, derivative: () => 0 }), ofNorm),
  Floor: { evaluate: (call) => ({ ...required(call, 0), data: required(call, 0).data.map(Math.floor) }) },
  Ceil: { evaluate: (call) => ({ ...required(call, 0), data: required(call, 0).data.map(Math.ceil) }) },
};

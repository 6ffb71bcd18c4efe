import { floatAttribute, textAttribute } from '../../onnx/graph.js';
import {
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
  relu,
  scaled,
  softplus,
  softsign,
  tanhGelu,
  thresholded,
} from '../curve.js';
import { type Call, isStatistic, linear, type Operator, refuse, required, type Status } from '../operator.js';
import { unary } from './pointwise.js';

const attribute = ({ node }: Call, name: string, fallback: number) => floatAttribute(node, name, fallback);

const clip = ({ node, inputs, statuses }: Call): Curve => {
  if (statuses.slice(1).some((status) => status !== 'constant')) throw refuse(node, 'with computed limits');
  // Before opset 11 the limits were attributes, and the largest float32 meant no limit.
  const unlimited = (limit: number) => (Math.abs(limit) > 3.4e38 ? Math.sign(limit) * Number.POSITIVE_INFINITY : limit);
  const low = inputs[1]?.data[0] ?? floatAttribute(node, 'min', Number.NEGATIVE_INFINITY);
  const high = inputs[2]?.data[0] ?? floatAttribute(node, 'max', Number.POSITIVE_INFINITY);
  return clamped(unlimited(low), unlimited(high));
};

/** A square root is understood only as part of a norm, not as an activation. */
const squareRoot: Operator = {
  evaluate: (call) => {
    const { dims, data } = required(call, 0);
    return { dims, data: Float64Array.from(data, Math.sqrt) };
  },
  status: ({ node, statuses: [status] }) => {
    if (!isStatistic(status)) throw refuse(node, 'which is no part of a norm');
    return 'divisor';
  },
};

/** Of a norm's moment it is a divisor, of bent values an activation. Of the features themselves it is refused. */
const reciprocalStatus = (call: Call): Status => {
  const [status] = call.statuses;
  if (isStatistic(status)) return 'divisor';
  if (status === 'bent') return 'bent';
  throw refuse(call.node, 'which divides by the features themselves');
};

const selu = (call: Call): Curve =>
  scaled(attribute(call, 'gamma', 1.0507009873554805), elu(attribute(call, 'alpha', 1.6732632423543772)));

/** ELU that is smooth at zero for any alpha (Barron 2017, Continuously Differentiable Exponential Linear Units). */
const celu = (alpha: number): Curve => scaled(alpha, after(elu(1), line(1 / alpha)));

/** Nonlinear elementwise operators. Downstream of them their slope is held. */
export const activations: Readonly<Record<string, Operator>> = {
  Relu: unary(() => relu),
  ThresholdedRelu: unary((call) => thresholded(attribute(call, 'alpha', 1))),
  LeakyRelu: unary((call) => hinge(attribute(call, 'alpha', 0.01), 1)),
  Abs: unary(() => hinge(-1, 1)),
  Elu: unary((call) => elu(attribute(call, 'alpha', 1))),
  Selu: unary(selu),
  Celu: unary((call) => celu(attribute(call, 'alpha', 1))),
  Sigmoid: unary(() => logistic),
  Tanh: unary(() => hyperbolicTangent),
  Exp: unary(() => exponential),
  Log: unary(() => logarithm),
  Softplus: unary(() => softplus),
  Softsign: unary(() => softsign),
  HardSigmoid: unary((call) => hardSigmoid(attribute(call, 'alpha', 0.2), attribute(call, 'beta', 0.5))),
  HardSwish: unary(() => gated(hardSigmoid(1 / 6, 0.5))),
  Swish: unary((call) => gated(logistic, attribute(call, 'alpha', 1))),
  Mish: unary(() => gated(after(hyperbolicTangent, softplus))),
  Gelu: unary(({ node }) => (textAttribute(node, 'approximate', 'none') === 'tanh' ? tanhGelu : gelu)),
  Erf: unary(() => errorFunction),
  Clip: unary(clip),
  'com.microsoft.Gelu': unary(() => gelu),
  'com.microsoft.FastGelu': unary(() => tanhGelu),
  'com.microsoft.QuickGelu': unary((call) => gated(logistic, attribute(call, 'alpha', 1.702))),
  Neg: unary(() => line(-1), linear),
  Sqrt: squareRoot,
  Reciprocal: { ...unary(() => inverse, reciprocalStatus), holds: () => 'slope of an activation' },
};

import { halfEven } from '../../../rounding.js';
import { intAttribute } from '../../graph.js';
import { scalar, sizeOf, type Tensor } from '../../tensor.js';
import { type Call, linear, type Operator, positiveAxis, refuse, required, type Status } from '../operator.js';
import { activations } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { contractions } from './contraction.js';
import { rearrangements } from './rearrangement.js';

/** Integer arithmetic read as what it stands for: a stored q is (q - zeroPoint) * scale. */
interface Quantization {
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
}

const ZERO = scalar(0);
const ONE = scalar(1);

const quantizationOf = (call: Call, scale: number, zeroPoint: number): Quantization => ({
  scale: required(call, scale),
  zeroPoint: call.inputs[zeroPoint] ?? ZERO,
});

/** For each element of a tensor, which of the scales along `axis` is its own. */
const laneOf = (dims: readonly number[], axis: number, lanes: number): ((i: number) => number) => {
  if (lanes === 1) return () => 0;
  const inner = sizeOf(dims.slice(positiveAxis(axis, dims.length) + 1));
  return (i) => Math.floor(i / inner) % lanes;
};

const dequantizeNow = ({ dims, data }: Tensor, { scale, zeroPoint }: Quantization, axis: number): Tensor => {
  const lane = laneOf(dims, axis, scale.data.length);
  const zero = laneOf(dims, axis, zeroPoint.data.length);
  return { dims, data: Float64Array.from(data, (q, i) => (q - zeroPoint.data[zero(i)]) * scale.data[lane(i)]) };
};

// Weights are the same tensor for every photo and class; each is dequantised once.
const dequantized = new WeakMap<Tensor, { readonly by: Quantization; readonly axis: number; readonly value: Tensor }>();

const dequantize = (tensor: Tensor, by: Quantization, axis: number): Tensor => {
  const known = dequantized.get(tensor);
  const same = known?.by.scale === by.scale && known.by.zeroPoint === by.zeroPoint && known.axis === axis;
  if (known !== undefined && same) return known.value;
  const value = dequantizeNow(tensor, by, axis);
  dequantized.set(tensor, { by, axis, value });
  return value;
};

// Without a zero point, ONNX quantises to uint8.
const rangeOf = ({ zeroPoint }: Quantization): readonly [number, number] => zeroPoint.range ?? [0, 255];

const quantize = ({ dims, data }: Tensor, quantization: Quantization, axis: number): Tensor => {
  const { scale, zeroPoint } = quantization;
  const lane = laneOf(dims, axis, scale.data.length);
  const zero = laneOf(dims, axis, zeroPoint.data.length);
  const [low, high] = rangeOf(quantization);
  const level = (x: number, i: number) => halfEven(x / scale.data[lane(i)]) + zeroPoint.data[zero(i)];
  return { dims, data: Float64Array.from(data, (x, i) => Math.min(high, Math.max(low, level(x, i)))) };
};

/**
 * The gradient through a quantised result. Rounding lets it through. Saturation bends a value like an activation: behind
 * an activation it stops the gradient; before one the head is still called affine, and the residual tells if it is not.
 */
const throughSaturation = (gradient: Float64Array, output: Tensor, quantization: Quantization, status: Status) => {
  if (status !== 'first-order') return gradient;
  const [low, high] = rangeOf(quantization);
  return gradient.map((g, i) => (output.data[i] > low && output.data[i] < high ? g : 0));
};

const storedScales = (call: Call, inputs: readonly number[]): void => {
  if (inputs.some((input) => (call.statuses[input] ?? 'constant') !== 'constant')) {
    throw refuse(call.node, 'whose scale depends on the features');
  }
};

const axisOf = (call: Call): number => intAttribute(call.node, 'axis', 1);

const scaling = (apply: typeof quantize, back: Operator['pullBack']): Operator => ({
  evaluate: (call) => apply(required(call, 0), quantizationOf(call, 1, 2), axisOf(call)),
  status: (call) => {
    storedScales(call, [1, 2]);
    return linear(call);
  },
  ...(back && { pullBack: back }),
});

/** Positions among a quantised operator's inputs: of each operand its value, scale and zero point. */
interface Wiring {
  readonly operands: readonly (readonly [value: number, scale: number, zeroPoint: number])[];
  /** An int32 bias, whose scale is the product of the operands' scales. */
  readonly bias?: number;
  /** Scale and zero point of the result; where they are not given, it is not quantised. */
  readonly result: readonly [scale: number, zeroPoint: number];
  /** Axis of an operand with a scale for each channel. */
  readonly channelAxis: number;
}

/** A quantised operator as the operator that it stands for, between dequantised operands and a quantised result. */
const quantized = (inner: Operator, wiringOf: (call: Call) => Wiring): Operator => {
  const unpack = (call: Call) => {
    const wiring = wiringOf(call);
    const operands = wiring.operands.map(([value, scale, zeroPoint]) => ({
      value,
      quantization: quantizationOf(call, scale, zeroPoint),
    }));
    const inputs: (Tensor | undefined)[] = operands.map(({ value, quantization }) =>
      dequantize(required(call, value), quantization, wiring.channelAxis),
    );
    const bias = wiring.bias === undefined ? undefined : call.inputs[wiring.bias];
    if (bias !== undefined) {
      const [a, b] = operands.map(({ quantization }) => quantization.scale.data);
      inputs.push({
        dims: bias.dims,
        data: Float64Array.from(bias.data, (q, i) => q * a[i % a.length] * b[i % b.length]),
      });
    }
    const statuses = operands.map(({ value }) => call.statuses[value]);
    const [scale, zeroPoint] = wiring.result;
    const result = call.inputs[scale] === undefined ? undefined : quantizationOf(call, scale, zeroPoint);
    return { operands, result, wiring, inner: { ...call, inputs, statuses } };
  };
  return {
    evaluate: (call) => {
      const { inner: unpacked, result } = unpack(call);
      const value = inner.evaluate(unpacked);
      return result === undefined ? value : quantize(value, result, 1);
    },
    status: (call) => {
      const { wiring, inner: unpacked } = unpack(call);
      storedScales(call, [...wiring.operands.flatMap(([, scale, zero]) => [scale, zero]), ...wiring.result]);
      return inner.status?.(unpacked) ?? 'constant';
    },
    pullBack: (call, output, gradient) => {
      const { operands, result, inner: unpacked } = unpack(call);
      const status = inner.status?.(unpacked) ?? 'constant';
      const real =
        result === undefined
          ? gradient
          : throughSaturation(gradient, output, result, status).map((g) => g / result.scale.data[0]);
      const backs = inner.pullBack?.(unpacked, output, real) ?? [];
      const all = new Array<Float64Array | undefined>(call.inputs.length).fill(undefined);
      operands.forEach(({ value, quantization }, i) => {
        const lane = laneOf(required(call, value).dims, 1, quantization.scale.data.length);
        all[value] = backs[i]?.map((g, at) => g * quantization.scale.data[lane(at)]);
      });
      return all;
    },
  };
};

/** A product of integers: zero points are taken away, scales are multiplied by other operators. */
const integer = (inner: Operator): Operator => {
  const unpack = (call: Call): Call => {
    const [a, b] = [0, 1].map((operand) =>
      dequantize(required(call, operand), { scale: ONE, zeroPoint: call.inputs[operand + 2] ?? ZERO }, operand),
    );
    return { ...call, inputs: [a, b], statuses: call.statuses.slice(0, 2) };
  };
  return {
    evaluate: (call) => inner.evaluate(unpack(call)),
    status: (call) => {
      storedScales(call, [2, 3]);
      return inner.status?.(unpack(call)) ?? 'constant';
    },
    pullBack: (call, output, gradient) => inner.pullBack?.(unpack(call), output, gradient) ?? [],
  };
};

const pair = [
  [0, 1, 2],
  [3, 4, 5],
] as const;
const twoOperands: Wiring = { operands: pair, result: [6, 7], channelAxis: 1 };
const oneOperand: Wiring = { operands: [[0, 1, 2]], result: [3, 4], channelAxis: 1 };

const { Add, Mul } = arithmetic;
const { Gemm, MatMul, Conv } = contractions;

/** Quantised operators, of ONNX and of ONNX Runtime. */
export const quantizations: Readonly<Record<string, Operator>> = {
  QuantizeLinear: scaling(quantize, (call, output, gradient) => {
    const quantization = quantizationOf(call, 1, 2);
    const { data } = quantization.scale;
    const lane = laneOf(output.dims, axisOf(call), data.length);
    return [throughSaturation(gradient, output, quantization, linear(call)).map((g, i) => g / data[lane(i)])];
  }),
  DequantizeLinear: scaling(dequantize, (call, output, gradient) => {
    const { data } = required(call, 1);
    const lane = laneOf(output.dims, axisOf(call), data.length);
    return [gradient.map((g, i) => g * data[lane(i)])];
  }),
  // Any scale would do, since whatever reads the integers multiplies it back in: 1 leaves the numbers as they are.
  DynamicQuantizeLinear: {
    outputs: 3,
    evaluate: (call) => (call.output === 0 ? required(call, 0) : call.output === 1 ? ONE : ZERO),
    status: (call) => (call.output === 0 ? linear(call) : 'constant'),
    pullBack: (_, __, gradient) => [gradient],
  },
  MatMulInteger: integer(MatMul),
  ConvInteger: integer(Conv),
  QLinearMatMul: quantized(MatMul, () => twoOperands),
  QLinearConv: quantized(Conv, () => ({ operands: pair, result: [6, 7], bias: 8, channelAxis: 0 })),
  'com.microsoft.QGemm': quantized(Gemm, () => ({ operands: pair, bias: 6, result: [7, 8], channelAxis: 0 })),
  'com.microsoft.QLinearAdd': quantized(Add, () => twoOperands),
  'com.microsoft.QLinearMul': quantized(Mul, () => twoOperands),
  'com.microsoft.QLinearSigmoid': quantized(activations.Sigmoid, () => oneOperand),
  'com.microsoft.QLinearLeakyRelu': quantized(activations.LeakyRelu, () => oneOperand),
  'com.microsoft.QLinearConcat': quantized(rearrangements.Concat, ({ inputs }) => ({
    operands: Array.from({ length: (inputs.length - 2) / 3 }, (_, i) => [2 + i * 3, 3 + i * 3, 4 + i * 3] as const),
    result: [0, 1],
    channelAxis: 1,
  })),
};

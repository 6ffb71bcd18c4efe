import { halfEven } from '../../../rounding.js';
import { intAttribute } from '../../onnx/graph.js';
import { type Range, rangeOfType, scalar, sizeOf, type Tensor } from '../../onnx/tensor.js';
import { type Algebra, numbers, subtract } from '../algebra.js';
import { type Pair, relu } from '../curve.js';
import {
  activation,
  type Call,
  linear,
  type Operator,
  positiveAxis,
  refuse,
  required,
  type TangentEmitter,
} from '../operator.js';
import { contractions } from './contraction.js';

/** Quantised numbers as real ones: a stored q stands for (q - zeroPoint) * scale. */
interface Quantization {
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
}

const ZERO = scalar(0);
const ONE = scalar(1);

const quantizationOf = (call: Call): Quantization => ({
  scale: required(call, 1),
  zeroPoint: call.inputs[2] ?? ZERO,
});

/** For each element of a tensor, the index of its scale or zero point along `axis`. */
const laneOf = (dims: readonly number[], axis: number, lanes: number): ((i: number) => number) => {
  if (lanes === 1) return () => 0;
  const inner = sizeOf(dims.slice(positiveAxis(axis, dims.length) + 1));
  return (i) => Math.floor(i / inner) % lanes;
};

const dequantizeNow = ({ dims, data }: Tensor, { scale, zeroPoint }: Quantization, axis: number): Tensor => {
  const lane = laneOf(dims, axis, scale.data.length);
  const zero = laneOf(dims, axis, zeroPoint.data.length);
  // In float32, as in the runtime, so that a number midway between two levels rounds the same way.
  const real = (q: number, i: number) => Math.fround((q - zeroPoint.data[zero(i)]) * scale.data[lane(i)]);
  return { dims, data: Float64Array.from(data, real) };
};

// Weights are the same tensor for every photo and class, so each is dequantised once.
const dequantized = new WeakMap<Tensor, { readonly by: Quantization; readonly axis: number; readonly value: Tensor }>();

const dequantize = (tensor: Tensor, by: Quantization, axis: number): Tensor => {
  const known = dequantized.get(tensor);
  const same = known?.by.scale === by.scale && known.by.zeroPoint === by.zeroPoint && known.axis === axis;
  if (known !== undefined && same) return known.value;
  const value = dequantizeNow(tensor, by, axis);
  dequantized.set(tensor, { by, axis, value });
  return value;
};

/** Smallest and largest level: of the zero point's type, else of the named type, else of uint8. */
const levelsOf = (call: Call): Range =>
  call.inputs[2]?.range ?? rangeOfType(intAttribute(call.node, 'output_dtype', 0)) ?? [0, 255];

const axisOf = (call: Call): number => intAttribute(call.node, 'axis', 1);

/** The limits between which a quantiser does not clip. */
interface Limits<T> {
  readonly low: T;
  readonly high: T;
  readonly halfLevel: T;
}

/** Scale, zero point, levels and limits of each element. */
const quantizer = (call: Call) => {
  const { dims } = required(call, 0);
  const { scale, zeroPoint } = quantizationOf(call);
  const lane = laneOf(dims, axisOf(call), scale.data.length);
  const zero = laneOf(dims, axisOf(call), zeroPoint.data.length);
  const [least, most] = levelsOf(call);
  return (i: number) => {
    const [step, origin] = [scale.data[lane(i)], zeroPoint.data[zero(i)]];
    const limits = { low: (least - origin) * step, high: (most - origin) * step, halfLevel: step / 2 };
    return { step, origin, least, most, ...limits };
  };
};

/** Share of the way from zero to the photo that lies beyond a limit. Up to half a level beyond it is mere rounding. */
const cut = <T>(m: Algebra<T>, beyond: Pair<T>, halfLevel: T): T => {
  const furthest = m.add(beyond.photo, m.relu(subtract(m, beyond.zero, beyond.photo)));
  return m.below(subtract(m, furthest, halfLevel), 0, m.constant(0), relu.slope(m, beyond));
};

/** Share of the way from zero to the photo that a quantiser does not clip. */
const kept = <T>(m: Algebra<T>, x: Pair<T>, { low, high, halfLevel }: Limits<T>): T => {
  const below = { photo: subtract(m, low, x.photo), zero: subtract(m, low, x.zero) };
  const above = { photo: subtract(m, x.photo, high), zero: subtract(m, x.zero, high) };
  return subtract(m, m.constant(1), m.add(cut(m, below, halfLevel), cut(m, above, halfLevel)));
};

/** The numbers of element `i`. */
const pairOf = (call: Call, zero: Call) => (i: number) => ({
  photo: required(call, 0).data[i],
  zero: required(zero, 0).data[i],
});

const cutsOff = (call: Call, zero: Call): boolean => {
  const [at, pair] = [quantizer(call), pairOf(call, zero)];
  return required(call, 0).data.some((_: number, i: number) => kept(numbers, pair(i), at(i)) !== 1);
};

const storedScales = (call: Call, inputs: readonly number[]): void => {
  if (inputs.some((input) => (call.statuses[input] ?? 'constant') !== 'constant')) {
    throw refuse(call.node, 'whose scale depends on the features');
  }
};

const emitQuantized = (call: Call, emit: TangentEmitter): string => {
  const at = quantizer(call);
  const each = (field: keyof Limits<string> | 'step') =>
    emit.numbers(required(call, 0).data.length, (i) => at(i)[field]);
  const limits = { low: each('low'), high: each('high'), halfLevel: each('halfLevel') };
  const share = kept(emit, emit.pair(0), limits);
  return emit.divide(emit.multiply(emit.tangent(0), share), each('step'));
};

/** Rounds to the nearest of 256 levels between the smallest and the largest number. One of the levels is zero. */
const roundedToRange = ({ dims, data }: Tensor): Tensor => {
  let [low, high] = [0, 0];
  for (const x of data) [low, high] = [Math.min(low, x), Math.max(high, x)];
  const step = Math.fround((high - low) / 255) || 1;
  const origin = halfEven(-low / step);
  const level = (x: number) => Math.min(255, Math.max(0, halfEven(Math.fround(x) / step) + origin));
  return { dims, data: Float64Array.from(data, (x) => (level(x) - origin) * step) };
};

/** A product of integers: subtracts zero points. Other operators apply the scales. */
const integer = (inner: Operator): Operator => {
  const unpack = (call: Call): Call => {
    const [a, b] = [0, 1].map((operand) =>
      dequantize(required(call, operand), { scale: ONE, zeroPoint: call.inputs[operand + 2] ?? ZERO }, operand),
    );
    return { ...call, inputs: [a, b], statuses: call.statuses.slice(0, 2) };
  };
  return {
    mixes: inner.mixes,
    weighs: inner.weighs,
    quantises: true,
    evaluate: (call) => inner.evaluate(unpack(call), unpack(call)),
    status: (call) => {
      storedScales(call, [2, 3]);
      return inner.status?.(unpack(call)) ?? 'constant';
    },
    pullBack: (call, output, gradient, zero) => inner.pullBack?.(unpack(call), output, gradient, unpack(zero)) ?? [],
  };
};

/** Quantising and dequantising. Other quantised operators are expanded, see `expansions.ts`. */
export const quantizations: Readonly<Record<string, Operator>> = {
  QuantizeLinear: {
    quantises: true,
    evaluate: (call) => {
      const { dims, data } = required(call, 0);
      const at = quantizer(call);
      const levelOf = (x: number, i: number) => {
        const { step, origin, least, most } = at(i);
        return Math.min(most, Math.max(least, halfEven(Math.fround(Math.fround(x) / step)) + origin));
      };
      return { dims, data: Float64Array.from(data, levelOf) };
    },
    status: (call) => {
      storedScales(call, [1, 2]);
      return activation(call);
    },
    holds: (call, zero) => (cutsOff(call, zero) ? 'end of a quantiser' : undefined),
    rounds: true,
    pullBack: (call, _, gradient, zero) => {
      const [at, pair] = [quantizer(call), pairOf(call, zero)];
      return [gradient.map((g, i) => (g === 0 ? 0 : (g * kept(numbers, pair(i), at(i))) / at(i).step))];
    },
    tangent: emitQuantized,
  },
  DequantizeLinear: {
    quantises: true,
    evaluate: (call) => dequantize(required(call, 0), quantizationOf(call), axisOf(call)),
    status: (call) => {
      storedScales(call, [1, 2]);
      return linear(call);
    },
    pullBack: (call, output, gradient) => {
      const { data } = required(call, 1);
      const lane = laneOf(output.dims, axisOf(call), data.length);
      return [gradient.map((g, i) => g * data[lane(i)])];
    },
    tangent: (call, emit) => {
      const { dims } = required(call, 0);
      const { data } = required(call, 1);
      const lane = laneOf(dims, axisOf(call), data.length);
      return emit.multiply(
        emit.tangent(0),
        emit.numbers(sizeOf(dims), (i) => data[lane(i)]),
      );
    },
  },
  // Operators that read the integers multiply by their scale again, so any scale is right. With 1 the numbers only get
  // rounded. The range follows the numbers, so nothing is clipped.
  DynamicQuantizeLinear: {
    quantises: true,
    outputs: 3,
    evaluate: (call) => (call.output === 0 ? roundedToRange(required(call, 0)) : call.output === 1 ? ONE : ZERO),
    rounds: true,
    // Bent, because the rounding differs between photos.
    status: (call) => (call.output === 0 ? activation(call) : 'constant'),
    pullBack: (_, __, gradient) => [gradient],
    tangent: (_, emit) => emit.tangent(0),
  },
  MatMulInteger: integer(contractions.MatMul),
  ConvInteger: integer(contractions.Conv),
};

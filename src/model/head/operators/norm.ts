import { floatAttribute, intAttribute } from '../../onnx/graph.js';
import { sizeOf, type Tensor } from '../../onnx/tensor.js';
import {
  atLeast,
  type Call,
  linear,
  type Operator,
  positiveAxis,
  refuse,
  required,
  type Status,
  type TangentEmitter,
} from '../operator.js';
import { reducedAxes } from '../reduced-axes.js';
import { broadcastIndex } from './broadcast.js';
import { listOf } from './rearrangement.js';

/** For each element, the index in the reduced tensor that it is summed into, and the dims of that tensor. */
const reduction = (call: Call) => {
  const from = required(call, 0).dims;
  const { kept, dims } = reducedAxes(call.node, from, listOf(call, 1, 'axes'));
  return { index: broadcastIndex(kept, from), dims, size: sizeOf(kept), each: sizeOf(from) / sizeOf(kept) };
};

const reduced = (call: Call, term: (x: number) => number, finish: (sum: number, each: number) => number): Tensor => {
  const { index, dims, size, each } = reduction(call);
  const { data } = required(call, 0);
  const sums = new Float64Array(size);
  for (let i = 0; i < index.length; i++) sums[index[i]] += term(data[i]);
  return { dims, data: sums.map((sum) => finish(sum, each)) };
};

/** A sum or mean of affine values is affine. Of bent values it is a moment, as in norms. */
const momentStatus = (call: Call): Status => {
  const status = linear(call);
  return status === 'bent' ? 'moment' : status;
};

const reducing = (scale: (each: number) => number): Operator => ({
  evaluate: (call) =>
    reduced(
      call,
      (x) => x,
      (sum, each) => sum * scale(each),
    ),
  status: momentStatus,
  pullBack: (call, _, gradient) => {
    const { index, each } = reduction(call);
    return [Float64Array.from(index, (at) => gradient[at] * scale(each))];
  },
});

const divisorStatus = (call: Call): Status => (call.statuses[0] === 'constant' ? 'constant' : 'divisor');

/** Divides each group of elements by its own length. Subtracts the group's mean first where `centred`. */
interface Norm {
  readonly centred: boolean;
  /** Added to the mean square under the root. Undefined: the divisor is the group's length, not its root mean square. */
  readonly epsilon: number | undefined;
  /** 2: sums squares. 1: sums magnitudes. */
  readonly order: 1 | 2;
  /** Elements of a group lie `stride` apart. */
  readonly count: number;
  readonly stride: number;
  readonly scale: Tensor | undefined;
  readonly shift: Tensor | undefined;
}

/** Calls `visit` with each group's first element. */
const eachGroup = (length: number, { count, stride }: Norm, visit: (first: number) => void): void => {
  for (let block = 0; block < length; block += count * stride) {
    for (let lane = 0; lane < stride; lane++) visit(block + lane);
  }
};

const meanOf = (data: Tensor['data'], first: number, { centred, count, stride }: Norm): number => {
  let mean = 0;
  if (centred) for (let k = 0; k < count; k++) mean += data[first + k * stride] / count;
  return mean;
};

const divisorOf = (data: Tensor['data'], first: number, norm: Norm): number => {
  const { epsilon, order, count, stride } = norm;
  const mean = meanOf(data, first, norm);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.abs(data[first + k * stride] - mean) ** order;
  const length = order === 1 ? sum : Math.sqrt(sum);
  // A vector of zeros stays a vector of zeros.
  return epsilon === undefined ? length || 1 : Math.sqrt(sum / count + epsilon);
};

const normed = (call: Call, held: Call, norm: Norm): Tensor => {
  const { dims, data } = required(call, 0);
  const { count, stride, scale, shift } = norm;
  const out = new Float64Array(data.length);
  eachGroup(data.length, norm, (first) => {
    const mean = meanOf(data, first, norm);
    const divisor = divisorOf(required(held, 0).data, first, norm);
    for (let k = 0; k < count; k++) {
      const at = first + k * stride;
      out[at] = ((data[at] - mean) / divisor) * (scale?.data[k] ?? 1) + (shift?.data[k] ?? 0);
    }
  });
  return { dims, data: out };
};

/** The slope with respect to the input, with the divisor held. */
const normSlope = (call: Call, gradient: Float64Array, norm: Norm): Float64Array => {
  const { data } = required(call, 0);
  const { centred, count, stride, scale } = norm;
  const back = new Float64Array(data.length);
  eachGroup(data.length, norm, (first) => {
    const divisor = divisorOf(data, first, norm);
    let mean = 0;
    for (let k = 0; k < count; k++) {
      const at = first + k * stride;
      back[at] = (gradient[at] * (scale?.data[k] ?? 1)) / divisor;
      mean += back[at] / count;
    }
    if (centred) for (let k = 0; k < count; k++) back[first + k * stride] -= mean;
  });
  return back;
};

/** @throws ModelError where a group is not all of a photo's numbers, or its length is not the root of squares. */
const normTangent = (call: Call, emit: TangentEmitter, { centred, order, count, epsilon, scale }: Norm): string => {
  if (count !== required(call, 0).data.length / required(call, 0).dims[0] || order !== 2) {
    throw refuse(call.node, 'which an exported model cannot carry a map through');
  }
  const aboutMean = (x: string) => (centred ? emit.add(x, emit.multiply(emit.constant(-1), emit.mean(x))) : x);
  const value = aboutMean(emit.pair(0).photo);
  // A length is the root of a sum, and a sum is the mean times the count.
  const squares = emit.multiply(
    emit.constant(epsilon === undefined ? count : 1),
    emit.mean(emit.multiply(value, value)),
  );
  const divisor = emit.sqrt(emit.add(squares, emit.constant(epsilon ?? 0)));
  const quotient = emit.divide(aboutMean(emit.tangent(0)), divisor);
  return scale === undefined ? quotient : emit.multiply(quotient, emit.pair(1).photo);
};

const norming = (normOf: (call: Call) => Norm): Operator => ({
  evaluate: (call, held) => normed(call, held, normOf(call)),
  status: (call) => {
    if (call.statuses.slice(1).some((status) => status !== 'constant'))
      throw refuse(call.node, 'with computed weights');
    return atLeast('frozen', linear(call));
  },
  holds: () => 'divisor of a norm',
  pullBack: (call, _, gradient) => [normSlope(call, gradient, normOf(call))],
  tangent: (call, emit) => normTangent(call, emit, normOf(call)),
});

/** LayerNormalization (centred) and its root-mean-square form, over the axes from `axis` on. */
const layerNorm =
  (centred: boolean) =>
  (call: Call): Norm => {
    const { dims } = required(call, 0);
    const axis = positiveAxis(intAttribute(call.node, 'axis', -1), dims.length);
    const count = sizeOf(dims.slice(axis));
    const epsilon = floatAttribute(call.node, 'epsilon', 1e-5);
    const [scale, shift] = [call.inputs[1], call.inputs[2]];
    if (scale !== undefined && scale.data.length !== count) throw refuse(call.node, 'whose weights do not fit');
    return { centred, order: 2, epsilon, count, stride: 1, scale, shift };
  };

const lpNorm = (call: Call): Norm => {
  const { dims } = required(call, 0);
  const axis = positiveAxis(intAttribute(call.node, 'axis', -1), dims.length);
  const order = intAttribute(call.node, 'p', 2) === 1 ? 1 : 2;
  const stride = sizeOf(dims.slice(axis + 1));
  return { centred: false, order, epsilon: undefined, count: dims[axis], stride, scale: undefined, shift: undefined };
};

/** Means, sums and norms. Divisors are held at their value for the photo. */
export const norms: Readonly<Record<string, Operator>> = {
  ReduceMean: reducing((each) => 1 / each),
  ReduceSum: reducing(() => 1),
  ReduceL1: { evaluate: (call) => reduced(call, Math.abs, (sum) => sum), status: divisorStatus },
  ReduceL2: { evaluate: (call) => reduced(call, (x) => x * x, Math.sqrt), status: divisorStatus },
  ReduceSumSquare: {
    evaluate: (call) =>
      reduced(
        call,
        (x) => x * x,
        (sum) => sum,
      ),
    status: divisorStatus,
  },
  LayerNormalization: norming(layerNorm(true)),
  SimplifiedLayerNormalization: norming(layerNorm(false)),
  RMSNormalization: norming(layerNorm(false)),
  LpNormalization: norming(lpNorm),
};

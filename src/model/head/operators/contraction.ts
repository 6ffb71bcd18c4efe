import { floatAttribute, intAttribute, intsAttribute } from '../../onnx/graph.js';
import { sizeOf, type Tensor } from '../../onnx/tensor.js';
import { type Call, linear, type Operator, refuse, required, type Status } from '../operator.js';
import { broadcastIndex } from './broadcast.js';
import { type Matrix, multiplyInto, rowMajor, transposed } from './matrix.js';

/** Status of a matrix product: affine where one of the matrices is stored in the model. */
const oneSided = (call: Call): Status => {
  const [a, b] = call.statuses;
  if (a !== 'constant' && b !== 'constant') throw refuse(call.node, 'a product of features with features');
  if (a === 'divisor' || b === 'divisor') throw refuse(call.node, 'which weighs a norm');
  const status = linear(call);
  // A weighted mean of bent values is not part of a norm.
  return status === 'moment' ? 'bent' : status;
};

/** Gradients of out = a x b, only for operands that depend on the features. */
const pullBackProduct = (
  call: Call,
  products: readonly { readonly a: Matrix; readonly b: Matrix; readonly out: Matrix }[],
  [m, k, n]: readonly [number, number, number],
  scale: number,
): readonly (Float64Array | undefined)[] =>
  call.statuses.slice(0, 2).map((status, side) => {
    if (status === 'constant') return undefined;
    const back = new Float64Array(required(call, side).data.length);
    for (const { a, b, out } of products) {
      if (side === 0) multiplyInto({ ...a, data: back }, out, transposed(b), [m, n, k]);
      // Transposed, so that the gradient is the first factor: its zeros are skipped.
      else multiplyInto(transposed({ ...b, data: back }), transposed(out), a, [n, m, k]);
    }
    return scale === 1 ? back : back.map((g) => g * scale);
  });

const gemm = (call: Call) => {
  const { node } = call;
  const a = required(call, 0);
  const b = required(call, 1);
  const transA = intAttribute(node, 'transA', 0) !== 0;
  const transB = intAttribute(node, 'transB', 0) !== 0;
  const [m, k] = transA ? [a.dims[1], a.dims[0]] : a.dims;
  const [inner, n] = transB ? [b.dims[1], b.dims[0]] : b.dims;
  if (a.dims.length !== 2 || b.dims.length !== 2 || inner !== k) {
    throw refuse(node, `whose matrices do not fit: ${a.dims.join('x')}, ${b.dims.join('x')}`);
  }
  const plainA = rowMajor(a.data, a.dims[1]);
  const plainB = rowMajor(b.data, b.dims[1]);
  return {
    shape: [m, k, n] as const,
    a: transA ? transposed(plainA) : plainA,
    b: transB ? transposed(plainB) : plainB,
    alpha: floatAttribute(node, 'alpha', 1),
    beta: floatAttribute(node, 'beta', 1),
  };
};

const evaluateGemm = (call: Call): Tensor => {
  const { shape, a, b, alpha, beta } = gemm(call);
  const [m, , n] = shape;
  const data = new Float64Array(m * n);
  multiplyInto(rowMajor(data, n), a, b, shape);
  const bias = call.inputs[2];
  const at = bias && broadcastIndex(bias.dims, [m, n]);
  for (let i = 0; i < data.length; i++) {
    data[i] = alpha * data[i] + (bias === undefined || at === undefined ? 0 : beta * bias.data[at[i]]);
  }
  return { dims: [m, n], data };
};

interface MatMulForm {
  readonly scale: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

/** Pairs of matrices that a MatMul multiplies, one for each index of the leading axes. */
const matMul = (call: Call, { transA, transB }: MatMulForm) => {
  const a = required(call, 0);
  const b = required(call, 1);
  const dimsA = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
  const dimsB = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
  const [m, k] = transA ? dimsA.slice(-2).reverse() : dimsA.slice(-2);
  const [inner, n] = transB ? dimsB.slice(-2).reverse() : dimsB.slice(-2);
  const leadA = dimsA.slice(0, -2);
  const leadB = dimsB.slice(0, -2);
  const lead = leadA.length >= leadB.length ? leadA : leadB;
  if (inner !== k || a.dims.length === 0 || b.dims.length === 0) {
    throw refuse(call.node, `whose matrices do not fit: ${a.dims.join('x')}, ${b.dims.join('x')}`);
  }
  const fromA = broadcastIndex(leadA, lead);
  const fromB = broadcastIndex(leadB, lead);
  const dims = [...lead, ...(a.dims.length === 1 ? [] : [m]), ...(b.dims.length === 1 ? [] : [n])];
  const oriented = (data: Tensor['data'], rows: number, columns: number, offset: number, turned: boolean): Matrix =>
    turned ? transposed(rowMajor(data, rows, offset)) : rowMajor(data, columns, offset);
  const products = (out: Float64Array) =>
    Array.from(fromA, (at, i) => ({
      a: oriented(a.data, m, k, at * m * k, transA),
      b: oriented(b.data, k, n, fromB[i] * k * n, transB),
      out: rowMajor(out, n, i * m * n),
    }));
  return { shape: [m, k, n] as const, dims, products };
};

const matMulOperator = (formOf: (call: Call) => MatMulForm): Operator => ({
  mixes: 'vectors',
  weighs: true,
  evaluate: (call) => {
    const form = formOf(call);
    const { shape, dims, products } = matMul(call, form);
    const data = new Float64Array(sizeOf(dims));
    for (const { a, b, out } of products(data)) multiplyInto(out, a, b, shape);
    return { dims, data: form.scale === 1 ? data : data.map((x) => x * form.scale) };
  },
  status: oneSided,
  pullBack: (call, _, gradient) => {
    const form = formOf(call);
    const { shape, products } = matMul(call, form);
    return pullBackProduct(call, products(gradient), shape, form.scale);
  },
});

/**
 * A 1x1 convolution: at each position, and for each group of channels, a matrix times the vector of channels. Or one as large
 * as its input: the same with one position, where each cell of each channel counts as a channel.
 */
const convolution = (call: Call) => {
  const { node } = call;
  const x = required(call, 0);
  const w = required(call, 1);
  const kernel = w.dims.slice(2);
  const [batch, channels] = x.dims;
  const groups = intAttribute(node, 'group', 1);
  const isWhole = kernel.some((size) => size !== 1) && kernel.every((size, i) => size === x.dims[i + 2]);
  // A kernel as large as its input makes one step, however long; and 1x1 has nothing to spread.
  const steps = intsAttribute(node, isWhole ? 'dilations' : 'strides') ?? [];
  const pads = intsAttribute(node, 'pads') ?? [];
  if (!isWhole && kernel.some((size) => size !== 1)) {
    throw refuse(node, `whose kernel is ${kernel.join('x')} and neither 1x1 nor as large as its input`);
  }
  if (pads.some((pad) => pad !== 0) || steps.some((step) => step !== 1)) {
    throw refuse(node, 'with padding or strides');
  }
  if (x.dims.length !== w.dims.length || w.dims[1] * groups !== channels || w.dims[0] % groups !== 0) {
    throw refuse(node, `whose weights do not fit: ${x.dims.join('x')}, ${w.dims.join('x')}`);
  }
  const positions = isWhole ? 1 : sizeOf(x.dims.slice(2));
  const inGroup = (channels / groups) * (isWhole ? sizeOf(kernel) : 1);
  const outGroup = w.dims[0] / groups;
  const dims = [batch, w.dims[0], ...(isWhole ? kernel.map(() => 1) : x.dims.slice(2))];
  const products = (out: Float64Array) =>
    Array.from({ length: batch * groups }, (_, i) => ({
      a: rowMajor(w.data, inGroup, (i % groups) * outGroup * inGroup),
      b: rowMajor(x.data, positions, i * inGroup * positions),
      out: rowMajor(out, positions, i * outGroup * positions),
    }));
  return { shape: [outGroup, inGroup, positions] as const, dims, positions, products };
};

const conv: Operator = {
  weighs: true,
  evaluate: (call) => {
    const { shape, dims, positions, products } = convolution(call);
    const data = new Float64Array(sizeOf(dims));
    for (const { a, b, out } of products(data)) multiplyInto(out, a, b, shape);
    const bias = call.inputs[2]?.data;
    if (bias) for (let i = 0; i < data.length; i++) data[i] += bias[Math.floor(i / positions) % bias.length];
    return { dims, data };
  },
  status: (call) => {
    if (call.statuses[1] !== 'constant') throw refuse(call.node, 'whose weights depend on the features');
    return oneSided(call);
  },
  pullBack: (call, _, gradient) => {
    const { shape, products } = convolution(call);
    const swapped = {
      ...call,
      inputs: [call.inputs[1], call.inputs[0]],
      statuses: ['constant', call.statuses[0]] as const,
    };
    return [pullBackProduct(swapped, products(gradient), shape, 1)[1]];
  },
};

/** Scale and shift of each channel (axis 1) for a BatchNormalization with stored statistics. */
const channelScale = (call: Call): { scale: Float64Array; shift: Float64Array; at: (i: number) => number } => {
  const x = required(call, 0);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => required(call, i).data);
  const epsilon = floatAttribute(call.node, 'epsilon', 1e-5);
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c] + epsilon));
  const shift = Float64Array.from(beta, (b, c) => b - mean[c] * scale[c]);
  const positions = sizeOf(x.dims.slice(2));
  return { scale, shift, at: (i) => Math.floor(i / positions) % scale.length };
};

/** Products with stored weights, and with stored scales. */
export const contractions: Readonly<Record<string, Operator>> = {
  Gemm: {
    mixes: 'vectors',
    weighs: true,
    evaluate: evaluateGemm,
    status: (call) => {
      if (call.statuses[2] !== undefined && call.statuses[2] !== 'constant')
        throw refuse(call.node, 'with a computed bias');
      return oneSided(call);
    },
    pullBack: (call, output, gradient) => {
      const { shape, a, b, alpha } = gemm(call);
      return pullBackProduct(call, [{ a, b, out: rowMajor(gradient, output.dims[1]) }], shape, alpha);
    },
  },
  MatMul: matMulOperator(() => ({ scale: 1, transA: false, transB: false })),
  'com.microsoft.FusedMatMul': matMulOperator(({ node }) => ({
    scale: floatAttribute(node, 'alpha', 1),
    transA: intAttribute(node, 'transA', 0) !== 0,
    transB: intAttribute(node, 'transB', 0) !== 0,
  })),
  Conv: conv,
  BatchNormalization: {
    evaluate: (call) => {
      const { dims, data } = required(call, 0);
      const { scale, shift, at } = channelScale(call);
      return { dims, data: Float64Array.from(data, (x, i) => x * scale[at(i)] + shift[at(i)]) };
    },
    status: (call) => {
      if (call.statuses.slice(1).some((status) => status !== 'constant'))
        throw refuse(call.node, 'with computed statistics');
      return linear(call);
    },
    pullBack: (call, _, gradient) => {
      const { scale, at } = channelScale(call);
      return [gradient.map((g, i) => g * scale[at(i)])];
    },
    tangent: (call, emit) => {
      const { scale, at } = channelScale(call);
      return emit.multiply(
        emit.tangent(0),
        emit.numbers(required(call, 0).data.length, (i) => scale[at(i)]),
      );
    },
  },
};

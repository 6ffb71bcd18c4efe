import type { ModelSketch, NodeSketch } from './build-model.js';
import { CHANNELS, type DrawnPool } from './drawn-pools.js';
import { noise } from './networks.js';

/** A head that is being put together, piece by piece. */
interface Sketch {
  readonly nodes: NodeSketch[];
  readonly weights: Record<string, { dims: number[]; data: number[] }>;
  readonly integers: Record<string, number[]>;
  readonly levels: Record<string, { type: 'uint8' | 'int8'; value: number }>;
  /** Name and size of the vector [1, size] that the head has come to. */
  vector: string;
  size: number;
}

/** One more piece of a head: adds its operations to the sketch. */
export type Piece = (sketch: Sketch, seed: number) => void;

const apply = (sketch: Sketch, op: string, more: readonly string[], attributes: NodeSketch['with'] = {}): string => {
  const out = `t${sketch.nodes.length}`;
  sketch.nodes.push({ op, in: [sketch.vector, ...more], out, with: attributes });
  sketch.vector = out;
  return out;
};

const fresh = ({ weights, integers, levels }: Sketch): string =>
  `c${Object.keys(weights).length + Object.keys(integers).length + Object.keys(levels).length}`;

const weight = (sketch: Sketch, dims: number[], seed: number, offset = 0, scale = 0.6): string => {
  const key = fresh(sketch);
  const length = dims.reduce((a, b) => a * b, 1);
  sketch.weights[key] = { dims, data: noise(length, seed).map((x) => x * scale + offset) };
  return key;
};

const number = (sketch: Sketch, value: number): string => weight(sketch, [], 1, value, 0);

const integer = (sketch: Sketch, ...data: number[]): string => {
  const key = fresh(sketch);
  sketch.integers[key] = data;
  return key;
};

const gemm: Piece = (sketch, seed) => {
  const to = 3 + (seed % 5);
  const more = [weight(sketch, [to, sketch.size], seed), weight(sketch, [to], seed + 1)];
  apply(sketch, 'Gemm', more, { transB: 1 });
  sketch.size = to;
};

/** A matrix of the vector's own size: what follows can be laid beside what was before. */
const square = (sketch: Sketch, seed: number): string =>
  apply(sketch, 'MatMul', [weight(sketch, [sketch.size, sketch.size], seed)]);

/** Pieces after which a head is still affine. */
export const affine: Readonly<Record<string, Piece>> = {
  gemm,
  matmul: (sketch, seed) => {
    apply(sketch, 'MatMul', [weight(sketch, [sketch.size, 4], seed)]);
    sketch.size = 4;
  },
  add: (sketch, seed) => apply(sketch, 'Add', [weight(sketch, [sketch.size], seed)]),
  sub: (sketch, seed) => apply(sketch, 'Sub', [weight(sketch, [1, sketch.size], seed)]),
  mul: (sketch, seed) => apply(sketch, 'Mul', [weight(sketch, [sketch.size], seed, 1)]),
  div: (sketch, seed) => apply(sketch, 'Div', [weight(sketch, [], seed, 2)]),
  neg: (sketch) => apply(sketch, 'Neg', []),
  norm: (sketch, seed) => {
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) =>
      weight(sketch, [sketch.size], seed + i, i === 4 ? 1 : 0),
    );
    apply(sketch, 'BatchNormalization', [gamma, beta, mean, variance]);
  },
  unsqueeze: (sketch) => {
    apply(sketch, 'Unsqueeze', [integer(sketch, 0, -1)]);
    apply(sketch, 'Transpose', [], { perm: [0, 2, 1, 3] });
    apply(sketch, 'Squeeze', [integer(sketch, 2, 3)]);
    apply(sketch, 'Reshape', [integer(sketch, 0, -1)]);
  },
  conv: (sketch, seed) => {
    apply(sketch, 'Reshape', [integer(sketch, 1, sketch.size, 1, 1)]);
    apply(sketch, 'Conv', [weight(sketch, [5, sketch.size, 1, 1], seed), weight(sketch, [5], seed + 1)]);
    apply(sketch, 'Flatten', []);
    sketch.size = 5;
  },
  gather: (sketch, seed) => {
    const picks = Array.from({ length: sketch.size }, (_, i) => (i * 7 + seed) % sketch.size);
    apply(sketch, 'Gather', [integer(sketch, ...picks)], { axis: 1 });
  },
  slice: (sketch) => {
    if (sketch.size < 4) return;
    apply(sketch, 'Slice', [integer(sketch, 1), integer(sketch, sketch.size), integer(sketch, 1)]);
    sketch.size -= 1;
  },
  residual: (sketch, seed) => {
    const start = sketch.vector;
    square(sketch, seed);
    apply(sketch, 'Add', [start]);
  },
  concat: (sketch, seed) => {
    const start = sketch.vector;
    apply(sketch, 'Mul', [weight(sketch, [], seed, 1)]);
    apply(sketch, 'Concat', [start], { axis: 1 });
    sketch.size *= 2;
  },
};

/** Pieces with a divisor that is held. */
export const dividing: Readonly<Record<string, Piece>> = {
  layerNormalization: (sketch, seed) => {
    const more = [weight(sketch, [sketch.size], seed, 1), weight(sketch, [sketch.size], seed + 1)];
    apply(sketch, 'LayerNormalization', more, { axis: -1 });
  },
  lengthNormalization: (sketch) => apply(sketch, 'LpNormalization', [], { axis: 1, p: 2 }),
  primitiveNorm: (sketch) => {
    const start = sketch.vector;
    const mean = apply(sketch, 'ReduceMean', [], { axes: [-1], keepdims: 1 });
    sketch.vector = start;
    const centred = apply(sketch, 'Sub', [mean]);
    apply(sketch, 'Pow', [number(sketch, 2)]);
    apply(sketch, 'ReduceMean', [], { axes: [-1], keepdims: 1 });
    apply(sketch, 'Add', [number(sketch, 1e-3)]);
    const divisor = apply(sketch, 'Sqrt', []);
    sketch.vector = centred;
    apply(sketch, 'Div', [divisor]);
  },
  sumOfMagnitudes: (sketch) => {
    const start = sketch.vector;
    apply(sketch, 'Abs', []);
    apply(sketch, 'ReduceSum', [integer(sketch, -1)], { keepdims: 1 });
    const divisor = apply(sketch, 'Add', [number(sketch, 1e-6)]);
    sketch.vector = start;
    apply(sketch, 'Div', [divisor]);
  },
  meanSquare: (sketch) => {
    const start = sketch.vector;
    apply(sketch, 'Mul', [start]);
    apply(sketch, 'ReduceMean', [], { axes: [-1], keepdims: 1 });
    const divisor = apply(sketch, 'Add', [number(sketch, 0.1)]);
    sketch.vector = start;
    apply(sketch, 'Div', [divisor]);
  },
};

const unary =
  (op: string): Piece =>
  (sketch) =>
    apply(sketch, op, []);
const unaries = [
  ...['Relu', 'Sigmoid', 'Tanh', 'HardSwish', 'HardSigmoid', 'LeakyRelu', 'Elu', 'Selu', 'Celu'],
  ...['Erf', 'Abs', 'Softplus', 'Softsign', 'com.microsoft.Gelu', 'com.microsoft.FastGelu'],
];

/** x times a function of x, in the operators that exporters write. */
const gated =
  (gate: Piece): Piece =>
  (sketch, seed) => {
    const start = sketch.vector;
    gate(sketch, seed);
    apply(sketch, 'Mul', [start]);
  };

/** Pieces with slopes that are held: activations, and products of what depends on the photo. */
export const bending: Readonly<Record<string, Piece>> = {
  ...Object.fromEntries(unaries.map((op) => [op, unary(op)])),
  clip: (sketch) => apply(sketch, 'Clip', [number(sketch, -0.2), number(sketch, 0.3)]),
  prelu: (sketch, seed) => apply(sketch, 'PRelu', [weight(sketch, [sketch.size], seed)]),
  maximum: (sketch, seed) => apply(sketch, 'Max', [weight(sketch, [sketch.size], seed)]),
  minimum: (sketch, seed) => apply(sketch, 'Min', [weight(sketch, [sketch.size], seed)]),
  maxout: (sketch, seed) => {
    const start = sketch.vector;
    square(sketch, seed);
    apply(sketch, 'Max', [start]);
  },
  squaredRelu: (sketch) => {
    apply(sketch, 'Relu', []);
    apply(sketch, 'Pow', [number(sketch, 2)]);
  },
  silu: gated(unary('Sigmoid')),
  mish: gated((sketch) => {
    apply(sketch, 'Softplus', []);
    apply(sketch, 'Tanh', []);
  }),
  erfGelu: gated((sketch) => {
    apply(sketch, 'Div', [number(sketch, Math.SQRT2)]);
    apply(sketch, 'Erf', []);
    apply(sketch, 'Add', [number(sketch, 1)]);
    apply(sketch, 'Mul', [number(sketch, 0.5)]);
  }),
  hardSwishByClip: gated((sketch) => {
    apply(sketch, 'Add', [number(sketch, 3)]);
    apply(sketch, 'Clip', [number(sketch, 0), number(sketch, 6)]);
    apply(sketch, 'Div', [number(sketch, 6)]);
  }),
  leakyReluByWhere: (sketch, seed) => {
    const start = sketch.vector;
    const steep = apply(sketch, 'Mul', [number(sketch, 0.1)]);
    sketch.vector = start;
    const positive = apply(sketch, seed % 2 === 0 ? 'Greater' : 'GreaterOrEqual', [number(sketch, 0)]);
    sketch.nodes.push({ op: 'Where', in: [positive, start, steep], out: `${positive}_where` });
    sketch.vector = `${positive}_where`;
  },
  thresholdByWhere: (sketch, seed) => {
    const [start, low] = [sketch.vector, number(sketch, 0.1)];
    const small = apply(sketch, seed % 2 === 0 ? 'Less' : 'LessOrEqual', [number(sketch, 0.1)]);
    sketch.nodes.push({ op: 'Where', in: [small, low, start], out: `${small}_where` });
    sketch.vector = `${small}_where`;
  },
  logSigmoid: (sketch) => {
    apply(sketch, 'Sigmoid', []);
    apply(sketch, 'Log', []);
  },
  softsignByDiv: (sketch) => {
    const start = sketch.vector;
    apply(sketch, 'Abs', []);
    const size = apply(sketch, 'Add', [number(sketch, 1)]);
    sketch.vector = start;
    apply(sketch, 'Div', [size]);
  },
  sigmoidByReciprocal: (sketch) => {
    apply(sketch, 'Neg', []);
    apply(sketch, 'Exp', []);
    apply(sketch, 'Add', [number(sketch, 1)]);
    apply(sketch, 'Reciprocal', []);
  },
  maximumOfThree: (sketch, seed) => {
    const start = sketch.vector;
    const other = square(sketch, seed);
    sketch.vector = start;
    apply(sketch, 'Max', [other, number(sketch, 0.1)]);
  },
  fusedGemm: (sketch, seed) => {
    const more = [weight(sketch, [4, sketch.size], seed), weight(sketch, [4], seed + 1)];
    const activation = { activation: seed % 2 === 0 ? 'Relu' : 'LeakyRelu', activation_alpha: 0.3 };
    apply(sketch, 'com.microsoft.FusedGemm', more, { ...activation, transB: 1 });
    sketch.size = 4;
  },
  fusedConv: (sketch, seed) => {
    apply(sketch, 'Reshape', [integer(sketch, 1, sketch.size, 1, 1)]);
    const more = [weight(sketch, [5, sketch.size, 1, 1], seed), weight(sketch, [5], seed + 1)];
    apply(sketch, 'com.microsoft.FusedConv', more, { activation: 'Tanh' });
    apply(sketch, 'Flatten', []);
    sketch.size = 5;
  },
  gate: gated((sketch, seed) => {
    square(sketch, seed);
    apply(sketch, 'Sigmoid', []);
  }),
  product: gated((sketch, seed) => square(sketch, seed)),
};

const quantizer =
  (type: 'uint8' | 'int8', zeroPoint: number, reach: number): Piece =>
  (sketch) => {
    const [scale, zero] = [number(sketch, reach / 255), fresh(sketch)];
    sketch.levels[zero] = { type, value: zeroPoint };
    apply(sketch, 'QuantizeLinear', [scale, zero]);
    apply(sketch, 'DequantizeLinear', [scale, zero]);
  };

/** Pieces that round, and cut off what lies beyond their range. */
export const quantizing: Readonly<Record<string, Piece>> = {
  wideQuantizer: quantizer('uint8', 128, 8),
  narrowQuantizer: quantizer('int8', 3, 1),
  /** A ReLU, as quantisers write it. */
  reluQuantizer: quantizer('uint8', 0, 2),
  quantizerOfInt8: quantizer('int8', -128, 2),
};

/** A network of 6 x 8 pixels with the pieces between its pool and its logits. */
export const sketchOf = (pool: DrawnPool, pieces: readonly Piece[], seed: number): ModelSketch => {
  const stem = noise(3 * CHANNELS, seed).map((x) => x * 2);
  const sketch: Sketch = {
    nodes: [
      { op: 'Conv', in: ['input', 'stem'], out: 'stemmed' },
      { op: 'Tanh', in: ['stemmed'], out: 'features' },
      ...pool.nodes,
    ],
    weights: { stem: { dims: [CHANNELS, 3, 1, 1], data: stem }, ...pool.weights },
    integers: { ...pool.integers },
    levels: {},
    vector: 'vector',
    size: pool.size,
  };
  pieces.forEach((piece, i) => piece(sketch, seed + i * 10));
  gemm(sketch, seed);
  const last = sketch.nodes[sketch.nodes.length - 1];
  return { ...sketch, nodes: [...sketch.nodes.slice(0, -1), { ...last, out: 'logits' }] };
};

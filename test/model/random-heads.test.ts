import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pooledVector } from '../../src/cam/class-map.js';
import { mapOf } from '../../src/cam/result.js';
import { checkExport } from '../../src/model/export/check.js';
import { withClassMaps } from '../../src/model/export/class-maps.js';
import { readGraph } from '../../src/model/graph.js';
import { evaluate } from '../../src/model/head/head.js';
import { forward } from '../../src/model/network.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes, noise, noiseFeed, nothingBeside } from '../helpers/networks.js';

interface Sketch {
  nodes: NodeSketch[];
  weights: Record<string, { dims: number[]; data: number[] }>;
  integers: Record<string, number[]>;
  /** Name and size of the vector [1, size] that the head has come to. */
  vector: string;
  size: number;
}

/** One more piece of a head: adds its operations to the sketch. */
type Piece = (sketch: Sketch, seed: number) => void;

const name = (sketch: Sketch): string => `t${sketch.nodes.length}_${Object.keys(sketch.weights).length}`;

const apply = (sketch: Sketch, op: string, more: readonly string[], attributes: NodeSketch['with'] = {}): void => {
  const out = name(sketch);
  sketch.nodes.push({ op, in: [sketch.vector, ...more], out, with: attributes });
  sketch.vector = out;
};

const weight = (sketch: Sketch, dims: number[], seed: number, offset = 0, scale = 0.6): string => {
  const key = `w${Object.keys(sketch.weights).length}_${sketch.nodes.length}`;
  const length = dims.reduce((a, b) => a * b, 1);
  sketch.weights[key] = { dims, data: noise(length, seed).map((x) => x * scale + offset) };
  return key;
};

const integer = (sketch: Sketch, data: number[]): string => {
  const key = `i${Object.keys(sketch.integers).length}_${sketch.nodes.length}`;
  sketch.integers[key] = data;
  return key;
};

const gemm: Piece = (sketch, seed) => {
  const to = 3 + (seed % 5);
  const more = [weight(sketch, [to, sketch.size], seed), weight(sketch, [to], seed + 1)];
  apply(sketch, 'Gemm', more, { transB: 1 });
  sketch.size = to;
};

const exact: Readonly<Record<string, Piece>> = {
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
    apply(sketch, 'Unsqueeze', [integer(sketch, [0, -1])]);
    apply(sketch, 'Transpose', [], { perm: [0, 2, 1, 3] });
    apply(sketch, 'Squeeze', [integer(sketch, [2, 3])]);
    apply(sketch, 'Reshape', [integer(sketch, [0, -1])]);
  },
  conv: (sketch, seed) => {
    apply(sketch, 'Reshape', [integer(sketch, [1, sketch.size, 1, 1])]);
    apply(sketch, 'Conv', [weight(sketch, [5, sketch.size, 1, 1], seed), weight(sketch, [5], seed + 1)]);
    apply(sketch, 'Flatten', []);
    sketch.size = 5;
  },
  gather: (sketch, seed) => {
    const picks = Array.from({ length: sketch.size }, (_, i) => (i * 7 + seed) % sketch.size);
    apply(sketch, 'Gather', [integer(sketch, picks)], { axis: 1 });
  },
  slice: (sketch) => {
    if (sketch.size < 4) return;
    apply(
      sketch,
      'Slice',
      [1, sketch.size, 1].map((value) => integer(sketch, [value])),
    );
    sketch.size -= 1;
  },
  residual: (sketch, seed) => {
    const start = sketch.vector;
    const matrix = weight(sketch, [sketch.size, sketch.size], seed);
    apply(sketch, 'MatMul', [matrix]);
    apply(sketch, 'Add', [start]);
  },
  concat: (sketch, seed) => {
    const start = sketch.vector;
    apply(sketch, 'Mul', [weight(sketch, [], seed, 1)]);
    apply(sketch, 'Concat', [start], { axis: 1 });
    sketch.size *= 2;
  },
};

const frozen: Readonly<Record<string, Piece>> = {
  layerNormalization: (sketch, seed) => {
    const more = [weight(sketch, [sketch.size], seed, 1), weight(sketch, [sketch.size], seed + 1)];
    apply(sketch, 'LayerNormalization', more, { axis: -1 });
  },
  lengthNormalization: (sketch) => apply(sketch, 'LpNormalization', [], { axis: 1, p: 2 }),
  primitiveNorm: (sketch, seed) => {
    const start = sketch.vector;
    apply(sketch, 'ReduceMean', [], { axes: [-1], keepdims: 1 });
    const mean = sketch.vector;
    sketch.vector = start;
    apply(sketch, 'Sub', [mean]);
    const centred = sketch.vector;
    apply(sketch, 'Pow', [weight(sketch, [], seed, 2, 0)]);
    apply(sketch, 'ReduceMean', [], { axes: [-1], keepdims: 1 });
    apply(sketch, 'Add', [weight(sketch, [], seed, 1e-3, 0)]);
    apply(sketch, 'Sqrt', []);
    const divisor = sketch.vector;
    sketch.vector = centred;
    apply(sketch, 'Div', [divisor]);
  },
};

const bent: Readonly<Record<string, Piece>> = {
  ...Object.fromEntries(
    ['Relu', 'Sigmoid', 'Tanh', 'HardSwish', 'HardSigmoid', 'LeakyRelu', 'Elu', 'Erf', 'Abs'].map((op) => [
      op,
      (sketch: Sketch) => apply(sketch, op, []),
    ]),
  ),
  clip: (sketch, seed) => apply(sketch, 'Clip', [weight(sketch, [], seed, -0.2, 0), weight(sketch, [], seed, 0.3, 0)]),
  silu: (sketch) => {
    const start = sketch.vector;
    apply(sketch, 'Sigmoid', []);
    apply(sketch, 'Mul', [start]);
  },
};

const sketchOf = (pieces: readonly Piece[], seed: number): ModelSketch => {
  const sketch: Sketch = {
    nodes: [
      { op: 'Conv', in: ['input', 'stem'], out: 'stemmed' },
      { op: 'Tanh', in: ['stemmed'], out: 'features' },
      { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'vector' },
    ],
    weights: { stem: { dims: [6, 3, 1, 1], data: noise(18, seed).map((x) => x * 2) } },
    integers: {},
    vector: 'vector',
    size: 6,
  };
  pieces.forEach((piece, i) => piece(sketch, seed + i * 10));
  gemm(sketch, seed);
  const last = sketch.nodes[sketch.nodes.length - 1];
  return { ...sketch, nodes: [...sketch.nodes.slice(0, -1), { ...last, out: 'logits' }] };
};

const anyOf = (pieces: Readonly<Record<string, Piece>>) =>
  fc.constantFrom(...Object.entries(pieces)).map(([label, piece]) => Object.assign(piece, { toString: () => label }));

/** Every class's map of a random head, at another input than the one that the head was read with. */
const explained = async (pieces: readonly Piece[], seed: number) => {
  const bytes = buildModel(sketchOf(pieces, seed));
  const network = await loadBytes(bytes);
  const { features, logits } = await forward(network, noiseFeed(2));
  const pooled = pooledVector(features);
  const weightsOf = network.weightsAt(() => pooled, logits);
  const maps = Array.from(logits, (logit, index) =>
    mapOf(network, features, weightsOf(index), { class: index, label: '', logit, score: 0 }),
  );
  return { bytes, network, pooled, maps, weightsOf };
};

const seeds = fc.integer({ min: 1, max: 1e6 });
// The same heads every time; another seed gives others.
const runs = { numRuns: 60, seed: 1 };

describe('a random head', () => {
  it('of affine operators is exact and complete', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOf(exact), { maxLength: 7 }), seeds, async (pieces, seed) => {
        const { maps } = await explained(pieces, seed);
        for (const { kind, residual } of maps) {
          expect(kind).toBe('exact');
          expect(residual).toBeLessThan(1e-4);
        }
      }),
      runs,
    );
  });

  it('with norms is frozen and complete', async () => {
    const pieces = fc.tuple(
      fc.array(anyOf(exact), { maxLength: 3 }),
      anyOf(frozen),
      fc.array(anyOf({ ...exact, ...frozen }), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(pieces, seeds, async ([before, norm, after], seed) => {
        const { maps } = await explained([...before, norm, ...after], seed);
        for (const { kind, residual } of maps) {
          expect(kind).toBe('frozen');
          expect(residual).toBeLessThan(1e-4);
        }
      }),
      runs,
    );
  });

  it('with activations is first-order: its weights are the slopes of the logit', async () => {
    const pieces = fc.tuple(
      fc.array(anyOf(exact), { maxLength: 3 }),
      anyOf(bent),
      fc.array(anyOf({ ...exact, ...bent }), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(pieces, seeds, async ([before, curve, after], seed) => {
        const { network, pooled, maps, weightsOf } = await explained([...before, curve, ...after], seed);
        const step = 1e-5;
        const logitAt = (vector: Float64Array, index: number) =>
          evaluate(network.head, vector).get('logits')?.data[index] ?? Number.NaN;
        for (const { class: index, kind } of maps) {
          expect(kind).toBe('first-order');
          const { weights } = weightsOf(index);
          weights.forEach((weight, k) => {
            const [up, down] = [step, -step].map((by) =>
              logitAt(
                pooled.map((value, i) => (i === k ? value + by : value)),
                index,
              ),
            );
            const here = logitAt(pooled, index);
            // At a kink the two sides differ; the slope is one of them.
            const sides = [(up - down) / (2 * step), (up - here) / step, (here - down) / step];
            expect(Math.min(...sides.map((side) => Math.abs(side - weight)))).toBeLessThan(
              1e-3 * Math.max(1, Math.abs(weight)),
            );
          });
        }
      }),
      runs,
    );
  });

  it('can be exported, and the exported model gives the same maps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyOf({ ...exact, ...frozen, ...bent }), { maxLength: 5 }),
        seeds,
        async (pieces, seed) => {
          const { bytes, network } = await explained(pieces, seed);
          const exported = withClassMaps(bytes, readGraph(bytes, nothingBeside), network, undefined);
          await checkExport(exported, '/nowhere/model.onnx', network, noiseFeed(3), undefined);
        },
      ),
      runs,
    );
  });
});

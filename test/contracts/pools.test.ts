import { describe, expect, it } from 'vitest';
import { gridOf } from '../../src/model/grid.js';
import { featureMapFrom } from '../../src/model/head/find.js';
import { poolCandidatesOf, pools } from '../../src/model/head/pools/index.js';
import { type Pool, pooledBy } from '../../src/model/head/pools/pool.js';
import { withOutputs } from '../../src/model/onnx/append.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { runtime } from '../../src/model/runtime/index.js';
import { buildModel, type ModelSketch } from '../helpers/build-model.js';
import { noiseFeed, nothingBeside } from '../helpers/networks.js';
import { largestDifference } from '../helpers/pictures.js';

/** Networks that end in a pool, each with the reason why it is refused; `pool`: it is one. */
type Cases = Readonly<Record<string, readonly [sketch: ModelSketch, expected: 'pool' | RegExp]>>;

const size = { width: 8, height: 6 };

/** The only candidate of a network, with what the runtime gives for its tensors on noise. */
const candidateOf = async (pool: Pool, sketch: ModelSketch) => {
  const bytes = buildModel(sketch);
  const graph = readGraph(bytes, nothingBeside);
  const [candidate, ...others] = poolCandidatesOf(graph, 'logits', [pool]);
  expect(others).toEqual([]);
  const names = [candidate.featureMap, candidate.pooled];
  const session = await runtime.open(
    withOutputs(
      bytes,
      names.filter((name) => !graph.outputs.includes(name) && name !== 'input'),
    ),
    { file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 },
  );
  const [run] = await session.run([noiseFeed(4)], names);
  const [features, pooled] = names.map((name) => run.get(name));
  if (features === undefined || pooled === undefined) throw new Error('the network gives no pool');
  return { candidate, features, pooled };
};

/** What every pool does: it knows its own uses, and gives what the network's own pool gives. */
const contract = (pool: Pool, cases: Cases): void => {
  it('is tried on a network of its own', () => {
    expect(Object.values(cases).filter(([, expected]) => expected === 'pool')).not.toEqual([]);
  });

  it.each(Object.entries(cases))('%s', async (_, [sketch, expected]) => {
    const { candidate, features, pooled } = await candidateOf(pool, sketch);
    expect(candidate.pool).toBe(pool);
    const recognised = pool.recognise(candidate, features.dims);
    if (recognised.kind === 'refused') {
      expect(expected, recognised.reason).not.toBe('pool');
      expect(recognised.reason).toMatch(expected);
      return;
    }
    expect(expected).toBe('pool');
    const { pooling } = recognised;
    expect(pooling).toMatchObject({ featureMap: candidate.featureMap, pooled: candidate.pooled, dims: features.dims });
    expect(pooling.pooledDims).toEqual(pooled.dims);
    expect(pooling.operators).toEqual(candidate.nodes.map(({ op }) => op));
    const vector = pooledBy(pooling, featureMapFrom(features, pooling, gridOf(pooling, [], size, false)));
    const own = vector.map((mean) => mean * pooling.scale);
    // Sums of 48 numbers below 1 in another order.
    expect(largestDifference(Array.from(own), Array.from(pooled.data))).toBeLessThan(1e-5 * pooling.scale);
  });

  it('is not found where there is none', () => {
    const graph = readGraph(buildModel({ nodes: [{ op: 'Relu', in: ['input'], out: 'logits' }] }), nothingBeside);
    expect(poolCandidatesOf(graph, 'logits', [pool])).toEqual([]);
  });
};

/** One operation, or two in a row, from an activation of the input to the logits. */
const pooling = (...nodes: readonly { op: string; in?: string[]; with?: Record<string, number | number[]> }[]) =>
  nodes.map((node, i) => ({
    op: node.op,
    in: [i === 0 ? 'features' : `pooled${i - 1}`, ...(node.in ?? [])],
    out: i === nodes.length - 1 ? 'logits' : `pooled${i}`,
    with: node.with ?? {},
  }));

const features = { op: 'Tanh', in: ['input'], out: 'features' };
const lastChannel = { op: 'Transpose', in: ['input'], out: 'features', with: { perm: [0, 2, 3, 1] } };
const tokens = { op: 'Reshape', in: ['input', 'shape'], out: 'features' };
const mean = (axes: number[], keepdims: number) => ({ op: 'ReduceMean', with: { axes, keepdims } });
const sum = { op: 'ReduceSum', in: ['axes'], with: { keepdims: 0 } };

const casesOf: Readonly<Record<keyof typeof pools, Cases>> = {
  average: {
    GlobalAveragePool: [{ nodes: [features, ...pooling({ op: 'GlobalAveragePool' })] }, 'pool'],
    'AveragePool over all': [
      { nodes: [features, ...pooling({ op: 'AveragePool', with: { kernel_shape: [6, 8] } })] },
      'pool',
    ],
    'AveragePool over a part': [
      { nodes: [features, ...pooling({ op: 'AveragePool', with: { kernel_shape: [2, 2] } })] },
      /^there is no average over the whole map, but AveragePool over 2x2 of a map of 6x8$/,
    ],
    'ReduceMean of rows and columns': [{ nodes: [features, ...pooling(mean([2, 3], 0))] }, 'pool'],
    'ReduceMean of rows, then of columns': [{ nodes: [features, ...pooling(mean([2], 0), mean([2], 0))] }, 'pool'],
    'ReduceMean where the channels are last': [{ nodes: [lastChannel, ...pooling(mean([1, 2], 1))] }, 'pool'],
    'ReduceMean of tokens': [{ nodes: [tokens, ...pooling(mean([2], 0))], integers: { shape: [1, 3, 48] } }, 'pool'],
    'ReduceMean over channels': [
      { nodes: [features, ...pooling(mean([1], 0))] },
      /^there is no average over the whole map, but ReduceMean over axes 1 of 1x3x6x8$/,
    ],
    ReduceSum: [{ nodes: [features, ...pooling(sum)], integers: { axes: [2, 3] } }, 'pool'],
    'ReduceSum, then ReduceMean': [
      { nodes: [features, ...pooling(sum, mean([2], 0))], integers: { axes: [2] } },
      /ReduceSum over axes 2, 3 of 1x3x6x8 in two steps, one of them a sum$/,
    ],
  },
};

describe.each(Object.entries<Pool>(pools))('%s', (name, pool) => contract(pool, casesOf[name as keyof typeof pools]));

/** A member that is made up for this test: tokens times a stored column of equal shares. */
const product: Pool = {
  candidates: (graph, passed) =>
    passed.flatMap((node) =>
      node.op === 'MatMul' && graph.isConstant(node.inputs[1])
        ? [{ pool: product, graph, nodes: [node], featureMap: node.inputs[0], pooled: node.outputs[0] }]
        : [],
    ),
  recognise: ({ graph, nodes: [node], featureMap, pooled }, dims) => {
    const column = Array.from(graph.constant(node.inputs[1])?.data ?? []);
    if (column.some((share) => Math.abs(share * column.length - 1) > 1e-6)) {
      return { kind: 'refused', reason: 'the cells have shares of their own' };
    }
    return {
      kind: 'pool',
      pooling: {
        ...{ pool: product, operators: [node.op], featureMap, dims, channelAxis: 1, positionAxes: [2], pooled },
        ...{ pooledDims: [dims[0], dims[1], 1], scale: 1, quantizer: undefined, quantization: undefined },
      },
    };
  },
  coefficients: () => ({ kind: 'equal' }),
};

const column = (share: (i: number) => number): ModelSketch => ({
  nodes: [tokens, ...pooling({ op: 'MatMul', in: ['column'] })],
  integers: { shape: [1, 3, 48] },
  weights: { column: { dims: [48, 1], data: Array.from({ length: 48 }, (_, i) => share(i)) } },
});

describe('one more member', () => {
  contract(product, {
    'equal shares': [column(() => 1 / 48), 'pool'],
    'shares of their own': [column((i) => i / 48), /shares of their own/],
  });

  it('is looked for beside the others, the farthest from the logits first', () => {
    const { nodes, ...more } = column(() => 1 / 48);
    const first = { ...nodes[0], in: ['deep', 'shape'] };
    const deep = { op: 'Relu', in: ['input'], out: 'deep' };
    const last = { op: 'ReduceMean', in: ['pooled'], out: 'logits', with: { axes: [2], keepdims: 0 } };
    const sketch = { ...more, nodes: [deep, first, { ...nodes[1], out: 'pooled' }, last] };
    const graph = readGraph(buildModel(sketch), nothingBeside);
    const found = poolCandidatesOf(graph, 'logits', [pools.average, product]);
    expect(found.map(({ pool }) => pool)).toEqual([product, pools.average]);
  });
});

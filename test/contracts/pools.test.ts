import { describe, expect, it } from 'vitest';
import { classMap } from '../../src/maps/class-map.js';
import { pooledVector } from '../../src/maps/coefficients.js';
import { summarize } from '../../src/maps/residual.js';
import { gridOf, isFlattenedMap } from '../../src/model/grid.js';
import { featureMapFrom } from '../../src/model/head/find.js';
import { poolGroupsOf, pools } from '../../src/model/head/pools/index.js';
import type { Pool, PoolCandidate, Pooling, Recognition } from '../../src/model/head/pools/pool.js';
import { withOutputs } from '../../src/model/onnx/append.js';
import { type Graph, readGraph } from '../../src/model/onnx/graph.js';
import { runtime } from '../../src/model/runtime/index.js';
import type { Fetched } from '../../src/model/runtime/session.js';
import { buildModel, type ModelSketch } from '../helpers/build-model.js';
import { fusedAttention } from '../helpers/fused-attention-cases.js';
import { noise, noiseFeed, nothingBeside } from '../helpers/networks.js';
import { largestDifference } from '../helpers/pictures.js';
import { chain, type PoolCases, poolCases, shape, tokens } from '../helpers/pool-cases.js';

const size = { width: 8, height: 6 };

/** A use of a pool that may be one, with what the runtime gives for its tensors on noise. */
interface Tried {
  readonly graph: Graph;
  readonly candidate: PoolCandidate;
  readonly recognised: Recognition;
  readonly given: (name: string) => Fetched;
}

/** All that a pool may be in a network, but for what is nothing of the kind. */
const triedOf = async (pool: Pool, sketch: ModelSketch): Promise<readonly Tried[]> => {
  const bytes = buildModel(sketch);
  const graph = readGraph(bytes, nothingBeside);
  const candidates = poolGroupsOf(graph, 'logits', [pool]).flatMap((group) => group.candidates);
  const names = [...new Set(candidates.flatMap(({ featureMap, pooled, needs }) => [featureMap, pooled, ...needs]))];
  const hidden = names.filter((name) => !graph.outputs.includes(name) && graph.producers.has(name));
  const session = await runtime.open(withOutputs(bytes, hidden), {
    ...{ file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 },
  });
  const feed = noiseFeed(4);
  const [run] = await session.run([feed], [...graph.outputs, ...hidden]);
  const given = (name: string): Fetched => {
    const tensor =
      name === feed.name ? { type: 'float32', dims: feed.dims, data: feed.data as Float32Array } : run.get(name);
    if (tensor === undefined) throw new Error(`the network gives no ${name}`);
    return tensor;
  };
  return candidates
    .map((candidate) => ({
      graph,
      candidate,
      given,
      recognised: pool.recognise(candidate, (name) => given(name).dims),
    }))
    .filter(({ recognised }) => recognised.kind !== 'none');
};

/** The pooled vector is the network's own, and its numbers come from cells: any weights make a map that sums to them. */
const holdAgainstRuntime = (tried: Tried): void => {
  const { candidate, recognised, given } = tried;
  if (recognised.kind !== 'pool') throw new Error('no pool');
  const { axes, part, quantization } = recognised;
  const { featureMap } = candidate;
  const pooled = given(candidate.pooled);
  expect(axes.dims).toEqual(given(featureMap).dims);
  expect(part.pooled).toBe(candidate.pooled);
  for (const choice of part.choices ?? [part])
    holdPart(tried, { ...axes, featureMap, batch: 1, quantization, parts: [choice] }, pooled);
};

const holdPart = ({ graph, given }: Tried, pooling: Pooling, pooled: Fetched): void => {
  const [part] = pooling.parts;
  const { places } = part;
  const data = places === undefined ? pooled.data : Float32Array.from(places, (place) => pooled.data[place]);
  expect(part).toMatchObject({ pooledDims: pooled.dims, length: data.length });
  const grid = gridOf(pooling, [], size, isFlattenedMap(graph, pooling.featureMap));
  expect([grid.rows, grid.columns]).toEqual([6, 8]);
  const features = featureMapFrom(given, pooling, grid);
  const vector = pooledVector(features);
  const own = vector.map((number) => number * part.scale);
  // Sums of 48 numbers below 1 in another order.
  expect(largestDifference(Array.from(own), Array.from(data))).toBeLessThan(1e-5 * part.scale);
  const weights = Float64Array.from(noise(vector.length, 9));
  const map = classMap(features, weights);
  const sum = vector.reduce((all, number, k) => all + weights[k] * number, 0);
  expect(Math.abs(summarize(map).mean + map.outside - sum)).toBeLessThan(1e-5);
};

/** What every pool does: it knows its own uses, and gives what the network's own pool gives. */
const contract = (pool: Pool, cases: PoolCases): void => {
  it('is tried on a network of its own', () => {
    expect(Object.values(cases).filter(([, expected]) => expected === 'pool')).not.toEqual([]);
  });

  it.each(Object.entries(cases))('%s', async (_, [sketch, expected, axes = {}]) => {
    const found = await triedOf(pool, sketch);
    expect(found).toHaveLength(expected === 'none' ? 0 : 1);
    for (const tried of found) {
      expect(tried.candidate.pool).toBe(pool);
      const { recognised } = tried;
      if (recognised.kind === 'refused') {
        expect(recognised.reason).toMatch(expected);
        continue;
      }
      expect(expected).toBe('pool');
      expect(recognised).toMatchObject({ axes });
      holdAgainstRuntime(tried);
    }
  });

  it('is not found where there is none', () => {
    const graph = readGraph(buildModel({ nodes: [{ op: 'Relu', in: ['input'], out: 'logits' }] }), nothingBeside);
    expect(poolGroupsOf(graph, 'logits', [pool])).toEqual([]);
  });
};

const casesOf: Readonly<Record<keyof typeof pools, PoolCases>> = { ...poolCases, fusedAttention };
describe.each(Object.entries<Pool>(pools))('%s', (name, pool) => contract(pool, casesOf[name as keyof typeof pools]));

/** A member that is made up for this test: tokens times a stored column of equal shares. */
const product: Pool = {
  candidates: (graph, upstream) =>
    upstream.flatMap((node) =>
      node.op === 'MatMul' && graph.isConstant(node.inputs[1])
        ? [{ pool: product, graph, nodes: [node], featureMap: node.inputs[0], pooled: node.outputs[0], needs: [] }]
        : [],
    ),
  recognise: ({ graph, nodes: [node], featureMap, pooled }, dimsOf) => {
    const dims = dimsOf(featureMap);
    const column = Array.from(graph.constant(node.inputs[1])?.data ?? []);
    if (column.some((share) => Math.abs(share * column.length - 1) > 1e-6)) {
      return { kind: 'refused', reason: 'the cells have shares of their own' };
    }
    return {
      kind: 'pool',
      axes: { dims, channelAxis: 1, positionAxes: [2] },
      part: {
        ...{ operators: [node.op], pooled, pooledDims: [dims[0], dims[1], 1], length: dims[1], scale: 1 },
        ...{ quantizer: undefined, coefficientsInWords: 'equal shares', held: undefined, needs: [] },
        coefficients: () => ({ kind: 'equal' }),
      },
    };
  },
};

const column = (share: (i: number) => number): ModelSketch => ({
  nodes: [tokens, ...chain('features', { op: 'MatMul', in: ['column'] })],
  integers: { shape },
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
    const found = poolGroupsOf(graph, 'logits', [pools.average, product]);
    expect(found.map(({ candidates: [{ pool }] }) => pool)).toEqual([product, pools.average]);
  });
});

import { describe, expect, it } from 'vitest';
import { pooledVector } from '../../src/maps/coefficients.js';
import { mapOf } from '../../src/maps/result.js';
import { poolGroupsOf } from '../../src/model/head/pools/index.js';
import { forward } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes, noise, noiseFeed, nothingBeside } from '../helpers/networks.js';

const stored = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});
const weights = {
  ...{ stem: stored([4, 3, 1, 1], 1), fc: stored([4, 3], 2), fc2: stored([4, 3], 3), wide: stored([8, 3], 4) },
  ...{ widest: stored([12, 3], 5), least: { dims: [], data: [1e-6] } },
  ...{ three: { dims: [], data: [3] }, third: { dims: [], data: [1 / 3] } },
};
const stem: NodeSketch = { op: 'Conv', in: ['input', 'stem'], out: 'features' };
const pool = (op: string, from: string, out: string): NodeSketch[] => [
  { op, in: [from], out: `${out}/map` },
  { op: 'Flatten', in: [`${out}/map`], out },
];
const linear = (from: string, out: string, fc = 'fc'): NodeSketch => ({ op: 'MatMul', in: [from, fc], out });
const both: readonly NodeSketch[] = [
  stem,
  ...pool('GlobalAveragePool', 'features', 'mean'),
  ...pool('GlobalMaxPool', 'features', 'largest'),
];
const all = (nodes: readonly NodeSketch[]): ModelSketch => ({ nodes, weights });

const groupsOf = (sketch: ModelSketch) =>
  poolGroupsOf(readGraph(buildModel(sketch), nothingBeside), 'logits').filter(
    ({ candidates: [{ pooled, featureMap }] }) => pooled !== featureMap,
  );

describe('pools of one feature map are one group', () => {
  it.each<[string, ModelSketch]>([
    [
      'side by side in one vector',
      all([
        ...both,
        { op: 'Concat', in: ['mean', 'largest'], out: 'two', with: { axis: 1 } },
        linear('two', 'logits', 'wide'),
      ]),
    ],
    [
      'side by side, the largest first',
      all([
        ...both,
        { op: 'Concat', in: ['largest', 'mean'], out: 'two', with: { axis: 1 } },
        linear('two', 'logits', 'wide'),
      ]),
    ],
    ['added', all([...both, { op: 'Add', in: ['mean', 'largest'], out: 'sum' }, linear('sum', 'logits')])],
    [
      'with a linear layer each',
      all([...both, linear('mean', 'a'), linear('largest', 'b', 'fc2'), { op: 'Add', in: ['a', 'b'], out: 'logits' }]),
    ],
    [
      'whose product makes the logits',
      all([...both, { op: 'Mul', in: ['mean', 'largest'], out: 'both' }, linear('both', 'logits')]),
    ],
  ])('%s', async (_, sketch) => {
    const groups = groupsOf(sketch);
    expect(groups.map(({ candidates }) => candidates.map(({ pooled }) => pooled).sort())).toEqual([
      ['largest/map', 'mean/map'],
    ]);
    const network = await loadBytes(buildModel(sketch));
    const [{ features, logits }] = await forward(network, [noiseFeed(2)]);
    const vector = pooledVector(features);
    expect(vector).toHaveLength(8);
    expect(features.coefficients).toHaveLength(2);
    const head = network.headAt(() => vector, logits);
    for (const [index, logit] of Array.from(logits).entries()) {
      const { held, residual } = mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 });
      expect(held).toContain('largest cell of each channel');
      expect(residual).toBeLessThan(1e-5);
    }
  });

  it('even three of them', async () => {
    const positive: NodeSketch = { op: 'Max', in: ['stemmed', 'least'], out: 'features' };
    const sketch = all([
      { ...stem, out: 'stemmed' },
      positive,
      ...both.slice(1),
      { op: 'Pow', in: ['features', 'three'], out: 'cubes' },
      ...pool('GlobalAveragePool', 'cubes', 'cube'),
      { op: 'Pow', in: ['cube', 'third'], out: 'root' },
      { op: 'Concat', in: ['mean', 'largest', 'root'], out: 'two', with: { axis: 1 } },
      linear('two', 'logits', 'widest'),
    ]);
    // The powers are another feature map.
    await expect(loadBytes(buildModel(sketch))).rejects.toThrow(/No class map exists/);
  });
});

describe('no group is made of', () => {
  it.each<[string, readonly NodeSketch[]]>([
    [
      'pools of different feature maps',
      [
        stem,
        { op: 'Tanh', in: ['features'], out: 'bent' },
        ...pool('GlobalAveragePool', 'features', 'mean'),
        ...pool('GlobalMaxPool', 'bent', 'largest'),
        { op: 'Add', in: ['mean', 'largest'], out: 'sum' },
        linear('sum', 'logits'),
      ],
    ],
    [
      'pools that the features pass by',
      [
        ...both,
        { op: 'Add', in: ['mean/map', 'features'], out: 'past' },
        { op: 'ReduceL2', in: ['past'], out: 'length', with: { axes: [2, 3], keepdims: 0 } },
        { op: 'Add', in: ['length', 'largest'], out: 'sum' },
        linear('sum', 'logits'),
      ],
    ],
  ])('%s', async (_, nodes) => {
    expect(groupsOf(all(nodes))).toEqual([]);
    await expect(loadBytes(buildModel(all(nodes)))).rejects.toThrow(/No class map exists: .*one global pool/);
  });
});

describe('a pool that is not on every path', () => {
  it('of squeeze-and-excite is none of the group', async () => {
    const sketch = all([
      { ...stem, out: 'stemmed' },
      ...pool('GlobalAveragePool', 'stemmed', 'squeezed').slice(0, 1),
      { op: 'Sigmoid', in: ['squeezed/map'], out: 'gate' },
      { op: 'Mul', in: ['stemmed', 'gate'], out: 'features' },
      ...both.slice(1),
      { op: 'Add', in: ['mean', 'largest'], out: 'sum' },
      linear('sum', 'logits'),
    ]);
    expect(groupsOf(sketch).map(({ featureMap, candidates }) => [featureMap, candidates.length])).toEqual([
      ['features', 2],
    ]);
  });
});

describe('of several queries of attention', () => {
  /** Two queries over the 48 cells, and what reads their vectors [1, 2, 4]. */
  const asking = (...nodes: readonly NodeSketch[]): ModelSketch => ({
    ...all([
      stem,
      { op: 'Reshape', in: ['features', 'flat'], out: 'planes' },
      { op: 'Transpose', in: ['planes'], out: 'tokens', with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: ['tokens', 'queries'], out: 'asked' },
      { op: 'Softmax', in: ['asked'], out: 'shares', with: { axis: 1 } },
      { op: 'Transpose', in: ['shares'], out: 'rows', with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: ['rows', 'tokens'], out: 'answers' },
      ...nodes,
    ]),
    weights: { ...weights, queries: stored([4, 2], 6) },
    integers: { flat: [1, 4, 48], second: [1], axis: [1] },
  });

  it('one that alone reaches the logits is the pool', async () => {
    const network = await loadBytes(
      buildModel(
        asking(
          { op: 'Gather', in: ['answers', 'second'], out: 'one', with: { axis: 1 } },
          { op: 'Squeeze', in: ['one', 'axis'], out: 'vector' },
          linear('vector', 'logits'),
        ),
      ),
    );
    const [{ features, pooled, logits }] = await forward(network, [noiseFeed(2)]);
    const head = network.headAt(pooled, logits);
    for (const [index, logit] of Array.from(logits).entries()) {
      const map = mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 });
      expect(map.held).toEqual(['attention weights']);
      expect(map.residual).toBeLessThan(1e-5);
    }
  });

  it('two that reach them are refused', async () => {
    const sketch = asking({ op: 'Flatten', in: ['answers'], out: 'vector' }, linear('vector', 'logits', 'wide'));
    await expect(loadBytes(buildModel(sketch))).rejects.toThrow(/more than one of its results reaches them/);
  });

  it('one that stands beside an average is refused', async () => {
    const sketch = asking(
      { op: 'Gather', in: ['answers', 'second'], out: 'one', with: { axis: 1 } },
      { op: 'ReduceMean', in: ['tokens'], out: 'mean', with: { axes: [1], keepdims: 1 } },
      { op: 'Add', in: ['one', 'mean'], out: 'sum' },
      { op: 'Flatten', in: ['sum'], out: 'vector' },
      linear('vector', 'logits'),
    );
    await expect(loadBytes(buildModel(sketch))).rejects.toThrow(/several queries stands beside another pool/);
  });

  it('two of attentions with one each are a group, whose weights are held once', async () => {
    const one = (query: string): NodeSketch[] => [
      { op: 'MatMul', in: ['tokens', query], out: `${query}/asked` },
      { op: 'Softmax', in: [`${query}/asked`], out: `${query}/column`, with: { axis: 1 } },
      { op: 'MatMul', in: ['planes', `${query}/column`], out: `${query}/answer` },
    ];
    const sketch: ModelSketch = {
      nodes: [
        stem,
        { op: 'Reshape', in: ['features', 'flat'], out: 'planes' },
        { op: 'Transpose', in: ['planes'], out: 'tokens', with: { perm: [0, 2, 1] } },
        ...one('first'),
        ...one('second'),
        { op: 'Add', in: ['first/answer', 'second/answer'], out: 'sum' },
        { op: 'Flatten', in: ['sum'], out: 'vector' },
        linear('vector', 'logits'),
      ],
      weights: { ...weights, first: stored([4, 1], 6), second: stored([4, 1], 7) },
      integers: { flat: [1, 4, 48] },
    };
    const network = await loadBytes(buildModel(sketch));
    const [{ pooled, logits }] = await forward(network, [noiseFeed(2)]);
    expect(network.held).toEqual(['attention weights']);
    expect(network.headAt(pooled, logits).held).toEqual(['attention weights']);
  });
});

it('cells that are equally large share a maximum equally', async () => {
  const sketch: ModelSketch = {
    nodes: [{ op: 'Min', in: ['input', 'most'], out: 'features' }, ...pool('GlobalMaxPool', 'features', 'logits')],
    weights: { most: { dims: [], data: [0.25] } },
  };
  const network = await loadBytes(buildModel(sketch));
  const [{ features, pooled, logits }] = await forward(network, [noiseFeed(2)]);
  const head = network.headAt(pooled, logits);
  const { map } = mapOf(network.precision, features, head, { class: 0, label: '', logit: logits[0], score: 0 });
  const shares = map.filter((value) => value !== 0);
  expect(shares.length).toBeGreaterThan(5);
  expect(new Set(shares).size).toBe(1);
  expect(shares[0]).toBeCloseTo((0.25 * map.length) / shares.length, 5);
});

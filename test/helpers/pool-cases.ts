import type { pools } from '../../src/model/head/pools/index.js';
import type { Axes } from '../../src/model/head/pools/pool.js';
import type { ModelSketch, NodeSketch } from './build-model.js';
import { noise } from './networks.js';

/**
 * Networks of 6 x 8 pixels that end in a pool. `pool`: it is one, with these axes where they are given. `none`: it is nothing
 * of the kind. Else the reason why it is refused.
 */
export type PoolCases = Readonly<
  Record<string, readonly [sketch: ModelSketch, expected: 'pool' | 'none' | RegExp, axes?: Partial<Axes>]>
>;

interface Operation {
  readonly op: string;
  readonly in?: readonly string[];
  readonly with?: NodeSketch['with'];
}

/** Operations in a row, from a tensor to the logits. `in`: what they read beside it. */
export const chain = (from: string, ...operations: readonly Operation[]): NodeSketch[] =>
  operations.map((operation, i) => ({
    op: operation.op,
    in: [i === 0 ? from : `${from}/${i}`, ...(operation.in ?? [])],
    out: i === operations.length - 1 ? 'logits' : `${from}/${i + 1}`,
    with: operation.with ?? {},
  }));

const stored = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});
const scalar = (value: number) => ({ dims: [], data: [value] });

/** The same features as whole numbers, of which `zero` stands for 0; what is made of them is turned back. */
const quantised = (zero: number, map: NodeSketch, ...operations: readonly Operation[]): ModelSketch => ({
  nodes: [
    map,
    { op: 'QuantizeLinear', in: ['features', 'scale', 'zero'], out: 'levels' },
    ...chain(
      'levels',
      ...operations.slice(0, 1),
      { op: 'DequantizeLinear', in: ['scale', 'zero'] },
      ...operations.slice(1),
    ),
  ],
  weights: { scale: scalar(0.02), stem: stored([4, 3, 1, 1], 3), fc: stored([192, 5], 7) },
  levels: { zero: { type: 'int8', value: zero } },
});

const features: NodeSketch = { op: 'Tanh', in: ['input'], out: 'features' };
const stem: NodeSketch = { op: 'Conv', in: ['input', 'stem'], out: 'features' };
const lastChannel: NodeSketch = { op: 'Transpose', in: ['input'], out: 'features', with: { perm: [0, 2, 3, 1] } };
/** [1, 3, 48] */
export const tokens: NodeSketch = { op: 'Reshape', in: ['input', 'shape'], out: 'features' };
export const shape = [1, 3, 48];

const reduce = (op: string, axes: number[], keepdims: number) => ({ op, with: { axes, keepdims } });
const mean = (axes: number[], keepdims = 0) => reduce('ReduceMean', axes, keepdims);
const largest = (axes: number[], keepdims = 0) => reduce('ReduceMax', axes, keepdims);
const sum = { op: 'ReduceSum', in: ['axes'], with: { keepdims: 0 } };
const window = (op: string, rows: number, columns: number) => ({ op, with: { kernel_shape: [rows, columns] } });

const average: PoolCases = {
  GlobalAveragePool: [{ nodes: [features, ...chain('features', { op: 'GlobalAveragePool' })] }, 'pool'],
  'AveragePool over all': [{ nodes: [features, ...chain('features', window('AveragePool', 6, 8))] }, 'pool'],
  'AveragePool over a part': [
    { nodes: [features, ...chain('features', window('AveragePool', 2, 2))] },
    /^there is no average over the whole map, but AveragePool over 2x2 of a map of 6x8$/,
  ],
  'ReduceMean of rows and columns': [{ nodes: [features, ...chain('features', mean([2, 3]))] }, 'pool'],
  'ReduceMean of rows, then of columns': [{ nodes: [features, ...chain('features', mean([2]), mean([2]))] }, 'pool'],
  'ReduceMean where the channels are last': [{ nodes: [lastChannel, ...chain('features', mean([1, 2], 1))] }, 'pool'],
  'ReduceMean of tokens': [{ nodes: [tokens, ...chain('features', mean([2]))], integers: { shape } }, 'pool'],
  'ReduceMean over channels': [
    { nodes: [features, ...chain('features', mean([1]))] },
    /^there is no average over the whole map, but ReduceMean over axes 1 of 1x3x6x8$/,
  ],
  ReduceSum: [{ nodes: [features, ...chain('features', sum)], integers: { axes: [2, 3] } }, 'pool'],
  'ReduceSum, then ReduceMean': [
    { nodes: [features, ...chain('features', sum, mean([2]))], integers: { axes: [2] } },
    /ReduceSum over axes 2, 3 of 1x3x6x8 in two steps, one of them a sum$/,
  ],
};

const maximum: PoolCases = {
  'ReduceMax of rows and columns': [{ nodes: [features, ...chain('features', largest([2, 3]))] }, 'pool'],
  'ReduceMax where the channels are last': [
    { nodes: [lastChannel, ...chain('features', largest([1, 2], 1))] },
    'pool',
    { channelAxis: 3, positionAxes: [1, 2] },
  ],
  'ReduceMax of rows, then of columns': [
    { nodes: [features, ...chain('features', largest([2], 1), largest([3]))] },
    'pool',
    { positionAxes: [2, 3] },
  ],
  'ReduceMax of tokens': [{ nodes: [tokens, ...chain('features', largest([2]))], integers: { shape } }, 'pool'],
  'ReduceMax over channels': [{ nodes: [features, ...chain('features', largest([1]))] }, 'none'],
  GlobalMaxPool: [{ nodes: [features, ...chain('features', { op: 'GlobalMaxPool' })] }, 'pool'],
  'MaxPool over all': [{ nodes: [features, ...chain('features', window('MaxPool', 6, 8))] }, 'pool'],
  'MaxPool over a part': [{ nodes: [features, ...chain('features', window('MaxPool', 3, 8))] }, 'none'],
  'several cells that are largest': [
    {
      nodes: [
        { op: 'Clip', in: ['input', 'low', 'high'], out: 'features' },
        ...chain('features', { op: 'GlobalMaxPool' }),
      ],
      weights: { low: scalar(-1), high: scalar(0.2) },
    },
    'pool',
  ],
  'MaxPool of whole numbers': [quantised(0, features, window('MaxPool', 6, 8)), 'pool'],
  'MaxPool of whole numbers whose zero is another': [
    quantised(-128, features, window('MaxPool', 6, 8)),
    /^it pools quantised numbers of which -128 stands for 0/,
  ],
  'no cell above 0': [
    {
      nodes: [{ op: 'Min', in: ['input', 'high'], out: 'features' }, ...chain('features', { op: 'GlobalMaxPool' })],
      weights: { high: scalar(-0.5) },
    },
    'pool',
  ],
};

const clipped = { op: 'Clip', in: ['input', 'least'], out: 'features' };
const power = { op: 'Pow', in: ['power'] };
const root = { op: 'Pow', in: ['root'] };
const three = { least: scalar(1e-6), power: scalar(3), root: scalar(1 / 3) };
const eachPower = [2, 3, 4.5];
const each = (dims: readonly number[]) => ({
  least: scalar(1e-6),
  power: { dims, data: eachPower },
  root: { dims, data: eachPower.map((p) => 1 / p) },
});

const generalisedMean: PoolCases = {
  'a power, GlobalAveragePool, the root': [
    { nodes: [clipped, ...chain('features', power, { op: 'GlobalAveragePool' }, root)], weights: three },
    'pool',
  ],
  'a power, AveragePool over all, the root': [
    { nodes: [clipped, ...chain('features', power, window('AveragePool', 6, 8), root)], weights: three },
    'pool',
  ],
  'a power, ReduceMean, the root': [
    { nodes: [clipped, ...chain('features', power, mean([2, 3]), root)], weights: three },
    'pool',
  ],
  'a power, ReduceMean of rows and then of columns, the root': [
    { nodes: [clipped, ...chain('features', power, mean([2]), mean([2]), root)], weights: three },
    'pool',
  ],
  'Max in the place of Clip': [
    { nodes: [{ ...clipped, op: 'Max' }, ...chain('features', power, mean([2, 3], 1), root)], weights: three },
    'pool',
  ],
  'a power for each channel': [
    {
      nodes: [clipped, ...chain('features', power, { op: 'GlobalAveragePool' }, root)],
      weights: each([1, 3, 1, 1]),
    },
    'pool',
  ],
  'a power for each channel, the last axis': [
    {
      nodes: [
        { ...clipped, out: 'clipped' },
        { ...lastChannel, in: ['clipped'] },
        ...chain('features', power, mean([1, 2]), root),
      ],
      weights: each([3]),
    },
    'pool',
    { channelAxis: 3 },
  ],
  'channels that are 0 everywhere': [
    {
      nodes: [
        { op: 'Mul', in: ['input', 'first'], out: 'one' },
        { op: 'Relu', in: ['one'], out: 'features' },
        ...chain('features', power, { op: 'GlobalAveragePool' }, root),
      ],
      weights: { ...three, first: { dims: [1, 3, 1, 1], data: [1, 0, 0] } },
    },
    'pool',
  ],
  'a root of another power': [
    {
      nodes: [clipped, ...chain('features', power, { op: 'GlobalAveragePool' }, root)],
      weights: { ...three, root: scalar(1 / 2) },
    },
    'none',
  ],
  'powers without the root': [
    { nodes: [clipped, ...chain('features', power, { op: 'GlobalAveragePool' })], weights: three },
    'none',
  ],
  'powers that the photo gives': [
    {
      nodes: [
        clipped,
        { op: 'ReduceMean', in: ['features'], out: 'power', with: { keepdims: 1 } },
        { op: 'Reciprocal', in: ['power'], out: 'root' },
        ...chain('features', power, { op: 'GlobalAveragePool' }, root),
      ],
      weights: { least: three.least },
    },
    'none',
  ],
  'the root of a part': [
    { nodes: [clipped, ...chain('features', power, window('AveragePool', 2, 2), root)], weights: three },
    /AveragePool over 2x2 of a map of 6x8/,
  ],
  'the root of a sum': [
    {
      nodes: [clipped, ...chain('features', power, sum, root)],
      weights: three,
      integers: { axes: [2, 3] },
    },
    /the root is that of a sum/,
  ],
};

/** [1, 48, 3] as `tokens`. */
const rows: readonly NodeSketch[] = [
  { op: 'Reshape', in: ['input', 'shape'], out: 'planes' },
  { op: 'Transpose', in: ['planes'], out: 'tokens', with: { perm: [0, 2, 1] } },
];
const integers = { shape };

/** Softmax over the second last axis of what each token says of itself. */
const weighing = (values: string, axis: number): NodeSketch[] => [
  { op: 'MatMul', in: [values, 'query'], out: 'asked' },
  { op: 'Softmax', in: ['asked'], out: 'weights', with: { axis } },
];
const turned = (perm: number[]): NodeSketch => ({ op: 'Transpose', in: ['weights'], out: 'row', with: { perm } });
const query = (queries: number) => ({ query: stored([3, queries], 5) });
const product = (a: string, b: string): NodeSketch => ({ op: 'MatMul', in: [a, b], out: 'logits' });

/** Attention over tokens beside others that are no cells. */
const beside = (order: readonly string[]): ModelSketch => ({
  nodes: [
    ...rows,
    { op: 'ReduceMean', in: ['tokens'], out: 'mean', with: { axes: [1], keepdims: 1 } },
    { op: 'ReduceMax', in: ['tokens'], out: 'largest', with: { axes: [1], keepdims: 1 } },
    { op: 'Concat', in: order, out: 'all', with: { axis: 1 } },
    ...weighing('all', 1),
    turned([0, 2, 1]),
    product('row', 'all'),
  ],
  weights: query(1),
  integers,
});

/** Attention of two heads with two channels each, over [1, 2, 48, 2] or [2, 48, 2]. */
const twoHeads = (apart: readonly number[], perm: number[]): ModelSketch => {
  const axis = perm.length - 2;
  const swap = perm.map((_, i) => (i < axis ? i : 2 * axis + 1 - i));
  return {
    nodes: [
      stem,
      { op: 'Reshape', in: ['features', 'apart'], out: 'heads' },
      { op: 'Transpose', in: ['heads'], out: 'values', with: { perm } },
      ...weighing('values', axis),
      turned(swap),
      product('row', 'values'),
    ],
    weights: { stem: stored([4, 3, 1, 1], 3), query: stored([2, 1], 5) },
    integers: { apart },
  };
};

const attention: PoolCases = {
  'MatMul of a row of weights and tokens': [
    {
      nodes: [...rows, ...weighing('tokens', 1), turned([0, 2, 1]), product('row', 'tokens')],
      weights: query(1),
      integers,
    },
    'pool',
    { channelAxis: 2, positionAxes: [1] },
  ],
  'MatMul of channels and a column of weights': [
    { nodes: [...rows, ...weighing('tokens', 1), product('planes', 'weights')], weights: query(1), integers },
    'pool',
    { channelAxis: 1, positionAxes: [2] },
  ],
  'Mul and ReduceSum of tokens': [
    {
      nodes: [
        ...rows,
        ...weighing('tokens', 1),
        { op: 'Mul', in: ['tokens', 'weights'], out: 'weighed' },
        ...chain('weighed', sum),
      ],
      weights: query(1),
      integers: { ...integers, axes: [1] },
    },
    'pool',
  ],
  'Mul and ReduceSum of a map, the weights first': [
    {
      nodes: [
        ...rows,
        ...weighing('tokens', 1),
        { op: 'Reshape', in: ['weights', 'map'], out: 'shares' },
        { op: 'Mul', in: ['shares', 'input'], out: 'weighed' },
        ...chain('weighed', sum),
      ],
      weights: query(1),
      integers: { ...integers, map: [1, 1, 6, 8], axes: [2, 3] },
    },
    'pool',
    { channelAxis: 1, positionAxes: [2, 3] },
  ],
  'weights of a single channel each': [
    {
      nodes: [
        ...rows,
        { op: 'Softmax', in: ['tokens'], out: 'weights', with: { axis: 1 } },
        { op: 'Mul', in: ['tokens', 'weights'], out: 'weighed' },
        ...chain('weighed', sum),
      ],
      integers: { ...integers, axes: [1] },
    },
    /^there is no attention with one query, but a softmax of 1x48x3$/,
  ],
  'two heads': [twoHeads([1, 2, 2, 48], [0, 1, 3, 2]), 'pool', { headAxis: 1, channelAxis: 3 }],
  'two heads in the place of the batch': [twoHeads([2, 2, 48], [0, 2, 1]), 'pool', { headAxis: 0, channelAxis: 2 }],
  'two queries, of which one may reach the logits': [
    {
      nodes: [...rows, ...weighing('tokens', 1), turned([0, 2, 1]), product('row', 'tokens')],
      weights: query(2),
      integers,
    },
    'pool',
  ],
  "two queries' columns": [
    {
      nodes: [...rows, ...weighing('tokens', 1), product('planes', 'weights')],
      weights: query(2),
      integers,
    },
    'pool',
    { channelAxis: 1, positionAxes: [2] },
  ],
  'a query for each cell': [
    {
      nodes: [
        ...rows,
        { op: 'MatMul', in: ['tokens', 'planes'], out: 'asked' },
        { op: 'Softmax', in: ['asked'], out: 'weights', with: { axis: -1 } },
        product('weights', 'tokens'),
      ],
      integers,
    },
    'pool',
  ],
  'a mean token before the cells': [beside(['mean', 'tokens']), 'pool', { cells: { first: 1, count: 48 } }],
  'a mean token after the cells': [beside(['tokens', 'mean']), 'pool', { cells: { first: 0, count: 48 } }],
  'tokens on both sides of the cells': [
    beside(['mean', 'tokens', 'largest']),
    'pool',
    { cells: { first: 1, count: 48 } },
  ],
  'a product without a softmax': [
    {
      nodes: [...rows, { op: 'MatMul', in: ['planes', 'tokens'], out: 'logits' }],
      integers,
    },
    'none',
  ],
};

/** [1, 4, 48] of a map. */
const tokensOf = (map: string): NodeSketch => ({ op: 'Reshape', in: [map, 'shape'], out: 'tokens' });

const layer = { fc: stored([192, 5], 7), stem: stored([4, 3, 1, 1], 3) };
const linear = { op: 'MatMul', in: ['fc'] };

const own: PoolCases = {
  'Flatten and MatMul': [
    { nodes: [stem, ...chain('features', { op: 'Flatten' }, linear)], weights: layer },
    'pool',
    { channelAxis: 1 },
  ],
  'Reshape and MatMul': [
    {
      nodes: [stem, ...chain('features', { op: 'Reshape', in: ['flat'] }, linear)],
      weights: layer,
      integers: { flat: [1, -1] },
    },
    'pool',
  ],
  'Flatten of whole numbers': [quantised(0, stem, { op: 'Flatten' }, linear), 'pool'],
  'Flatten of whole numbers whose zero is another': [
    quantised(20, stem, { op: 'Flatten' }, linear),
    /^it pools quantised numbers of which 20 stands for 0/,
  ],
  'Flatten where the channels are last, an activation after them': [
    {
      nodes: [
        stem,
        { op: 'Transpose', in: ['features'], out: 'turned', with: { perm: [0, 2, 3, 1] } },
        { op: 'Relu', in: ['turned'], out: 'bent' },
        { op: 'Mul', in: ['bent', 'bent'], out: 'squared' },
        ...chain('squared', { op: 'Flatten' }, linear),
      ],
      weights: layer,
    },
    'pool',
    { channelAxis: 3, positionAxes: [1, 2] },
  ],
  'Conv as large as the map': [
    {
      nodes: [stem, ...chain('features', { op: 'Conv', in: ['whole'] }, { op: 'Flatten' })],
      weights: { ...layer, whole: stored([5, 4, 6, 8], 7) },
    },
    'pool',
  ],
  'MatMul with a stored column over positions': [
    {
      nodes: [stem, tokensOf('features'), ...chain('tokens', { op: 'MatMul', in: ['column'] })],
      weights: { ...layer, column: stored([48, 1], 7) },
      integers: { shape: [1, 4, 48] },
    },
    'pool',
    { channelAxis: 1, positionAxes: [2] },
  ],
  'MatMul of a stored row over positions': [
    {
      nodes: [
        stem,
        tokensOf('features'),
        { op: 'Transpose', in: ['tokens'], out: 'turned', with: { perm: [0, 2, 1] } },
        { op: 'MatMul', in: ['row', 'turned'], out: 'logits' },
      ],
      weights: { ...layer, row: stored([1, 48], 7) },
      integers: { shape: [1, 4, 48] },
    },
    'pool',
    { channelAxis: 2, positionAxes: [1] },
  ],
  'MatMul over channels': [
    {
      nodes: [
        stem,
        tokensOf('features'),
        { op: 'Transpose', in: ['tokens'], out: 'turned', with: { perm: [0, 2, 1] } },
        { op: 'MatMul', in: ['turned', 'mix'], out: 'logits' },
      ],
      weights: { ...layer, mix: stored([4, 5], 7) },
      integers: { shape: [1, 4, 48] },
    },
    'none',
  ],
  'Flatten of a map of one cell': [
    { nodes: [stem, ...chain('features', { op: 'GlobalAveragePool' }, { op: 'Flatten' })], weights: layer },
    'none',
  ],
  'Conv of each cell': [
    {
      nodes: [stem, ...chain('features', { op: 'Conv', in: ['mix'] })],
      weights: { ...layer, mix: stored([5, 4, 1, 1], 7) },
    },
    'none',
  ],
  'Flatten of the pixels': [{ nodes: [...chain('input', { op: 'Flatten' })] }, 'none'],
};

/** For each member of the registry. */
export const poolCases: Readonly<Record<Exclude<keyof typeof pools, 'fusedAttention'>, PoolCases>> = {
  ...{ attention, generalisedMean, average, maximum, own },
};

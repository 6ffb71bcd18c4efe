import type { Held } from '../../src/maps/class-weights.js';
import type { NodeSketch } from './build-model.js';
import { noise } from './networks.js';

/** What a pool adds to a network that has made `features`, [1, 6, 6, 8]. It gives `vector`, [1, size]. */
export interface DrawnPool {
  readonly held: readonly Held[];
  readonly size: number;
  readonly nodes: readonly NodeSketch[];
  readonly weights: Readonly<Record<string, { dims: number[]; data: number[] }>>;
  readonly integers: Readonly<Record<string, number[]>>;
}

/** Numbers of channels, and of cells. */
export const CHANNELS = 6;
const CELLS = 48;

const drawn = (held: readonly Held[], nodes: readonly NodeSketch[], more: Partial<DrawnPool> = {}): DrawnPool => ({
  ...{ held, nodes, size: CHANNELS, weights: {}, integers: {} },
  ...more,
});

const pooling = (op: string, to: string): NodeSketch[] => [
  { op, in: ['features'], out: `${to}Map` },
  { op: 'Flatten', in: [`${to}Map`], out: to },
];
const both = [...pooling('GlobalAveragePool', 'mean'), ...pooling('GlobalMaxPool', 'largest')];
const scalar = (value: number) => ({ dims: [], data: [value] });
const stored = (dims: number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});

/** Generalised mean of what is left of the features above a bound, with another power for each channel. */
const generalisedMean = (least: number): DrawnPool => {
  const powers = Array.from({ length: CHANNELS }, (_, k) => 1.5 + k / 2);
  return drawn(
    ['root of a generalised mean'],
    [
      { op: 'Max', in: ['features', 'least'], out: 'bounded' },
      { op: 'Pow', in: ['bounded', 'power'], out: 'powers' },
      { op: 'GlobalAveragePool', in: ['powers'], out: 'mean' },
      { op: 'Pow', in: ['mean', 'root'], out: 'rooted' },
      { op: 'Flatten', in: ['rooted'], out: 'vector' },
    ],
    {
      weights: {
        least: scalar(least),
        power: { dims: [1, CHANNELS, 1, 1], data: powers },
        root: { dims: [1, CHANNELS, 1, 1], data: powers.map((p) => 1 / p) },
      },
    },
  );
};

/** Attention of one or two heads over the cells, or over them and their mean. The vector is what one query of each head gives. */
const attention = (heads: number, withMean: boolean, queries = 1): DrawnPool => {
  const own = CHANNELS / heads;
  const tokens = CELLS + Number(withMean);
  const mean: readonly NodeSketch[] = [
    { op: 'ReduceMean', in: ['planes'], out: 'meanToken', with: { axes: [2], keepdims: 1 } },
    { op: 'Concat', in: ['meanToken', 'planes'], out: 'all', with: { axis: 2 } },
  ];
  return drawn(
    ['attention weights'],
    [
      { op: 'Reshape', in: ['features', 'flat'], out: 'planes' },
      ...(withMean ? mean : [{ op: 'Identity', in: ['planes'], out: 'all' }]),
      { op: 'Reshape', in: ['all', 'apart'], out: 'heads' },
      { op: 'Transpose', in: ['heads'], out: 'values', with: { perm: [0, 1, 3, 2] } },
      { op: 'MatMul', in: ['values', 'query'], out: 'asked' },
      { op: 'Transpose', in: ['asked'], out: 'askedRows', with: { perm: [0, 1, 3, 2] } },
      { op: 'Softmax', in: ['askedRows'], out: 'shares', with: { axis: -1 } },
      { op: 'MatMul', in: ['shares', 'values'], out: 'answers' },
      { op: 'Gather', in: ['answers', 'last'], out: 'answer', with: { axis: 2 } },
      { op: 'Reshape', in: ['answer', 'line'], out: 'vector' },
    ],
    {
      weights: { query: { ...stored([own, queries], 5), data: stored([own, queries], 5).data.map((x) => 3 * x) } },
      integers: {
        ...{ flat: [1, CHANNELS, CELLS], apart: [1, heads, own, tokens], last: [queries - 1], line: [1, CHANNELS] },
      },
    },
  );
};

const concatenated: NodeSketch = { op: 'Concat', in: ['mean', 'largest'], out: 'vector', with: { axis: 1 } };
const largest = 'largest cell of each channel';

export const drawnPools: Readonly<Record<string, DrawnPool>> = {
  average: drawn([], pooling('GlobalAveragePool', 'vector')),
  maximum: drawn([largest], pooling('GlobalMaxPool', 'vector')),
  averageBesideMaximum: drawn([largest], [...both, concatenated], { size: 2 * CHANNELS }),
  averagePlusMaximum: drawn([largest], [...both, { op: 'Add', in: ['mean', 'largest'], out: 'vector' }]),
  generalisedMean: generalisedMean(1e-3),
  generalisedMeanOfRelu: generalisedMean(0),
  flatten: drawn(
    [],
    [
      { op: 'Flatten', in: ['features'], out: 'flat' },
      { op: 'MatMul', in: ['flat', 'layer'], out: 'vector' },
    ],
    { weights: { layer: { ...stored([CHANNELS * CELLS, CHANNELS], 7) } } },
  ),
  attention: attention(1, false),
  attentionBesideToken: attention(1, true),
  attentionOfTwoHeads: attention(2, false),
  attentionOfTwoHeadsBesideToken: attention(2, true),
  attentionOfOneQueryOfTwo: attention(2, false, 2),
};

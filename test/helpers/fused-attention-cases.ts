import type { NodeSketch } from './build-model.js';
import { noise } from './networks.js';
import { chain, type PoolCases } from './pool-cases.js';

const stored = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});

/** [1, 48, 4]: the tokens of a map of four channels. */
const tokens: NodeSketch[] = [
  { op: 'Conv', in: ['input', 'stem'], out: 'map' },
  { op: 'Reshape', in: ['map', 'flat'], out: 'planes' },
  { op: 'Transpose', in: ['planes'], out: 'tokens', with: { perm: [0, 2, 1] } },
  { op: 'MatMul', in: ['tokens', 'key'], out: 'keys' },
];
const meanQuery: NodeSketch = { op: 'ReduceMean', in: ['tokens'], out: 'query', with: { axes: [1], keepdims: 1 } };
const weights = { stem: stored([4, 3, 1, 1], 3), key: stored([4, 4], 5) };
const integers = { flat: [1, 4, 48] };

const attend = (from: string, more: readonly string[] = [], scale?: number) => ({
  op: 'com.microsoft.MultiHeadAttention',
  in: ['keys', 'tokens', ...more],
  with: { num_heads: 2, ...(scale === undefined ? {} : { scale }) },
  from,
});
const sketch = (nodes: readonly NodeSketch[], more: readonly string[] = [], scale?: number) => {
  const { from, ...operation } = attend('query', more, scale);
  return { nodes: [...tokens, ...nodes, ...chain(from, operation)], weights, integers };
};

export const fusedAttention: PoolCases = {
  'the mean of the tokens asks': [sketch([meanQuery]), 'pool', { channelAxis: 2, positionAxes: [1] }],
  'a stored query asks': [
    {
      nodes: [
        ...tokens,
        ...chain('latent', { op: 'com.microsoft.MultiHeadAttention', in: ['keys', 'tokens'], with: { num_heads: 2 } }),
      ],
      weights: { ...weights, latent: stored([1, 1, 4], 9) },
      integers,
    },
    'pool',
  ],
  'scores of a scale of their own': [sketch([meanQuery], [], 0.25), 'pool'],
  'two queries, of which one may reach the logits': [
    sketch([
      { ...meanQuery, out: 'mean' },
      { op: 'ReduceMax', in: ['tokens'], out: 'most', with: { axes: [1], keepdims: 1 } },
      { op: 'Concat', in: ['mean', 'most'], out: 'query', with: { axis: 1 } },
    ]),
    'pool',
  ],
  'a bias of its values': [
    { ...sketch([meanQuery], ['bias']), weights: { ...weights, bias: stored([12], 7) } },
    /^com.microsoft.MultiHeadAttention is used with a mask, a bias or other extras, and gives out no weights$/,
  ],
};

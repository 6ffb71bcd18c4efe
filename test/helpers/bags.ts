import type { ModelSketch, NodeSketch } from './build-model.js';
import { noise } from './networks.js';

export const random = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});

const [INSTANCES, CHANNELS, CLASSES] = [7, 4, 3];

/** [n, 48, 4]: the cells of 6 x 8 pixels as tokens. */
export const tokens: readonly NodeSketch[] = [
  { op: 'Conv', in: ['input', 'stem'], out: 'features' },
  { op: 'Reshape', in: ['features', 'flat'], out: 'rows' },
  { op: 'Transpose', in: ['rows'], out: 'tokens', with: { perm: [0, 2, 1] } },
];

/** A pool of tokens by attention, as a matrix product or as a sum. */
export const attentionOver = (values: string, sums = false): readonly NodeSketch[] => [
  { op: 'MatMul', in: [values, 'asks'], out: 'scores' },
  { op: 'Softmax', in: ['scores'], out: 'shares', with: { axis: 1 } },
  ...(sums
    ? [
        { op: 'Mul', in: ['shares', values], out: 'weighed' },
        { op: 'ReduceSum', in: ['weighed', 'second'], out: 'vector', with: { keepdims: 0 } },
      ]
    : [
        { op: 'Transpose', in: ['shares'], out: 'turned', with: { perm: [0, 2, 1] } },
        { op: 'MatMul', in: ['turned', values], out: 'pooled' },
        { op: 'Reshape', in: ['pooled', 'vectors'], out: 'vector' },
      ]),
  { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
];

export const averageOver = (values: string): readonly NodeSketch[] => [
  { op: 'ReduceMean', in: [values], out: 'vector', with: { axes: [1], keepdims: 0 } },
  { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
];

const stored = {
  weights: {
    stem: random([CHANNELS, 3, 1, 1], 1),
    asks: random([CHANNELS, 1], 2),
    fc: random([CHANNELS, CLASSES], 3),
    classToken: random([1, 1, CHANNELS], 4),
  },
  integers: {
    flat: [-1, CHANNELS, 48],
    vectors: [-1, CHANNELS],
    second: [1],
    start: [0],
    end: [INSTANCES],
  },
};

/** A network of 6 x 8 pixels, with the weights that `tokens` and the pools use. */
export const sketchOf = (nodes: readonly NodeSketch[], more: Partial<ModelSketch> = {}): ModelSketch => ({
  input: [1, 3, 6, 8],
  ...more,
  nodes,
  weights: { ...stored.weights, ...more.weights },
  integers: { ...stored.integers, ...more.integers },
});

/** Seven of the tokens, which make no grid in the shape of the input. */
export const bag: readonly NodeSketch[] = [
  ...tokens,
  { op: 'Slice', in: ['tokens', 'start', 'end', 'second'], out: 'bag' },
];

/** The seven with a class token before them, and then as many halves turned as rotary embeddings turn. */
export const bagWithClassToken = (turns: number): readonly NodeSketch[] => [
  ...bag,
  { op: 'Concat', in: ['classToken', 'bag'], out: 'turned 0', with: { axis: 1 } },
  ...Array.from({ length: turns }, (_, i): NodeSketch[] => [
    { op: 'Neg', in: [`turned ${i}`], out: `negative ${i}` },
    { op: 'Concat', in: [`turned ${i}`, `negative ${i}`], out: `both ${i}`, with: { axis: -1 } },
    { op: 'Slice', in: [`both ${i}`, 'second', 'fifth', 'third'], out: `turned ${i + 1}` },
  ]).flat(),
];

import { describe, expect, it } from 'vitest';
import { mapOf } from '../src/maps/result.js';
import { forward } from '../src/model/network.js';
import { buildModel, type ModelSketch, type NodeSketch } from './helpers/build-model.js';
import { loadBytes, noise, noiseFeed } from './helpers/networks.js';

// Networks of 6 x 8 pixels whose first layer sees one colour in each channel: red, green, blue, and how dark a pixel is.
const COLOURS = [1, -0.5, -0.5, -0.5, 1, -0.5, -0.5, -0.5, 1, -0.3, -0.3, -0.3];
const [ROWS, COLUMNS, CHANNELS] = [6, 8, 4];
const RED = 0;

const stem: readonly NodeSketch[] = [
  { op: 'Conv', in: ['input', 'colours'], out: 'seen' },
  { op: 'Relu', in: ['seen'], out: 'features' },
];
const pooling = (op: string, to: string): NodeSketch[] => [
  { op, in: ['features'], out: `${to}Map` },
  { op: 'Flatten', in: [`${to}Map`], out: to },
];
const both = [...pooling('GlobalAveragePool', 'mean'), ...pooling('GlobalMaxPool', 'largest')];
const classify: NodeSketch = { op: 'MatMul', in: ['vector', 'classes'], out: 'logits' };

/** Each class speaks for its colour, and a little against the others. */
const classes = (channels: number) =>
  Array.from({ length: channels * 3 }, (_, i) => (Math.floor(i / 3) % CHANNELS === i % 3 ? 1 : -0.1));

const networkOf = (nodes: readonly NodeSketch[], more: Partial<ModelSketch> = {}): ModelSketch => {
  const { weights, integers } = more;
  return {
    nodes: [...stem, ...nodes, classify],
    weights: {
      colours: { dims: [CHANNELS, 3, 1, 1], data: COLOURS },
      classes: { dims: [CHANNELS, 3], data: classes(CHANNELS) },
      ...weights,
    },
    ...(integers && { integers }),
  };
};

const generalisedMean: readonly NodeSketch[] = [
  { op: 'Max', in: ['features', 'least'], out: 'bounded' },
  { op: 'Pow', in: ['bounded', 'power'], out: 'powers' },
  { op: 'GlobalAveragePool', in: ['powers'], out: 'mean' },
  { op: 'Pow', in: ['mean', 'root'], out: 'rooted' },
  { op: 'Flatten', in: ['rooted'], out: 'vector' },
];
const scalar = (value: number) => ({ dims: [], data: [value] });

/** One query that looks for any colour, over the cells and, where wanted, their mean. */
const attention = (withMean: boolean): ModelSketch =>
  networkOf(
    [
      { op: 'Reshape', in: ['features', 'flat'], out: 'planes' },
      { op: 'ReduceMean', in: ['planes'], out: 'mean', with: { axes: [2], keepdims: 1 } },
      { op: 'Concat', in: withMean ? ['mean', 'planes'] : ['planes'], out: 'all', with: { axis: 2 } },
      { op: 'Transpose', in: ['all'], out: 'tokens', with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: ['tokens', 'query'], out: 'asked' },
      { op: 'Softmax', in: ['asked'], out: 'shares', with: { axis: 1 } },
      { op: 'MatMul', in: ['all', 'shares'], out: 'answer' },
      { op: 'Flatten', in: ['answer'], out: 'vector' },
    ],
    {
      weights: { query: { dims: [CHANNELS, 1], data: [1, 1, 1, 0] } },
      integers: { flat: [1, CHANNELS, ROWS * COLUMNS] },
    },
  );

const networks: Readonly<Record<string, ModelSketch>> = {
  'an average': networkOf(pooling('GlobalAveragePool', 'vector')),
  'a maximum': networkOf(pooling('GlobalMaxPool', 'vector')),
  'an average plus a maximum': networkOf([...both, { op: 'Add', in: ['mean', 'largest'], out: 'vector' }]),
  'an average beside a maximum': networkOf(
    [...both, { op: 'Concat', in: ['mean', 'largest'], out: 'vector', with: { axis: 1 } }],
    { weights: { classes: { dims: [2 * CHANNELS, 3], data: classes(2 * CHANNELS) } } },
  ),
  'a generalised mean': networkOf(generalisedMean, {
    weights: { least: scalar(1e-3), power: scalar(3), root: scalar(1 / 3) },
  }),
  // Each cell has weights of its own, but all of them look for the same.
  'a flatten': networkOf(
    [
      { op: 'Flatten', in: ['features'], out: 'flat' },
      { op: 'MatMul', in: ['flat', 'layer'], out: 'vector' },
    ],
    {
      weights: {
        layer: {
          dims: [CHANNELS * ROWS * COLUMNS, CHANNELS],
          data: noise(CHANNELS * ROWS * COLUMNS * CHANNELS, 7).map((value, i) => {
            const channel = Math.floor(i / CHANNELS / (ROWS * COLUMNS));
            return channel === i % CHANNELS ? 0.02 + value / 500 : value / 1000;
          }),
        },
      },
    },
  ),
  attention: attention(false),
  'attention over the cells and their mean': attention(true),
};

/** Noise in dark colours, with a red square of 2 x 2 pixels. */
const withCue = (seed: number, row: number, column: number) => {
  const feed = noiseFeed(seed);
  const data = feed.data.map((value) => value * 0.3);
  for (const [down, across] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    const pixel = (row + down) * COLUMNS + column + across;
    [1, 0, 0].forEach((level, channel) => {
      data[channel * ROWS * COLUMNS + pixel] = level;
    });
  }
  return { ...feed, data: Float32Array.from(data) };
};

const largestCell = (map: readonly number[]): number => map.indexOf(Math.max(...map));

describe('a red cue lights up where it is pasted', () => {
  it.each(Object.entries(networks))('after %s', async (_, sketch) => {
    const network = await loadBytes(buildModel(sketch));
    expect(network.cellOrder).toBe('picture');
    const places = Array.from({ length: (ROWS - 1) * (COLUMNS - 1) }, (_, i) => ({
      row: Math.floor(i / (COLUMNS - 1)),
      column: i % (COLUMNS - 1),
    }));
    let found = 0;
    for (const [seed, { row, column }] of places.entries()) {
      const [{ features, pooled, logits }] = await forward(network, [withCue(seed + 1, row, column)]);
      const head = network.headAt(pooled, logits);
      const result = { class: RED, label: '', logit: logits[RED], score: 0 };
      const cell = largestCell(Array.from(mapOf(network.precision, features, head, result).map));
      const [down, across] = [Math.floor(cell / COLUMNS) - row, (cell % COLUMNS) - column];
      if (down >= 0 && down <= 1 && across >= 0 && across <= 1) found++;
    }
    expect(found / places.length).toBeGreaterThanOrEqual(0.95);
  });
});

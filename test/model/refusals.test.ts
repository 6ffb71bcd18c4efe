import { describe, expect, it } from 'vitest';
import { pooledVector } from '../../src/maps/coefficients.js';
import { forward } from '../../src/model/network.js';
import { buildModel, type ModelSketch } from '../helpers/build-model.js';
import { loadBytes, noise, noiseFeed } from '../helpers/networks.js';

const random = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});
const stem = { op: 'Conv', in: ['input', 'stem'], out: 'features' };
const weights = { stem: random([4, 3, 1, 1], 1), fc: random([4, 3], 2) };
const load = (sketch: ModelSketch) => loadBytes(buildModel(sketch));

// Every one of these is complete, mean + bias = logit, and yet no map of the picture: the cells are something else.
describe('an average over what are no positions of the picture is refused', () => {
  it.each<[string, ModelSketch, RegExp]>([
    [
      'a flattened network, whose vector is reshaped and averaged',
      {
        input: ['n', 3, 6, 8],
        nodes: [
          { op: 'Flatten', in: ['input'], out: 'flat' },
          { op: 'Gemm', in: ['flat', 'big'], out: 'vector' },
          { op: 'Reshape', in: ['vector', 'grid'], out: 'maps' },
          { op: 'ReduceMean', in: ['maps'], out: 'logits', with: { axes: [2], keepdims: 0 } },
        ],
        weights: { big: random([144, 20], 3) },
        integers: { grid: [1, 5, 4] },
      },
      /Gemm has mixed all positions/,
    ],
    [
      'rows for columns',
      {
        nodes: [
          stem,
          { op: 'Transpose', in: ['features'], out: 'turned', with: { perm: [0, 1, 3, 2] } },
          { op: 'GlobalAveragePool', in: ['turned'], out: 'pooled' },
          { op: 'Flatten', in: ['pooled'], out: 'vector' },
          { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
        ],
        weights,
      },
      /do not lie in the order of the picture/,
    ],
    [
      'channels for rows',
      {
        nodes: [
          { op: 'Conv', in: ['input', 'wide'], out: 'features' },
          { op: 'ReduceMean', in: ['features'], out: 'vector', with: { axes: [1, 2], keepdims: 0 } },
          { op: 'MatMul', in: ['vector', 'last'], out: 'logits' },
        ],
        weights: { wide: random([6, 3, 1, 1], 4), last: random([8, 3], 5) },
      },
      /over channels, which are no cells/,
    ],
    [
      'a picture turned inside the network',
      {
        nodes: [
          { op: 'Slice', in: ['input', 'starts', 'ends', 'axes', 'steps'], out: 'mirrored' },
          { op: 'Conv', in: ['mirrored', 'stem'], out: 'features' },
          { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
          { op: 'Flatten', in: ['pooled'], out: 'vector' },
          { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
        ],
        weights,
        integers: { starts: [-1], ends: [-100], axes: [3], steps: [-1] },
      },
      /do not lie in the order of the picture/,
    ],
  ])('%s', async (_, sketch, sentence) => {
    await expect(load(sketch)).rejects.toThrow(sentence);
  });
});

describe('a photo of another size than the trial', () => {
  const wide = { ...noiseFeed(2), dims: [1, 3, 12, 16], data: Float32Array.from(noise(3 * 12 * 16, 2)) };

  it('has a grid of its own, where the head allows any size', async () => {
    const network = await load({
      nodes: [
        stem,
        { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'vector' },
        { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
      ],
      weights,
    });
    const [{ features }] = await forward(network, [wide]);
    expect([features.grid.rows, features.grid.columns]).toEqual([12, 16]);
  });

  it('is an error of that photo, where the network pools a fixed window', async () => {
    const network = await load({
      nodes: [
        stem,
        { op: 'AveragePool', in: ['features'], out: 'pooled', with: { kernel_shape: [6, 8], strides: [6, 8] } },
        { op: 'Relu', in: ['pooled'], out: 'bent' },
        { op: 'Conv', in: ['bent', 'last'], out: 'scores' },
        { op: 'Flatten', in: ['scores'], out: 'logits' },
      ],
      weights: { ...weights, last: random([3, 4, 1, 1], 6) },
    });
    await expect(forward(network, [wide])).rejects.toThrow('gives 12 logits instead of 3');
  });

  it('is an error of that photo, where the head was right for one size alone', async () => {
    const network = await load({
      nodes: [
        stem,
        { op: 'ReduceSum', in: ['features', 'axes'], out: 'sum', with: { keepdims: 0 } },
        { op: 'Mul', in: ['sum', 'share'], out: 'mean' },
        { op: 'Tanh', in: ['mean'], out: 'bent' },
        { op: 'MatMul', in: ['bent', 'fc'], out: 'logits' },
      ],
      weights: { ...weights, share: { dims: [], data: [1 / 48] } },
      integers: { axes: [2, 3] },
    });
    const [{ features, logits }] = await forward(network, [wide]);
    expect(() => network.headAt(() => pooledVector(features), logits)).toThrow(
      /the network gives .*, but its head as read gives/,
    );
  });
});

describe('attention that is one operator with its own values', () => {
  it('is refused by its name, and with the way out', async () => {
    const sketch: ModelSketch = {
      nodes: [
        stem,
        { op: 'Reshape', in: ['features', 'flat'], out: 'planes' },
        { op: 'Transpose', in: ['planes'], out: 'tokens', with: { perm: [0, 2, 1] } },
        { op: 'com.microsoft.Attention', in: ['tokens', 'packed', 'bias'], out: 'answers', with: { num_heads: 2 } },
        { op: 'Gather', in: ['answers', 'first'], out: 'token', with: { axis: 1 } },
        { op: 'MatMul', in: ['token', 'fc'], out: 'logits' },
      ],
      weights: { ...weights, packed: random([4, 12], 5), bias: random([12], 6) },
      integers: { flat: [1, 4, 48], first: [0] },
    };
    await expect(load(sketch)).rejects.toThrow(
      /one operator here \(com\.microsoft\.Attention\).*without fusing operators/,
    );
  });
});

describe('a flatten that makes no cells', () => {
  const pixels = { op: 'Flatten', in: ['input'], out: 'flat' };

  it('of pixels is named', async () => {
    const sketch: ModelSketch = {
      input: ['n', 3, 6, 8],
      nodes: [pixels, { op: 'MatMul', in: ['flat', 'last'], out: 'logits' }],
      weights: { last: random([144, 2], 7) },
    };
    await expect(load(sketch)).rejects.toThrow(/a flatten \(Flatten\) makes one vector of the photo's pixels/);
  });

  it('is named where the logits see the photo past it too', async () => {
    const sketch: ModelSketch = {
      input: ['n', 3, 6, 8],
      nodes: [
        stem,
        { op: 'Flatten', in: ['features'], out: 'flat' },
        { op: 'MatMul', in: ['flat', 'last'], out: 'most' },
        { op: 'ReduceMax', in: ['input'], out: 'brightest', with: { keepdims: 0 } },
        { op: 'Add', in: ['most', 'brightest'], out: 'logits' },
      ],
      weights: { ...weights, last: random([192, 2], 8) },
    };
    await expect(load(sketch)).rejects.toThrow(/a flatten \(Flatten\) gives each cell weights of its own, but/);
  });
});

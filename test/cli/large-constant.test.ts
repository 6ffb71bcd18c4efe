import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { folderWith } from '../helpers/runs.js';

const size = [1, 3, 224, 224];
const mean = Array.from({ length: 3 * 224 * 224 }, (_, i) => 100 + (i % 50));

/** Subtracts a mean picture, as Caffe's networks do. Steps of 16 pixels keep its map small. */
const centring = buildModel({
  input: size,
  nodes: [
    { op: 'Sub', in: ['input', 'mean'], out: 'centred' },
    { op: 'Conv', in: ['centred', 'weight'], out: 'maps', with: { strides: [16, 16] } },
    { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
    { op: 'Flatten', in: ['pooled'], out: 'logits' },
  ],
  weights: { mean: { dims: size, data: mean }, weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
});

describe.concurrent('a model that starts by subtracting a mean picture of 150,528 numbers', () => {
  const folder = folderWith({ 'model.onnx': centring, 'labels.txt': 'red\ngreen\n' });
  const output = temporaryFolder();

  it('is inspected, and takes pixels of 0 to 255', async () => {
    const { code, stdout } = await gapcam(['inspect', folder]);
    expect(stdout).toContain('value * 1  (the graph: it rescales by itself)');
    expect(code).toBe(0);
  });

  it('explains a photo', async () => {
    expect((await gapcam([fixture('photos', 'cat.jpg'), '-m', folder, '-o', join(output, 'out')])).code).toBe(0);
  });

  it('is exported', async () => {
    expect((await gapcam(['export', folder, '-o', join(output, 'with-maps.onnx')])).code).toBe(0);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer, prepareModel } from '../../../src/explain.js';
import { buildModel } from '../../helpers/build-model.js';
import { temporaryFolder, writeModelFolder } from '../../helpers/folders.js';
import { asPng, paint } from '../../helpers/pictures.js';

const fixedTo = (height: number | 'h', width: number) =>
  buildModel({
    input: ['n', 3, height, width],
    nodes: [
      { op: 'Conv', in: ['input', 'w'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights: { w: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
  });

const explainerOf = async (model: Uint8Array, more: Readonly<Record<string, unknown>> = {}) => {
  const folder = writeModelFolder(join(temporaryFolder(), 'model'), {
    model,
    labels: ['red', 'green'],
    preprocessor: { do_resize: false, do_normalize: false, ...more },
  });
  return prepareExplainer(await prepareModel(folder), { write: ['map'] });
};

const photoOf = (width: number, height: number) => asPng(paint(width, height, [200, 20, 20]));

describe('do_resize: false, and a network of one size', () => {
  it('feeds photos of just that size, and fails the others one by one', async () => {
    const explainer = await explainerOf(fixedTo(16, 24), { size: 224, image_processor_type: 'ViTImageProcessor' });
    const { seen } = await explainPhoto(explainer, await photoOf(24, 16));
    expect(seen).toEqual([0, 0, 24, 16]);
    for (const [width, height] of [
      [24, 17],
      [25, 16],
      [16, 24],
    ]) {
      await expect(explainPhoto(explainer, await photoOf(width, height))).rejects.toMatchObject({
        code: 'wrong-size',
        message: `The photo would be fed as it is, ${width}x${height} pixels, but the model takes 24x16; resize it first, or give a --resize.`,
      });
    }
  });

  it('of which one edge is free takes that as it comes', async () => {
    const explainer = await explainerOf(fixedTo('h', 24));
    expect((await explainPhoto(explainer, await photoOf(24, 31))).seen).toEqual([0, 0, 24, 31]);
    await expect(explainPhoto(explainer, await photoOf(31, 24))).rejects.toThrow(
      /31x24 pixels, .* takes 24 by any height/,
    );
  });
});

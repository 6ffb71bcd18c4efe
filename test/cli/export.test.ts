import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import { decode } from '../../src/image/decode.js';
import { networkPicture } from '../../src/image/network-picture.js';
import { toFeed } from '../../src/image/to-tensor.js';
import { placeIn } from '../../src/model/input/fit.js';
import { prepareModel } from '../../src/model/prepare.js';
import { exportFile } from '../../src/run/workers/export-file.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf } from '../helpers/in-process.js';
import { expectRefusal } from '../helpers/runs.js';

const catBytes = readFileSync(fixture('photos', 'cat.jpg'));

/** The network's input for the cat, as the program feeds it. */
const feedOf = async (model: string) => {
  const { input } = await prepareModel(model, { threads: 1 });
  const photo = await decode(catBytes);
  const feed = toFeed(networkPicture(photo, placeIn(photo, input), input), input);
  return { [feed.name]: new Tensor('float32', feed.data, feed.dims) };
};

describe('gapcam export', () => {
  it.each(['efficientnet-lite0', 'nin-cifar10'])('gives %s an output with its class maps', async (model) => {
    const file = join(temporaryFolder(), 'with-maps.onnx');
    const words = ['export', model, '-o', file];
    const { code, stderr } = await (model === 'nin-cifar10' ? gapcam(words) : called(words));
    expect(stderr).toContain('class_maps');
    expect(code).toBe(0);
    const session = await InferenceSession.create(file);
    const original = await InferenceSession.create(fixture('models', model, 'model.onnx'));
    const feed = await feedOf(model);
    const { class_maps: maps, logits } = await session.run(feed);
    const { maps: own } = await explainPhoto(
      prepareExplainer(await prepareModel(model, { threads: 1 }), { top: 5 }),
      catBytes,
    );
    for (const { class: index, grid, map, max } of own) {
      const cells = grid[0] * grid[1];
      expect(maps.dims).toEqual([1, logits.dims[1], ...grid]);
      map.forEach((value, cell) =>
        expect(Math.abs((maps.data as Float32Array)[index * cells + cell] - value)).toBeLessThan(1e-4 * max),
      );
    }
    const { logits: before } = await original.run(feed);
    expect(logits.data).toEqual(before.data);
  });

  it('can write the maps of the k best classes alone, with their indices', async () => {
    const file = join(temporaryFolder(), 'top.onnx');
    expect((await called(['export', 'efficientnet-lite0', '-o', file, '--top', '3'])).code).toBe(0);
    const session = await InferenceSession.create(file);
    const { class_maps: maps, class_indices: indices } = await session.run(await feedOf('efficientnet-lite0'));
    const explainer = prepareExplainer(await prepareModel('efficientnet-lite0', { threads: 1 }), { top: 3 });
    const { maps: own } = await explainPhoto(explainer, catBytes);
    expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(own.map((map) => map.class));
    expect(maps.dims).toEqual([1, 3, 7, 7]);
    own.forEach(({ map, max }, place) => {
      map.forEach((value, cell) =>
        expect(Math.abs((maps.data as Float32Array)[place * 49 + cell] - value)).toBeLessThan(1e-4 * max),
      );
    });
  });

  const headFiles = readdirSync(fixture('heads')).filter(
    (name) => name.endsWith('.onnx') && !name.startsWith('refuse'),
  );
  it.each([...headFiles, 'external/external-data.onnx'])('checks %s against its own maps', async (name) => {
    // Beside the model: weights in a second file stay where they are.
    const folder = join(temporaryFolder(), 'model');
    mkdirSync(folder);
    for (const file of [name, `${name}.data`]) {
      if (existsSync(fixture('heads', file)))
        copyFileSync(fixture('heads', file), join(folder, file.split('/').at(-1) ?? ''));
    }
    const output = join(folder, 'with-maps.onnx');
    const model = join(folder, name.split('/').at(-1) ?? '');
    const temporary = join(folder, 'temporary.onnx');
    const names = { target: output, displayPath: output, temporary };
    const setup = { model, prepare: { threads: 1 }, ...names, overwrite: false, top: undefined };
    expect((await exportFile(setup, async () => {})).rows).toBeGreaterThan(1);
    const before = readFileSync(model);
    expect(Buffer.compare(readFileSync(output).subarray(0, before.length), before)).toBe(0);
  });

  it.each([
    ['a file that exists', ['export', 'nin-cifar10', '-o', fixture('README.md')], 'exists already'],
    ['a folder that does not', ['export', 'nin-cifar10', '-o', '/nowhere/at/all.onnx'], 'Cannot write'],
    [
      'a network without class maps',
      ['export', fixture('heads', 'refuse-two-pools.onnx'), '-o', '/nowhere/x.onnx'],
      'ReduceMax',
    ],
  ])('refuses %s in one sentence', async (_, args, sentence) => {
    const { code, stderr } = await called(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses k of nothing, more classes than there are, and weights left behind', async () => {
    expectRefusal(await called(['export', 'nin-cifar10', '-o', '/nowhere/x.onnx', '-k', '0']), /whole number from 1/);
    const names = { target: '/nowhere/x.onnx', displayPath: 'x.onnx', temporary: '/nowhere/temporary.onnx' };
    const exported = (model: string, top?: number) => {
      const setup = { model, prepare: { threads: 1 }, ...names, overwrite: false, top };
      return refusalOf(exportFile(setup, async () => {}));
    };
    expectRefusal(await exported('nin-cifar10', 11), /10 classes/);
    expectRefusal(await exported(fixture('heads', 'external', 'external-data.onnx')), /beside it/);
  });
});

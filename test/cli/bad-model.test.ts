import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareModel } from '../../src/index.js';
import { buildModel, colorClassifier, type ModelSketch } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { called, refusalOf } from '../helpers/in-process.js';
import { expectRefusal, expectSentence, linesOf } from '../helpers/runs.js';

const photo = fixture('photos', 'cat.jpg');
const wordsFor = (model: string) => [photo, '-m', model, '--threads', '1', '-o', join(temporaryFolder(), 'out')];
/** By the command, without a start of it. */
const explainWith = (model: string) => called(wordsFor(model));
/** What each command says of a model that it refuses. */
const refusalFor = (model: string) => refusalOf(prepareModel(model, { threads: 1 }));

/** The same bytes at every run, without any order in them. */
const noise = (length: number, seed: number): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
};

const folderOf = (model: Uint8Array, labels: readonly string[] = ['red', 'green']): string =>
  writeModelFolder(join(temporaryFolder(), 'model'), { model, labels, preprocessor: cropped(8) });

const sketch = (nodes: ModelSketch['nodes'], more: Partial<ModelSketch> = {}): string =>
  folderOf(buildModel({ input: [1, 3, 8, 8], nodes, ...more }));

const nin = readFileSync(fixture('models', 'nin-cifar10', 'model.onnx'));
const conv = { weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } };

describe.concurrent('a model that cannot be explained is refused in one sentence', () => {
  it.each([
    ['a name that is none', () => 'resnet-18', /resnet-18 is no model.*efficientnet-lite0, nin-cifar10/],
    ['a folder without model.onnx', () => temporaryFolder(), /holds no \.onnx file/],
    ['random bytes', () => folderOf(noise(20_000, 7)), /not ONNX/],
    ['words', () => folderOf(Buffer.from('version https://git-lfs.github.com/spec/v1\n')), /not ONNX/],
    ['an empty file', () => folderOf(new Uint8Array()), /holds no network|empty/],
    ['a model cut in half', () => folderOf(nin.subarray(0, nin.length >> 1)), /cut off/],
    [
      'no picture as input',
      () => sketch([{ op: 'Relu', in: ['input'], out: 'logits' }], { input: [1, 16] }),
      /takes input \[1, 16\] instead of one picture/,
    ],
    [
      'four channels as input',
      () => sketch([{ op: 'GlobalAveragePool', in: ['input'], out: 'logits' }], { input: [1, 4, 8, 8] }),
      /no picture of one or three channels/,
    ],
    [
      'no global pool: pixels, flattened',
      () =>
        sketch(
          [
            { op: 'Flatten', in: ['input'], out: 'flat' },
            { op: 'Gemm', in: ['flat', 'weight'], out: 'logits' },
          ],
          { weights: { weight: { dims: [192, 2], data: Array.from({ length: 384 }, (_, i) => (i % 7) - 3) } } },
        ),
      /No class map exists: a flatten .*the photo's pixels/,
    ],
    [
      'a logarithm of exponentials instead of a pool',
      () =>
        sketch(
          [
            { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
            { op: 'ReduceLogSumExp', in: ['maps'], out: 'pooled', with: { axes: [2, 3] } },
            { op: 'Flatten', in: ['pooled'], out: 'logits' },
          ],
          { weights: conv },
        ),
      /log-sum-exp/,
    ],
    ['an operator that nobody knows', () => sketch([{ op: 'Nonsense', in: ['input'], out: 'logits' }]), /Nonsense/],
  ])('%s', async (_, model, about) => {
    expectRefusal(await refusalFor(model()), about);
  });

  it('by the command: as its file is read, as its graph is, and as the runtime loads it', async () => {
    const loaded = sketch([{ op: 'Nonsense', in: ['input'], out: 'logits' }]);
    const unpooled = sketch([{ op: 'GlobalAveragePool', in: ['input'], out: 'logits' }], { input: [1, 4, 8, 8] });
    expectRefusal(await gapcam(wordsFor(folderOf(noise(20_000, 7)))), /not ONNX/);
    expectRefusal(await explainWith(unpooled), /no picture of one or three channels/);
    expectRefusal(await explainWith(loaded), /Nonsense/);
  });
});

it('an attack by names of a million letters is refused in a sentence that can be read', async () => {
  const name = 'a'.repeat(1_000_000);
  const nodes = [
    { op: 'GlobalAveragePool', in: ['input'], out: 'pooled' },
    { op: 'Flatten', in: ['pooled'], out: name },
  ];
  const model = sketch(nodes, { outputs: [name] });
  const outcome = await refusalOf(prepareModel(model, { outputName: 'b', threads: 1 }));
  expectRefusal(outcome, /The model has no output b; it has aaaa.* \.\.\. .*aaa\.$/);
  expect(outcome.stderr.length).toBeLessThan(20_000);
});

describe.concurrent('a side file that cannot be used is refused in one sentence that names it', () => {
  const labelsFile = 'config.json';
  const inputFile = 'preprocessor_config.json';
  const right: Readonly<Record<string, unknown>> = {
    ...cropped(8),
    do_normalize: true,
    image_mean: [0, 0, 0],
    image_std: [1, 1, 1],
  };
  const without = (key: string) => JSON.stringify({ ...right, [key]: undefined });
  const having = (key: string, value: unknown) => JSON.stringify({ ...right, [key]: value });

  it('is taken once it is put right', async () => {
    const model = folderOf(colorClassifier());
    writeFileSync(join(model, inputFile), JSON.stringify(right));
    expect((await explainWith(model)).code).toBe(0);
  });

  it.each([
    [labelsFile, 'that is not JSON', 'not JSON', /config\.json is not JSON/],
    [labelsFile, 'that is empty', '', /config\.json is not JSON/],
    [labelsFile, 'that is a list', '[]', /config\.json holds no JSON object/],
    [
      labelsFile,
      'whose labels are words',
      '{"id2label": "red, green"}',
      /config\.json has an id2label that is no object/,
    ],
    [labelsFile, 'whose label is a number', '{"id2label": {"0": "red", "1": 2}}', /class 1/],
    [labelsFile, 'that starts at 1', '{"id2label": {"1": "red", "2": "green"}}', /class 0/],
    [labelsFile, 'with too few labels', '{"id2label": {"0": "red"}}', /names 1 class(es)?, but the model has 2/],
    [
      labelsFile,
      'with too many',
      '{"id2label": {"0": "a", "1": "b", "2": "c"}}',
      /names 3 classes, but the model has 2/,
    ],
    [inputFile, 'that is not JSON', '{"size":', /preprocessor_config\.json is not JSON/],
    [inputFile, 'without size', without('size'), /lacks size/],
    [inputFile, 'without resample', without('resample'), /lacks resample/],
    [inputFile, 'without std', without('image_std'), /lacks image_std/],
    [inputFile, 'whose size is a word', having('size', 'large'), /size.*"large"/],
    [inputFile, 'whose size has a half', having('size', { height: 8.5, width: 8 }), /size/],
    [inputFile, 'whose size lacks a width', having('size', { height: 8 }), /size/],
    [inputFile, 'whose resample is 6', having('resample', 6), /resample.*6/],
    [inputFile, 'whose crop is above 1', having('crop_pct', 1.01), /crop_pct.*1\.01/],
    [inputFile, 'whose mean is two numbers', having('image_mean', [0.5, 0.5]), /image_mean.*0\.5,0\.5/],
    [inputFile, 'whose std is 0', having('image_std', [1, 0, 1]), /image_std/],
    [inputFile, 'whose rescale is negative', having('rescale_factor', -1), /rescale_factor.*-1/],
    [inputFile, 'whose flag is a word', having('do_normalize', 'no'), /do_normalize.*"no"/],
  ])('%s %s', async (name, _, content, about) => {
    const model = folderOf(colorClassifier());
    writeFileSync(join(model, inputFile), JSON.stringify(right));
    writeFileSync(join(model, name), content);
    expectRefusal(await refusalFor(model), about);
  });

  it('is refused so by the command', async () => {
    const model = folderOf(colorClassifier());
    writeFileSync(join(model, labelsFile), 'not JSON');
    expectRefusal(await explainWith(model), /config\.json is not JSON/);
  });

  it('is not missed where it is not there: what is assumed instead is said', async () => {
    const model = folderOf(colorClassifier());
    rmSync(join(model, labelsFile));
    const unnamed = await explainWith(model);
    expect(unnamed.stdout).toMatch(/: class [01] \d/);
    expect(unnamed.code).toBe(0);
    rmSync(join(model, inputFile));
    const assumed = await explainWith(model);
    expectSentence(linesOf(assumed.stderr)[0], /how photos are fed.*[Aa]ssumed/);
    expect(assumed.code).toBe(0);
  });

  it('is refused with the sizes that the network takes, where it says another', async () => {
    const fixed = buildModel({
      input: [1, 3, 16, 16],
      nodes: [
        { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: conv,
    });
    expectRefusal(await refusalFor(folderOf(fixed)), /fed as 8x8 pixels .*, but the model takes 16x16/);
  });
});

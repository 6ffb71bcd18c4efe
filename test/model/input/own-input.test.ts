import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/model/input/input.js';
import { presets } from '../../../src/model/input/presets.js';
import { locateModel } from '../../../src/model/locate.js';
import { assumed } from '../../../src/model/origin.js';
import { ownContent } from '../../../src/model/own-content.js';
import { ownFileOf } from '../../../src/model/own-file.js';
import { type PrepareOptions, readModel } from '../../../src/model/prepare.js';
import { buildModel, byteClassifier, colorClassifier } from '../../helpers/build-model.js';
import { fixture, temporaryFolder } from '../../helpers/folders.js';

const sideFiles = ['config.json', 'preprocessor_config.json'];

const folderOf = (model: Uint8Array, convention?: string): string => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'model.onnx'), model);
  for (const name of convention === undefined ? [] : sideFiles) {
    const source = fixture('conventions', String(convention), name);
    if (existsSync(source)) copyFileSync(source, join(folder, name));
  }
  return folder;
};

/** Saves what is found of a model with these options. @returns the input before, and as it is read again without them. */
const savedAndRead = (folder: string, options: PrepareOptions = {}): readonly [Input, Input] => {
  const { input, files } = readModel(folder, options);
  const saved = { input, labels: [], labelOrigin: assumed, outputName: undefined, before: ownFileOf(files) };
  writeFileSync(join(folder, 'model.json'), ownContent(saved));
  return [input, readModel(folder).input];
};

const withoutOrigins = ({ origins, warnings, ...values }: Input) => values;

const assumedKeys = ({ origins }: Input) =>
  Object.entries(origins)
    .flatMap(([key, { source }]) => (source === 'assumed' ? [key] : []))
    .sort();

const expectSame = ([before, after]: readonly [Input, Input]): void => {
  expect(withoutOrigins(after)).toEqual(withoutOrigins(before));
  expect(assumedKeys(after)).toEqual(assumedKeys(before));
  for (const [key, { source }] of Object.entries(after.origins)) {
    expect(['own-file', 'assumed', 'graph'], key).toContain(source);
  }
};

/** A network whose height, width and stride of 4 are free to be fed any photo. */
const strided = buildModel({
  input: ['n', 3, 'h', 'w'],
  nodes: [
    { op: 'Conv', in: ['input', 'w'], out: 'maps', with: { strides: [4, 4] } },
    { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
    { op: 'Flatten', in: ['pooled'], out: 'logits' },
  ],
  weights: { w: { dims: [2, 3, 4, 4], data: Array.from({ length: 96 }, (_, i) => i / 96) } },
});

describe("a model's own file, saved", () => {
  const conventions = readdirSync(fixture('conventions')).filter((name) =>
    sideFiles.some((file) => existsSync(fixture('conventions', name, file))),
  );

  it.each(conventions)('feeds photos as the files of %s do', (name) => {
    expectSame(savedAndRead(folderOf(colorClassifier(), name)));
  });

  it.each(Object.keys(presets) as (keyof typeof presets)[])('feeds photos as the preset %s does', (preset) => {
    expectSame(savedAndRead(folderOf(colorClassifier()), { preset }));
    expectSame(savedAndRead(folderOf(colorClassifier()), { preset, input: { size: '320x240' } }));
  });

  const flags: readonly PrepareOptions['input'][] = [
    {},
    { size: '96' },
    { size: '320x240', resize: '77' },
    { resize: 'longest:90', crop: '80x60' },
    { resize: 'cover:90x70', crop: 'none' },
    { resize: 'contain:90x70', crop: '90x70' },
    { resize: '64x64', crop: 'none' },
    { resize: 'none', crop: 'none', size: '33x21' },
    { mean: '1e-30,0.1,123.675', std: 0.30000000000000004, rescale: 1 / 255 },
    { resize: 'contain:90', fill: '255,0,7', align: 'top-left' },
    { resize: 'contain:90x70', fill: 'mean', crop: '60' },
    { resample: 'opencv-linear', resize: '99', crop: '80' },
    { alpha: 'drop' },
    { resample: 'tf-bilinear', mean: '1/2', rescale: '1/255' },
    { channels: 'gray' },
    { channels: 'bgr', resample: 'hamming', inputLayout: 'nchw' },
  ];

  it.each(flags)('feeds photos as these flags do: %j', (input) => {
    if (input?.channels === 'gray') expectSame(savedAndRead(folderOf(byteClassifier())));
    else expectSame(savedAndRead(folderOf(colorClassifier()), { input }));
  });

  it.each(['timm-center-095', 'hf-bit', 'hf-convnext-224'])(
    'feeds photos as the files of %s do, resized by OpenCV: the file decides how the crop is rounded',
    (name) => {
      expectSame(savedAndRead(folderOf(colorClassifier(), name), { input: { resample: 'opencv-linear' } }));
      expectSame(savedAndRead(folderOf(colorClassifier(), name), { input: { resample: 'opencv-area', crop: '61' } }));
    },
  );

  it('holds fractions that a person wrote there', () => {
    const folder = folderOf(colorClassifier());
    const own = '{"input": {"rescale": "1/255", "mean": ["1/2", 0.5, "1/2"], "std": "1/4"}}';
    writeFileSync(join(folder, 'model.json'), own);
    expect(readModel(folder).input).toMatchObject({ rescale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] });
  });

  it('feeds the whole photo, in the steps that the network has', () => {
    const read = savedAndRead(folderOf(strided), { whole: true, input: { size: '90x70' } });
    expectSame(read);
    expect(read[1].resize).toMatchObject({ rule: 'shortest-edge', steps: { width: { stride: 4 } } });
  });

  it('says where each value came from, also when it is saved again', () => {
    const folder = folderOf(colorClassifier());
    savedAndRead(folder, { input: { mean: 0.5 }, preset: 'raw' });
    const [, { origins }] = savedAndRead(folder);
    expect(origins.mean).toEqual({ source: 'own-file', where: 'model.json: mean', from: '--mean' });
    expect(origins.std).toEqual({ source: 'own-file', where: 'model.json: std', from: 'preset raw' });
  });

  it('lets a preset, and a file that comes later, say what had been assumed', () => {
    const folder = folderOf(colorClassifier());
    savedAndRead(folder, { input: { mean: 0.5 } });
    expect(readModel(folder, { preset: 'keras-tf' }).input).toMatchObject({
      resample: 'nearest',
      mean: [0.5, 0.5, 0.5],
    });
    writeFileSync(join(folder, 'config.json'), '{"pretrained_cfg": {"interpolation": "lanczos", "mean": [0, 0, 0]}}');
    expect(readModel(folder).input).toMatchObject({ resample: 'lanczos', mean: [0.5, 0.5, 0.5] });
  });

  it('keeps what a person wrote there: a comment, labels, an output, a unit', () => {
    const folder = folderOf(colorClassifier());
    const kept = { comment: ['by hand', { on: 'Friday' }], problemType: 'regression', unit: ['years', 'm'] };
    const own = { labels: ['a', 'b'], outputName: 'logits' };
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...own, ...kept }));
    savedAndRead(folder, { input: { std: 2 } });
    expect(ownFileOf(locateModel(folder))).toMatchObject({ ...own, kept, input: { std: [2, 2, 2] } });
  });

  it('holds the names of --labels, and no path', () => {
    const folder = folderOf(colorClassifier());
    const { input, files } = readModel(folder);
    const labelOrigin = { source: 'flag', where: '--labels /elsewhere/names.txt' } as const;
    const saved = { input, labels: ['red', 'green'], labelOrigin, outputName: 'out', before: ownFileOf(files) };
    const { labels, outputName, origins } = JSON.parse(ownContent(saved));
    expect(labels).toEqual(['red', 'green']);
    expect([outputName, origins.outputName]).toEqual(['out', '--output-name']);
  });
});

describe("a key or a value that a model's own file may not have", () => {
  it.each([
    ['{"inputs": {}}', 'the key inputs; the nearest is input.'],
    ['{"mean": 0}', 'the key mean; the nearest is input.mean.'],
    ['{"layout": "nchw"}', 'the nearest is input.inputLayout.'],
    ['{"input": {"meen": 0}}', 'the key input.meen; the nearest is input.mean.'],
    ['{"input": {"layout": "nchw"}}', 'the key input.layout; the nearest is input.inputLayout.'],
    ['{"assumed": {"sdt": 1}}', 'the key assumed.sdt; the nearest is assumed.std.'],
    ['{"origins": {"label": ""}}', 'the key origins.label; the nearest is origins.labels.'],
    ['{"__proto__": {"input": {}}}', 'the key __proto__; the nearest is '],
    ['{"input": {"constructor": 1}}', 'the key input.constructor; the nearest is input.'],
    ['{"input": []}', 'Expected an object for input in '],
    ['{"labels": "names.txt"}', 'Expected a list of class names for labels in '],
    ['{"outputName": 1}', 'Expected the name of an output for outputName in '],
    [
      '{"input": {"resample": "bilinaer"}}',
      'for model.json: resample but received "bilinaer"; the nearest is bilinear.',
    ],
    ['{"input": {"channels": "rbg"}}', 'the nearest is rgb.'],
    [
      '{"input": {"resize": {"rule": "exactly"}}}',
      'for model.json: resize.rule but received "exactly"; the nearest is exact.',
    ],
    [
      '{"input": {"resize": {"rule": "longest-edge", "edges": 1}}}',
      'no key model.json: resize.edges; the nearest is model.json: resize.edge.',
    ],
    ['{"input": {"resize": {"rule": "longest-edge", "edge": 0}}}', 'for model.json: resize.edge but received 0.'],
    [
      '{"input": {"resize": {"rule": "middle-square", "width": 8, "height": 8, "share": 9, "whole": true}}}',
      'resize.share',
    ],
    [
      '{"input": {"crop": {"width": 8, "height": 8, "rounding": "half-evn", "padding": "far"}}}',
      'the nearest is half-even.',
    ],
    ['{"input": {"fill": [0, 0, 256]}}', 'for model.json: fill'],
    ['{"assumed": {"mean": "x"}}', 'for model.json: assumed.mean'],
  ])('is refused by name: %s', (text, words) => {
    const folder = folderOf(colorClassifier());
    writeFileSync(join(folder, 'model.json'), text);
    expect(() => readModel(folder)).toThrow(words);
  });

  it.each([
    '{"kind": "exact", "layout": "nchw", "mean": 1e-6, "std": 1, "tolerance": 0.1, "classes": 5, "grid": [1, 2]}',
    '{"size": 10, "author": "x", "year": 2020}',
    '{"__proto__": {"input": {}}}',
  ])("is no matter in another program's x.json beside x.onnx, which is passed over with a note: %s", (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x.onnx'), colorClassifier());
    writeFileSync(join(folder, 'x.json'), text);
    const { input } = readModel(join(folder, 'x.onnx'));
    expect(input.warnings).toEqual(["x.json has no key of gapcam's, and is not read."]);
    expect(input.origins.mean).toEqual(assumed);
  });

  it.each(['{"lables": []}', '{"mean": 0, "sdt": 1}', '{"input": {}, "author": "x", "year": 2020}'])(
    "is refused in x.json beside x.onnx where its other keys are gapcam's or nearly so: %s",
    (text) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'x.onnx'), colorClassifier());
      writeFileSync(join(folder, 'x.json'), text);
      expect(() => readModel(join(folder, 'x.onnx'))).toThrow('the nearest is');
    },
  );

  it('is no matter in the model.json of TensorFlow.js, from which a model.onnx may have been made', () => {
    const folder = folderOf(colorClassifier());
    writeFileSync(join(folder, 'model.json'), '{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}');
    expect(readModel(folder).input.warnings).toHaveLength(1);
  });

  it('is no matter in the config.json of a model that is called config.onnx', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.onnx'), colorClassifier());
    writeFileSync(join(folder, 'config.json'), '{"architecture": "x", "input_size": [3, 64, 64]}');
    expect(readModel(folder).input.size).toEqual({ width: 64, height: 64 });
  });
});

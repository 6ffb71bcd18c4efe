import { beforeAll, describe, expect, it } from 'vitest';
import { type ExplainOptions, type Model, prepareExplainer, prepareModel, UsageError } from '../../src/index.js';
import { normalizePrepareOptions } from '../../src/options/model.js';

// What a program in JavaScript can give: the types of TypeScript would refuse most of it.
const prepare = (options: unknown, name: unknown = 'nin-cifar10') => prepareModel(name as string, options as object);

describe.concurrent('prepareModel', () => {
  it.each([
    [
      { preset: 'nope' },
      /^Expected one of imagenet, torchvision, .*raw for preset but received "nope"; the nearest is opencv\.$/,
    ],
    [{ preset: 5 }, /for preset but received 5\.$/],
    [{ labels: 5 }, 'Expected a file of class names, or imagenet for labels but received 5.'],
    [{ outputName: ['logits'] }, /name of one of the model's outputs for outputName but received \["logits"\]\.$/],
    [{ whole: 'yes' }, 'Expected true or false for whole but received "yes".'],
    [{ threads: -1 }, 'Expected a whole number from 0 to 1024 for threads but received -1.'],
    [{ threads: 1025 }, /threads but received 1025/],
    [{ threads: 1.5 }, /threads but received 1\.5/],
    [{ input: 224 }, 'Expected an object for input but received 224.'],
    [{ input: null }, 'Expected an object for input but received null.'],
    [{ input: { size: 0 } }, /pixels from 1 to 16384, as 224 or 320x240 for input\.size but received 0\.$/],
    [{ input: { size: [224] } }, 'Expected text or a number for input.size but received [224].'],
    [{ input: { mean: [0.5, '0.5', null] } }, /text, a number or an array of numbers for input\.mean/],
    [{ input: { mean: [0.5, 0.5] } }, /one number or three, .* for input\.mean but received \[0\.5,0\.5\]\.$/],
    [{ input: { std: 0 } }, /above 0.* for input\.std but received 0\.$/],
    [
      { input: { channels: 'rbg' } },
      'Expected one of rgb, bgr, gray for input.channels but received "rbg"; the nearest is rgb.',
    ],
    [null, 'Expected an object for options but received null.'],
    ['imagenet', 'Expected an object for options but received "imagenet".'],
    [['imagenet'], 'Expected an object for options but received ["imagenet"].'],
  ])('refuses %j', async (options, sentence) => {
    await expect(prepare(options)).rejects.toThrow(UsageError);
    await expect(prepare(options)).rejects.toThrow(sentence);
  });

  it.each([
    [{ presets: 'imagenet' }, 'There is no option presets; the nearest is preset.'],
    [{ 'output-name': 'logits' }, 'There is no option output-name; the nearest is outputName.'],
    [{ size: 224 }, 'There is no option size; the nearest is input: { size }.'],
    [{ 'input.size': 224 }, 'There is no option input.size; the nearest is input: { size }.'],
    [{ input: { layout: 'nchw' } }, 'There is no option input.layout; the nearest is input.inputLayout.'],
    [{ input: { resise: 224 } }, 'There is no option input.resise; the nearest is input.resize.'],
  ])('refuses an unknown name with the nearest one: %j', async (options, sentence) => {
    await expect(prepare(options)).rejects.toThrow(UsageError);
    await expect(prepare(options)).rejects.toThrow(sentence);
  });

  it('refuses what is no name of a model', async () => {
    await expect(prepare({}, 5)).rejects.toThrow(
      'Expected a built-in name, .onnx file, or folder with model.onnx for model but received 5.',
    );
  });

  it('takes all options at once, with undefined for those that are left open', async () => {
    const options = {
      input: { size: 32, crop: 'none', mean: [0.5, 0.5, 0.5], std: '0.25', rescale: 1 / 255, resample: undefined },
      preset: undefined,
      whole: false,
      labels: undefined,
      outputName: undefined,
      threads: 1,
    } as const;
    const { input } = await prepareModel('nin-cifar10', options);
    expect(input).toMatchObject({ size: { width: 32, height: 32 }, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] });
  });

  it('leaves the options as they are given', () => {
    const given = Object.freeze({ input: Object.freeze({ size: 32 }) });
    expect(normalizePrepareOptions(given)).toMatchObject({ input: { size: 32 }, threads: 0, whole: false });
  });
});

describe('prepareExplainer', () => {
  let model: Model;
  beforeAll(async () => {
    model = await prepareModel('nin-cifar10');
  });
  const explainer = (options: unknown) => prepareExplainer(model, options as object);

  it.each([
    [{ top: '3' }, 'Expected a whole number from 1 for top but received "3".'],
    [{ top: 0 }, /top but received 0/],
    [{ top: null }, /top but received null/],
    [{ classes: 5 }, 'Expected an index or a label for classes but received 5.'],
    [{ classes: [3] }, 'Expected an index or a label for classes but received [3].'],
    [
      { write: 'overlay' },
      'Expected overlay or heatmap or map or map16 or mask or input or none for write but received "overlay".',
    ],
    [{ write: [] }, /for write but received \[\]/],
    [{ boxes: '1.2' }, /^Expected a share .* for boxes but received "1\.2"\.$/],
    [{ write: ['crop'] }, /write but received "crop"/],
    [
      { measure: 'drop' },
      'Expected insertion or deletion or drop or adcc or ablation for measure but received "drop".',
    ],
    [{ measure: [5] }, /^Expected one of insertion, .* for measure but received 5\.$/],
    [{ measure: ['drop'], measureProfile: 'rise' }, /The profile rise belongs to insertion and deletion/],
    [{ measureProfile: 'rise' }, /The profile rise belongs/],
    [{ margin: 0.1 }, 'A margin belongs to crops; add --crop-boxes.'],
    [{ cropBoxes: true, margin: 10.1 }, /from 0 to 10 for margin but received 10.1/],
    [{ format: 'bmp' }, 'Expected one of jpeg, png, webp for format but received "bmp"; the nearest is png.'],
    [
      { colormap: 'rainbow' },
      /^Expected one of turbo, .* for colormap but received "rainbow"; the nearest is turbo\.$/,
    ],
    [{ scale: '8' }, /or a number of logits above 0 for scale but received "8"\.$/],
    [{ scale: Number.POSITIVE_INFINITY }, /scale but received Infinity/],
    [{ opacity: 1.01 }, 'Expected a number from 0 to 1 for opacity but received 1.01.'],
    [{ opacity: Number.NaN }, /opacity but received NaN/],
    [{ fade: 0 }, 'Expected true or false for fade but received 0.'],
    [{ caption: true, write: ['map'] }, /caption belongs to overlays/],
    [{ write: ['none', 'map'] }, /Nothing else is written with none/],
    [{ write: ['none'], cropBoxes: true }, /Nothing else is written with none/],
    [{ scale: 'signed', colormap: 'jet' }, /jet has no colour for zero/],
    [null, 'Expected an object for options but received null.'],
    [3, 'Expected an object for options but received 3.'],
  ])('refuses %j', (options, sentence) => {
    expect(() => explainer(options)).toThrow(UsageError);
    expect(() => explainer(options)).toThrow(sentence);
  });

  it('draws nothing where none is written', () => {
    expect(explainer({ write: ['none'] }).kinds).toEqual([]);
  });

  it.each([
    [{ class: ['cat'] }, 'There is no option class; the nearest is classes.'],
    [{ colourmap: 'jet' }, 'There is no option colourmap; the nearest is colormap.'],
    [{ Top: 3 }, 'There is no option Top; the nearest is top.'],
    [{ formats: undefined }, 'There is no option formats; the nearest is format.'],
  ])('refuses an unknown name with the nearest one: %j', (options, sentence) => {
    expect(() => explainer(options)).toThrow(UsageError);
    expect(() => explainer(options)).toThrow(sentence);
  });

  it('takes nothing, and what it has completed itself', () => {
    const { options } = explainer(undefined);
    expect(options).toEqual({
      top: 1,
      classes: [],
      write: ['overlay'],
      format: undefined,
      scale: 'map',
      colormap: 'turbo',
      opacity: 0.6,
      fade: true,
      interpolation: 'bicubic',
      layout: 'separate',
      caption: false,
      boxes: undefined,
      cropBoxes: false,
      margin: 0,
      acceptDamaged: false,
      measure: [],
      measureProfile: undefined,
    });
    expect(explainer(options).options).toEqual(options);
  });

  it('takes measures once each, with commas too, and settles how they are taken', () => {
    const measured = ({ measure, measureProfile }: ExplainOptions) => [measure, measureProfile];
    expect(measured(explainer({ measure: ['drop', 'deletion', 'drop'] }).options)).toEqual([
      ['drop', 'deletion'],
      'rise',
    ]);
    expect(measured(explainer({ measure: ['insertion,adcc'] }).options)).toEqual([['insertion', 'adcc'], 'rise']);
    expect(measured(explainer({ measure: ['drop'] }).options)).toEqual([['drop'], undefined]);
    const { options } = explainer({ measure: ['insertion'], measureProfile: 'torch-cam' });
    expect(measured(explainer(options).options)).toEqual([['insertion'], 'torch-cam']);
  });

  it('takes the ends of its ranges', () => {
    expect(explainer({ opacity: 0 }).options.opacity).toBe(0);
    expect(explainer({ opacity: 1, scale: 1e-6, top: 1 }).options).toMatchObject({ opacity: 1, scale: 1e-6 });
    expect(explainer({ scale: 'signed' }).options.colormap).toBe('coolwarm');
    expect(explainer({ classes: ['cat', '3'] }).classes).toEqual([3]);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldOf } from '../../../src/image/geometry.js';
import { placeIn } from '../../../src/model/input/fit.js';
import { originWords } from '../../../src/model/origin.js';
import { type PrepareOptions, readModel } from '../../../src/model/prepare.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../../helpers/build-model.js';
import { cropped, temporaryFolder, writeModelFolder } from '../../helpers/folders.js';

const weights = { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } };

/** Cells `strides` pixels apart, high and wide, by one pool. */
const network = (pool: NonNullable<NodeSketch['with']>, input?: ModelSketch['input']): Uint8Array =>
  buildModel({
    ...(input && { input }),
    nodes: [
      { op: 'MaxPool', in: ['input'], out: 'cells', with: pool },
      { op: 'Conv', in: ['cells', 'w'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights,
  });

const patches = { kernel_shape: [16, 16], strides: [16, 16] };

const inputOf = (options: PrepareOptions, model: Uint8Array = network(patches)) => {
  const file = join(temporaryFolder(), 'lone.onnx');
  writeFileSync(file, model);
  return readModel(file, options).input;
};

/** The size that is taken where `asked` is, and what is said of it. */
const taken = (size: string, model?: Uint8Array) => {
  const { size: found, origins, warnings } = inputOf({ input: { size } }, model);
  return { size: `${found.width}x${found.height}`, origin: originWords(origins.size), warnings };
};

describe('--size on a free input', () => {
  it.each([
    ['1', '16x16'],
    ['23', '16x16'],
    ['24', '32x32'],
    ['39', '32x32'],
    ['40x20', '48x16'],
  ])('becomes the nearest multiple of the stride: %s', (asked, size) => {
    const multiple = "multiple of the network's stride of 16";
    expect(taken(asked)).toEqual({
      size,
      origin: `--size ${asked}, to a ${multiple}`,
      warnings: [
        `--size ${asked} is no ${multiple}; ${size.split('x')[0] === size.split('x')[1] ? size.split('x')[0] : size} is taken.`,
      ],
    });
  });

  it.each(['16', '32', '48x16', '224'])('stays where it is one: %s', (asked) => {
    const { origin, warnings } = taken(asked);
    expect([origin, warnings]).toEqual(['--size', []]);
  });

  it('carries the rule found along, for the size that is taken', () => {
    const { resize, crop } = inputOf({ preset: 'imagenet', input: { size: '450' } });
    expect(resize).toEqual({ rule: 'shortest-edge', edge: 512 });
    expect(crop).toMatchObject({ width: 448, height: 448 });
  });

  it('has a stride for each edge', () => {
    const wide = network({ kernel_shape: [4, 10], strides: [4, 10] });
    expect(taken('33', wide)).toMatchObject({ size: '30x32', warnings: [expect.stringContaining('stride of 10x4;')] });
  });

  it('keeps a size at which layers without padding fit, and takes one of these for any other', () => {
    // Cells of 8 pixels, 5 apart: 13 pixels hold two, 15 leave two over.
    const overlapping = network({ kernel_shape: [8, 8], strides: [5, 5] });
    expect(taken('13', overlapping)).toMatchObject({ size: '13x13', warnings: [] });
    expect(taken('16', overlapping)).toMatchObject({
      size: '18x18',
      warnings: ["--size 16 is no multiple of the network's stride of 5 plus its border of 3; 18 is taken."],
    });
    expect(taken('7', overlapping).size).toBe('8x8');
    // A multiple is what was asked for, and `field` says what its cells cover.
    expect(taken('20', overlapping)).toMatchObject({ size: '20x20', warnings: [] });
  });

  it('is a multiple where that leaves over no more than a fifth of a cell', () => {
    // Cells of 9 pixels, 5 apart: 14 pixels hold two, 15 leave one over.
    expect(taken('14', network({ kernel_shape: [9, 9], strides: [5, 5] })).size).toBe('15x15');
  });

  it('is at least the smallest that is large enough for the layers', () => {
    expect(taken('16', network({ kernel_shape: [33, 33], strides: [16, 16], ceil_mode: 1 })).size).toBe('32x32');
  });

  it('stays as it is where resize or crop are said too', () => {
    for (const words of [{ resize: '30' }, { crop: '30' }, { crop: 'none' }, { resize: 'none' }]) {
      expect(inputOf({ input: { size: '30', ...words } }).origins.size).toEqual({ source: 'flag', where: '--size' });
    }
  });

  it("stays as it is where the model's files say the same, and so do these", () => {
    const folder = writeModelFolder(temporaryFolder(), {
      model: network(patches),
      labels: ['red', 'green'],
      preprocessor: cropped(30),
    });
    expect(readModel(folder).input.size).toEqual({ width: 30, height: 30 });
    expect(readModel(folder, { input: { size: '30' } }).input.size).toEqual({ width: 30, height: 30 });
    expect(readModel(folder, { input: { size: '31' } }).input.size).toEqual({ width: 32, height: 32 });
  });

  it('stays as it is where the stride is not known, or is one pixel', () => {
    const unknown = buildModel({
      nodes: [
        { op: 'MaxUnpool', in: ['input'], out: 'cells' },
        { op: 'GlobalAveragePool', in: ['cells'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
    });
    expect(taken('30', unknown)).toEqual({ size: '30x30', origin: '--size', warnings: [] });
    expect(taken('30', network({ kernel_shape: [3, 3], strides: [1, 1] }))).toMatchObject({ size: '30x30' });
  });

  it('is not rounded to what a network of one size takes', () => {
    const fixed = network(patches, ['n', 3, 32, 32]);
    expect(() => inputOf({ input: { size: '30' } }, fixed)).toThrow(/30x30 .*takes 32x32/);
    expect(inputOf({ input: { size: '32' } }, fixed).size).toEqual({ width: 32, height: 32 });
  });
});

describe('--size where photos are fed as large as they are', () => {
  it('is the size of the trial run, which is said', () => {
    const { size, warnings } = inputOf({ input: { size: '30x20', resize: 'none', crop: 'none' } });
    expect(size).toEqual({ width: 30, height: 20 });
    expect(warnings).toEqual([expect.stringMatching(/^--size holds for the trial run alone/)]);
    expect(inputOf({ input: { resize: 'none', crop: 'none' } }).warnings).toEqual([]);
  });
});

describe('--whole', () => {
  const whole = (photo: { width: number; height: number }, size?: string) => {
    const input = inputOf({ whole: true, input: { size } });
    return { placement: placeIn(photo, input), input };
  };

  it.each([
    [100, 100, 32, 32],
    [100, 124, 32, 32],
    [100, 125, 32, 48],
    [300, 100, 96, 32],
    [7, 1000, 32, 4576],
  ])('feeds a photo of %d x %d as %d x %d, all of it', (width, height, wide, high) => {
    const { placement } = whole({ width, height }, '32');
    expect(placement.canvas).toEqual({ width: wide, height: high });
    expect(placement.resized).toEqual(placement.canvas);
    expect(fieldOf(placement)).toEqual({ x: 0, y: 0, width, height });
  });

  it('feeds no photo less than a cell', () => {
    expect(whole({ width: 5, height: 5 }, '1').placement.canvas).toEqual({ width: 16, height: 16 });
  });

  it('says once of which number edges are multiples', () => {
    const { input } = whole({ width: 100, height: 100 });
    const multiples = "multiples of the network's stride of 16";
    expect(input.warnings).toEqual([`--whole feeds each photo with edges that are ${multiples}.`]);
    const origin = { source: 'flag', where: `--whole, to ${multiples}` };
    expect(input.origins).toMatchObject({ size: origin, resize: origin });
  });
});

import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.js';
import { networkPicture } from '../../src/image/network-picture.js';
import { toFeed } from '../../src/image/to-tensor.js';
import { placeIn } from '../../src/model/input/fit.js';
import type { Input } from '../../src/model/input/input.js';
import type { PresetName } from '../../src/model/input/presets.js';
import { originWords } from '../../src/model/origin.js';
import { type PrepareOptions, readModel } from '../../src/model/prepare.js';
import { buildModel, colorClassifier } from '../helpers/build-model.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { pixelsOf } from '../helpers/pictures.js';

// What the training libraries made of three photos: fixtures/conventions/README.md. A new case is one folder.
interface Expected {
  readonly photos: Readonly<
    Record<string, { readonly shape: number[]; readonly samples: [number, number, number, number][] }>
  >;
}

const cases = readdirSync(fixture('conventions')).filter((name) =>
  existsSync(fixture('conventions', name, 'expected.json')),
);

/** What a person would give on the command line for a convention without side files. */
const optionsOf = (name: string): PrepareOptions => {
  const file = fixture('conventions', name, 'preset.json');
  if (!existsSync(file)) return {};
  const { preset, mode, size, imgsz, resize, crop, resample } = JSON.parse(readFileSync(file, 'utf8'));
  const words = { size: size === undefined ? imgsz : `${size[1]}x${size[0]}`, resize, crop, resample };
  return { preset: (mode === undefined ? preset : `${preset}-${mode}`) as PresetName, input: words };
};

/** As `colorClassifier`, of one channel: bright and dark. */
const grayClassifier = () =>
  buildModel({
    input: ['n', 1, 'h', 'w'],
    nodes: [
      { op: 'Conv', in: ['input', 'w'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights: { w: { dims: [2, 1, 1, 1], data: [1, -1] } },
  });

const inputOf = (name: string): Input => {
  const folder = temporaryFolder();
  const own = fixture('conventions', name, 'model.json');
  const isGray = existsSync(own) && JSON.parse(readFileSync(own, 'utf8')).input.channels === 'gray';
  writeFileSync(join(folder, 'model.onnx'), isGray ? grayClassifier() : colorClassifier());
  for (const file of ['config.json', 'preprocessor_config.json', 'model.json']) {
    const source = fixture('conventions', name, file);
    if (existsSync(source)) copyFileSync(source, join(folder, file));
  }
  return readModel(folder, optionsOf(name)).input;
};

describe.each(cases)('%s', (name) => {
  const { photos }: Expected = JSON.parse(readFileSync(fixture('conventions', name, 'expected.json'), 'utf8'));

  let input: Input;
  beforeAll(() => {
    input = inputOf(name);
  });

  it.each(Object.keys(photos))('feeds %s as its library does, byte for byte', async (photoName) => {
    const photo = await decode(readFileSync(fixture('conventions', 'photos', `${photoName}.png`)));
    const picture = networkPicture(photo, placeIn(photo, input), input);
    const file = fixture('conventions', name, `${photoName}.png`);
    if (existsSync(file)) {
      const expected = await pixelsOf(file);
      expect([picture.width, picture.height]).toEqual([expected.width, expected.height]);
      expect(Buffer.compare(picture.data, expected.data)).toBe(0);
    }
    const { data, dims } = toFeed(picture, input);
    const { shape, samples } = photos[photoName];
    expect(dims).toEqual([1, ...shape]);
    for (const [channel, y, x, value] of samples) {
      expect(Math.abs(data[(channel * shape[1] + y) * shape[2] + x] - value)).toBeLessThanOrEqual(
        1e-5 * Math.max(1, Math.abs(value)),
      );
    }
  });

  it('says where each value came from', () => {
    for (const key of [
      'size',
      'resize',
      'crop',
      'resample',
      'fill',
      'align',
      'channels',
      'layout',
      'rescale',
      'mean',
      'std',
    ] as const) {
      expect(originWords(input.origins[key]), key).toMatch(/\S/);
    }
    const said = ['size', 'resize', 'resample', 'mean', 'std'] as const;
    for (const key of said) expect(input.origins[key].source, key).not.toBe('assumed');
  });
});

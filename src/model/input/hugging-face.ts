import { join } from 'node:path';
import { ModelError } from '../../errors.js';
import type { Crop, Resize } from '../../photo/geometry.js';
import type { Resample } from '../../photo/resample.js';
import type { InputSpec } from './input.js';

export const HUGGING_FACE_FILE = 'preprocessor_config.json';

// Pillow's numbers for its filters, as Hugging Face writes them.
const filterNumbers: readonly Resample[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

type Json = Readonly<Record<string, unknown>>;

const fieldsOf = (json: Json, file: string) => {
  const wrong = (key: string, expected: string): ModelError =>
    key in json
      ? new ModelError(
          'bad-side-file',
          `Expected ${expected} for ${key} in ${file} but found ${JSON.stringify(json[key])}.`,
        )
      : new ModelError('bad-side-file', `${file} lacks ${key}, ${expected}.`);
  const positive = (value: unknown): value is number =>
    typeof value === 'number' && value > 0 && Number.isFinite(value);
  return {
    wrong,
    flag: (key: string): boolean => json[key] !== false,
    number: (key: string): number => {
      const value = json[key];
      if (!positive(value)) throw wrong(key, 'a positive number');
      return value;
    },
    perChannel: (key: string, least: number): readonly number[] => {
      const value = json[key];
      if (!Array.isArray(value) || value.length !== 3 || value.some((v) => typeof v !== 'number' || !(v >= least))) {
        throw wrong(key, `three numbers${least > 0 ? ' above 0' : ''}`);
      }
      return value;
    },
    edge: (value: unknown, key: string): number => {
      if (!positive(value) || !Number.isInteger(value) || value > 16384)
        throw wrong(key, 'edges from 1 to 16384 pixels');
      return value;
    },
  };
};

/**
 * How a Hugging Face `preprocessor_config.json` feeds a network.
 * @throws ModelError `bad-side-file` that names the key.
 */
export const readHuggingFace = (json: Json, folder: string): InputSpec => {
  const { wrong, flag, number, perChannel, edge } = fieldsOf(json, join(folder, HUGGING_FACE_FILE));
  const size = json.size as Json | undefined;
  if (typeof size !== 'object' || size === null) throw wrong('size', 'an object of edges in pixels');
  const filter = filterNumbers[json.resample as number];
  if (filter === undefined) throw wrong('resample', "Pillow's number of a filter, 0 to 5");
  const normalize = flag('do_normalize');
  let resize: Resize;
  let crop: Crop | undefined;
  if ('shortest_edge' in size) {
    const target = edge(size.shortest_edge, 'size');
    const share = number('crop_pct');
    if (share > 1) throw wrong('crop_pct', 'a share of the picture from 0 to 1');
    resize = { rule: 'shortest-edge', edge: Math.trunc(target / share) };
    // Our own key: networks trained elsewhere, with side files in this form, may round as torchvision does.
    const rounding = json.crop_rounding ?? 'floor';
    if (rounding !== 'floor' && rounding !== 'half-even') throw wrong('crop_rounding', 'floor or half-even');
    crop = { width: target, height: target, rounding };
  } else {
    resize = { rule: 'exact', width: edge(size.width, 'size'), height: edge(size.height, 'size') };
  }
  return {
    resize,
    crop,
    resample: filter,
    normalization: {
      rescale: flag('do_rescale') ? number('rescale_factor') : 1,
      mean: normalize ? perChannel('image_mean', Number.NEGATIVE_INFINITY) : [0, 0, 0],
      std: normalize ? perChannel('image_std', Number.MIN_VALUE) : [1, 1, 1],
    },
  };
};

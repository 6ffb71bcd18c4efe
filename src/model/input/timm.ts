import { basename } from 'node:path';
import type { Resize } from '../../image/geometry.js';
import { pillowResamples } from '../../image/resample/index.js';
import type { Size } from '../../maps/box.js';
import { halfEven } from '../../rounding.js';
import type { Origin } from '../origin.js';
import { isObject, type Json, type Reader, readerOf } from './json.js';
import { claims, IMAGENET, type InputClaims, torchCrop } from './values.js';

/** The settings of a timm `config.json`: under `pretrained_cfg`, in the older form beside everything else. */
export const timmSettings = (config: Json): Json | undefined => {
  if (isObject(config.pretrained_cfg)) return config.pretrained_cfg;
  return 'input_size' in config || ('architecture' in config && !('model_type' in config)) ? config : undefined;
};

const inputSize = (json: Json, read: Reader): Size & { readonly channels: number } => {
  const value = json.input_size ?? [3, 224, 224];
  if (!Array.isArray(value) || value.length !== 3) throw read.wrong('input_size', '[channels, height, width]');
  const [channels, height, width] = value.map((edge) => read.edge(edge, 'input_size'));
  return { channels, height, width };
};

const resizeOf = (mode: string, size: Size, scaled: Size): Resize => {
  if (mode === 'squash') return { rule: 'exact', ...scaled };
  if (mode === 'border') return { rule: 'contain', ...scaled };
  return size.width === size.height && scaled.width === scaled.height
    ? { rule: 'shortest-edge', edge: scaled.width }
    : { rule: 'cover', ...scaled };
};

/**
 * How timm's evaluation transform feeds a network.
 * @throws ModelError `bad-side-file` that names the key.
 */
export const readTimm = (json: Json, file: string): InputClaims => {
  const read = readerOf(json, file);
  const { channels, ...size } = inputSize(json, read);
  // Zero and empty count as not given.
  const share = json.crop_pct === 0 ? 0.875 : read.number('crop_pct', 0.875);
  const mode = typeof json.crop_mode === 'string' ? json.crop_mode : 'center';
  const scaled = { width: Math.floor(size.width / share), height: Math.floor(size.height / share) };
  const mean = read.perChannel('mean', IMAGENET.mean);
  const std = read.perChannel('std', IMAGENET.std, 0);
  const [red, green, blue] = [0, 1, 2].map((i) => halfEven(255 * (mean[i] ?? mean[0])));
  const from = (key: string): Origin => ({ source: 'file', where: `${basename(file)}: ${key}` });
  return {
    ...claims(from('input_size'), { size, ...(channels === 1 && { channels: 'gray' }) }),
    ...claims(from('crop_mode, crop_pct'), {
      resize: resizeOf(mode, size, scaled),
      crop: torchCrop(size),
      ...(mode === 'border' && { fill: [red, green, blue] as const }),
    }),
    ...claims(from('interpolation'), { resample: read.word('interpolation', pillowResamples, 'bicubic') }),
    ...claims(from('mean'), { mean }),
    ...claims(from('std'), { std }),
    ...claims(from("timm's ToTensor"), { rescale: 1 / 255 }),
  };
};

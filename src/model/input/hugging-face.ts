import { basename } from 'node:path';
import type { Crop, Resize } from '../../image/geometry.js';
import type { Size } from '../../maps/box.js';
import type { Origin } from '../origin.js';
import { type Processor, processorOf } from './hugging-face-processors.js';
import { isObject, type Json, type Reader, readerOf } from './json.js';
import { claims, type InputClaims, type InputValues } from './values.js';

/** A size in these files: the shortest edge, perhaps with a limit for the longest, or both edges. */
type Wanted = { readonly shortest: number; readonly longest?: number } | Size;

const isSize = (wanted: Wanted): wanted is Size => 'width' in wanted;

const wantedSize = (value: unknown, key: string, square: boolean, read: Reader): Wanted => {
  if (typeof value === 'number') {
    const edge = read.edge(value, key);
    return square ? { width: edge, height: edge } : { shortest: edge };
  }
  if (Array.isArray(value) && value.length === 2) {
    return { height: read.edge(value[0], key), width: read.edge(value[1], key) };
  }
  if (isObject(value)) {
    if ('shortest_edge' in value) {
      const shortest = read.edge(value.shortest_edge, key);
      return value.longest_edge === undefined || value.longest_edge === null
        ? { shortest }
        : { shortest, longest: read.edge(value.longest_edge, key) };
    }
    if ('height' in value || 'width' in value) {
      return { height: read.edge(value.height, key), width: read.edge(value.width, key) };
    }
  }
  throw read.wrong(key, 'edges in pixels: a number, {height, width} or {shortest_edge}');
};

const hfCrop = ({ width, height }: Size): Crop => ({ width, height, rounding: 'floor', padding: 'near' });

const plainResize = (wanted: Wanted): Resize =>
  isSize(wanted)
    ? { rule: 'exact', ...wanted }
    : { rule: 'shortest-edge', edge: wanted.shortest, ...(wanted.longest && { longest: wanted.longest }) };

const squareOf = (edge: number): Size => ({ width: edge, height: edge });

interface Geometry {
  readonly resize: Resize;
  readonly crop: Crop | 'none';
}

/** ConvNeXt's rule: below 384, shortest edge to size / crop_pct and a centre crop. From 384 on, a resize to the exact size. */
const convNext = (wanted: Wanted, read: Reader): Geometry => {
  if (isSize(wanted)) return { resize: { rule: 'exact', ...wanted }, crop: 'none' };
  const edge = wanted.shortest;
  if (edge >= 384) return { resize: { rule: 'exact', ...squareOf(edge) }, crop: 'none' };
  const share = read.number('crop_pct', 224 / 256);
  if (share > 1) throw read.wrong('crop_pct', 'a share of the picture from 0 to 1');
  return { resize: { rule: 'shortest-edge', edge: Math.trunc(edge / share) }, crop: hfCrop(squareOf(edge)) };
};

const poolFormer = (wanted: Wanted, read: Reader): Resize => {
  const share = read.number('crop_pct', 0.9);
  if (!isSize(wanted)) return { rule: 'shortest-edge', edge: Math.trunc(wanted.shortest / share) };
  const [width, height] = [Math.trunc(wanted.width / share), Math.trunc(wanted.height / share)];
  return wanted.width === wanted.height ? { rule: 'shortest-edge', edge: height } : { rule: 'exact', width, height };
};

const levit = (wanted: Wanted): Resize =>
  isSize(wanted)
    ? { rule: 'exact', ...wanted }
    : { rule: 'shortest-edge', edge: Math.trunc((256 / 224) * wanted.shortest) };

const geometryOf = (json: Json, processor: Processor, read: Reader): Geometry => {
  const size = read.has('size') ? json.size : processor.size;
  const cropped = read.flag('do_center_crop', processor.cropOn);
  const readCrop = (): Geometry['crop'] => {
    const given = read.has('crop_size') ? json.crop_size : (processor.crop ?? size);
    const cropSize = wantedSize(given, 'crop_size', true, read);
    return cropped && isSize(cropSize) ? hfCrop(cropSize) : 'none';
  };
  if (!read.flag('do_resize', true)) {
    // What would be resized to need not be said then.
    return { resize: { rule: 'none' }, crop: cropped && processor.own !== 'convnext' ? readCrop() : 'none' };
  }
  const wanted = wantedSize(size, 'size', processor.square, read);
  const crop = readCrop();
  switch (processor.own) {
    case 'convnext': {
      const own = convNext(wanted, read);
      return own.crop === 'none' ? { ...own, crop: cropped && json.do_center_crop === true ? crop : 'none' } : own;
    }
    case 'poolformer':
      return { resize: poolFormer(wanted, read), crop };
    case 'levit':
      return { resize: levit(wanted), crop };
    case 'perceiver': {
      // Cropped first, then resized.
      const target = isSize(wanted) ? wanted : squareOf(wanted.shortest);
      const share = crop === 'none' ? 1 : target.height / crop.height;
      return crop === 'none'
        ? { resize: plainResize(wanted), crop }
        : { resize: { rule: 'middle-square', share, whole: true, ...target }, crop: 'none' };
    }
    default:
      return { resize: plainResize(wanted), crop };
  }
};

/** Rescaling and normalising combined: (v * rescale - mean) / std. */
const numbersOf = (processor: Processor, read: Reader): Pick<InputValues, 'rescale' | 'mean' | 'std'> => {
  const rescale = read.flag('do_rescale', true) ? read.number('rescale_factor', 1 / 255) : 1;
  const normalize = processor.own !== 'mobilevit' && read.flag('do_normalize', true);
  let mean = normalize ? read.perChannel('image_mean', processor.mean) : [0, 0, 0];
  let std = normalize ? read.perChannel('image_std', processor.std, 0) : [1, 1, 1];
  if (processor.own === 'efficientnet') {
    // `rescale_offset` rescales to -1..1. `include_top` then divides by the standard deviation once more.
    if (read.flag('rescale_offset', false)) mean = mean.map((value) => value + 1);
    if (normalize && read.flag('include_top', true)) std = std.map((value) => value * value);
  }
  return { rescale, mean, std };
};

/**
 * How a Hugging Face `preprocessor_config.json`, with `config.json` beside it, feeds a network.
 * @param file path of the file that `json` is from.
 * @throws ModelError `bad-side-file` that names the key.
 */
export const readHuggingFace = (json: Json, config: Json | undefined, file: string): InputClaims => {
  const read = readerOf(json, file);
  const processor = processorOf(json, config);
  const { resize, crop } = geometryOf(json, processor, read);
  // Where nothing is resized, no file needs to say how.
  const filter = processor.resample ?? (resize.rule === 'none' ? 'bilinear' : undefined);
  const flips = processor.own === 'mobilevit' && read.flag('do_flip_channel_order', true);
  const named = (key: string): Origin => ({
    source: 'file',
    where: `${basename(file)}: ${read.has(key) ? key : `default of ${processor.name}`}`,
  });
  const { rescale, mean, std } = numbersOf(processor, read);
  return {
    ...claims(named('size'), { resize, ...(resize.rule === 'exact' && crop === 'none' && { size: resize }) }),
    ...claims(named(processor.own === 'convnext' ? 'crop_pct' : 'crop_size'), {
      crop,
      ...(crop !== 'none' && { size: { width: crop.width, height: crop.height } }),
    }),
    ...claims(named('resample'), { resample: read.filter('resample', filter) }),
    ...claims(named('rescale_factor'), { rescale }),
    ...claims(named('image_mean'), { mean }),
    ...claims(named('image_std'), { std }),
    ...(flips && claims(named('do_flip_channel_order'), { channels: 'bgr' })),
    ...(mean.length === 1 && claims(named('image_mean'), { channels: 'gray' })),
  };
};

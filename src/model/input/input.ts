import { basename, join } from 'node:path';
import { ModelError, PhotoError, UsageError } from '../../errors.js';
import { type Crop, type Placement, place, type Resize, type Steps } from '../../image/geometry.js';
import { channelCount, type PictureSpec, type TensorSpec } from '../../image/to-tensor.js';
import type { Size } from '../../maps/box.js';
import { foldersOf, type ModelFiles, readOwnFile, readSideFile } from '../locate.js';
import type { Graph } from '../onnx/graph.js';
import { type PictureInput, readGraphInput } from './graph-input.js';
import { HUGGING_FACE_FILE, readHuggingFace } from './hugging-face.js';
import { processorOf } from './hugging-face-processors.js';
import { isObject, type Json } from './json.js';
import { readMetadata } from './metadata.js';
import { type PresetName, presetSize, presets } from './presets.js';
import { resizeTo } from './resize-to.js';
import { readTimm, timmSettings } from './timm.js';
import { claims, type InputClaims, type InputKey, type InputValues, NO_CHANGE } from './values.js';
import { type InputWords, readWords } from './words.js';

/** How a photo becomes the network's input, each value with where it came from. */
export interface Input extends TensorSpec, PictureSpec {
  /** Of the network's input, in pixels; where it depends on the photo, the trial run's: what it is for a square one. */
  readonly size: Size;
  readonly resize: Resize;
  readonly crop: Crop | undefined;
  readonly origins: Readonly<Record<InputKey, string>>;
  /** What a person should know about the files, in sentences: where two disagree, or one is not understood. */
  readonly warnings: readonly string[];
}

/** What a person says about the input, over what is found. */
export interface InputFlags {
  readonly words: InputWords;
  readonly preset: PresetName | undefined;
  /** The network sees the whole photo, uncropped, at its own aspect. */
  readonly whole: boolean;
  /** Sizes that `whole` chooses from; undefined: any. */
  readonly steps?: { readonly width: Steps; readonly height: Steps } | undefined;
}

export const noFlags: InputFlags = { words: {}, preset: undefined, whole: false };

// Of a network's input: 8192 x 8192. As float32 that is 800 MB, and the network takes a multiple of it.
const MAX_PIXELS = 2 ** 26;

const tooLarge = ({ width, height }: Size): string | undefined =>
  width * height > MAX_PIXELS
    ? `The network's input would be ${width} x ${height} pixels, and more than 67 million are not fed; give a smaller --size, --crop or --resize.`
    : undefined;

/**
 * Where a photo's pixels land in a network's input.
 * @throws PhotoError `input-too-large`.
 */
export const placeIn = (photo: Size, { resize, crop }: Input): Placement => {
  const placement = place(photo, resize, crop);
  const message = tooLarge(placement.canvas);
  if (message !== undefined) throw new PhotoError('input-too-large', message);
  return placement;
};

const firstFile = (files: ModelFiles, name: string): { readonly json: Json; readonly file: string } | undefined => {
  for (const folder of foldersOf(files)) {
    const json = readSideFile(folder, name);
    if (json !== undefined) return { json, file: join(folder, name) };
  }
  return undefined;
};

/** The image processor's settings; newer files keep them one level down in a file of another name, which wins. */
const processorFile = (files: ModelFiles): ReturnType<typeof firstFile> => {
  const nested = firstFile(files, 'processor_config.json');
  return nested !== undefined && isObject(nested.json.image_processor)
    ? { json: nested.json.image_processor, file: nested.file }
    : firstFile(files, HUGGING_FACE_FILE);
};

/** A warning where a file names an image processor of its own making. */
const unknownProcessor = (files: ModelFiles): readonly string[] => {
  const processor = processorFile(files);
  const named = processor?.json.image_processor_type ?? processor?.json.feature_extractor_type;
  if (processor === undefined || typeof named !== 'string') return [];
  if (processorOf(processor.json, undefined).known) return [];
  return [
    `${basename(processor.file)} is of ${named}, which gapcam does not know; its values are taken at their word.`,
  ];
};

const isGray = (layers: readonly InputClaims[]): boolean =>
  layers.find(({ channels }) => channels !== undefined)?.channels?.value === 'gray';

// What is ImageNet's of a colour channel, of brightness.
const GRAY = { mean: [0.449], std: [0.226] };

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** What each source says, the most trusted first. */
const sources = (files: ModelFiles, graph: Graph, picture: PictureInput, flags: InputFlags): readonly InputClaims[] => {
  const own = readOwnFile(files);
  const processor = processorFile(files);
  const config = firstFile(files, 'config.json');
  const timm = config && timmSettings(config.json);
  const known = [
    readWords(flags.words, (key) => `--${kebab(key)}`),
    isObject(own.json?.input) ? readWords(own.json.input, (key) => `${own.name}: ${key}`) : {},
    processor ? readHuggingFace(processor.json, config?.json, processor.file) : {},
    config && timm ? readTimm(timm, config.file) : {},
    readMetadata(graph.metadata),
    picture.claims,
    // Training libraries read photos as RGB, and their files do not say so.
    processor || timm ? claims('as its library reads photos', { channels: 'rgb' }) : {},
  ];
  const size = known.find((claim) => claim.size !== undefined)?.size?.value ?? presetSize;
  return [
    ...known,
    flags.preset === undefined ? {} : claims(`preset ${flags.preset}`, presets[flags.preset](size)),
    claims('assumed', { ...presets.imagenet(size), ...(isGray(known) && GRAY), size, layout: 'nchw', fill: [0, 0, 0] }),
  ];
};

/** A preset gives way to what the model's files say, which is worth a word. */
const unusedPreset = (
  preset: PresetName | undefined,
  origins: Readonly<Record<InputKey, string>>,
): readonly string[] =>
  preset === undefined || Object.values(origins).some((origin) => origin === `preset ${preset}`)
    ? []
    : [`--preset ${preset} has no effect: what the model's files say is followed. Override single values with flags.`];

const sameWords = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Flags, our own file and what stands in for knowledge overrule or give way by design; files contradict each other. */
const isFile = (origin: string): boolean =>
  /^(preprocessor_config|processor_config|config)\.json|^metadata|^the graph: it rescales/.test(origin);

/** Each value from the most trusted source that has it. */
const settle = (layers: readonly InputClaims[]) => {
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  const warnings: string[] = [];
  for (const layer of layers) {
    for (const [key, claim] of Object.entries(layer)) {
      const winner = origins[key];
      if (winner === undefined) {
        values[key] = claim.value;
        origins[key] = claim.origin;
      } else if (isFile(claim.origin) && isFile(winner) && !sameWords(values[key], claim.value)) {
        warnings.push(
          `Files beside the model contradict each other: for ${key}, ${winner} is followed, not ${claim.origin}.`,
        );
      }
    }
  }
  return { values: values as unknown as InputValues, origins: origins as Record<InputKey, string>, warnings };
};

const AS_IT_IS =
  '--size holds for the trial run alone: with --resize none and --crop none each photo is fed as large as it is.';

const accepted = ({ width, height }: PictureInput): string =>
  `${width ?? 'any width'}${typeof width === 'number' && typeof height === 'number' ? 'x' : ' by '}${height ?? 'any height'}`;

const perChannel = (key: string, list: readonly number[], count: number, origin: string): readonly number[] => {
  if (list.length === count) return list;
  if (list.length === 1) return Array.from({ length: count }, () => list[0]);
  if (count === 1 && list.every((value) => value === list[0])) return [list[0]];
  throw new ModelError(
    'channel-mismatch',
    `The network takes ${count} channels, but ${key} (${origin}) has ${list.length} numbers.`,
  );
};

/**
 * How photos are fed to a network.
 * @throws ModelError where the network takes no picture, or what is said does not fit it; UsageError for a wrong flag.
 */
export const settleInput = (graph: Graph, files: ModelFiles, flags: InputFlags): Input => {
  const picture = readGraphInput(graph);
  const [flagged, ...found] = sources(files, graph, picture, flags);
  // Whole numbers from 0 to 255 cannot be normalised, whatever a file says.
  const bytes = picture.type === 'uint8' ? claims('the graph: its input is uint8', { rescale: 1, ...NO_CHANGE }) : {};
  const layers = [bytes, flagged, ...found];
  const { values, origins, warnings } = settle(layers);
  const wanted = flagged.size?.value;
  const foundSize = found.find((layer) => layer.size !== undefined)?.size?.value ?? values.size;
  // A size that a person asks for carries the rule found along with it; a rule of their own stays as it is.
  let resize =
    wanted !== undefined && flagged.resize === undefined ? resizeTo(values.resize, foundSize, wanted) : values.resize;
  let crop = values.crop === 'none' ? undefined : values.crop;
  if (wanted !== undefined && flagged.crop === undefined && crop !== undefined) crop = { ...crop, ...wanted };
  if (flags.whole) {
    if (flagged.crop !== undefined) {
      throw new UsageError('usage', '--whole feeds all of the photo, --crop a part of it; give one of them.');
    }
    const { width, height } = wanted ?? foundSize;
    const edge = Math.min(width, height);
    [resize, crop] = [{ rule: 'shortest-edge', edge, ...(flags.steps && { steps: flags.steps }) }, undefined];
  }
  const isAsItIs = resize.rule === 'none' && crop === undefined;
  // Where photos are fed as large as they are, a size that is asked for is the trial's.
  const square = (isAsItIs ? wanted : undefined) ?? { width: 1000, height: 1000 };
  const size = place(square, resize, crop).canvas;
  const message = tooLarge(size);
  if (message !== undefined) throw new ModelError('input-too-large', message);
  const varies = !sameWords(size, place({ width: 1000, height: 2000 }, resize, crop).canvas);
  const fixed = picture.width !== undefined || picture.height !== undefined;
  if (varies && fixed) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed in sizes of their own, but the model takes ${accepted(picture)} pixels.`,
    );
  }
  if ((picture.height ?? size.height) !== size.height || (picture.width ?? size.width) !== size.width) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed as ${size.width}x${size.height} pixels (${origins.size}), but the model takes ${accepted(picture)}.`,
    );
  }
  const count = channelCount(values.channels);
  return {
    name: picture.name,
    type: picture.type,
    layout: values.layout,
    channels: values.channels,
    rescale: values.rescale,
    mean: perChannel('mean', values.mean, count, origins.mean),
    std: perChannel('std', values.std, count, origins.std),
    resample: values.resample,
    fill: values.fill,
    size,
    resize,
    crop,
    origins: {
      ...origins,
      // The size is what the last step leaves.
      size: wanted !== undefined ? origins.size : crop === undefined ? origins.resize : origins.crop,
      ...(flags.whole && { size: '--whole', resize: '--whole', crop: '--whole' }),
    },
    warnings: [
      ...unknownProcessor(files),
      ...unusedPreset(flags.preset, origins),
      ...(isAsItIs && wanted !== undefined ? [AS_IT_IS] : []),
      ...warnings,
    ],
  };
};

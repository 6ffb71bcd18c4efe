import { invalidOption, UsageError } from '../errors.js';
import { resamples } from '../image/resample/resample.js';
import { type Scale, scaleNames } from '../maps/scale.js';
import { kernels } from '../maps/upsample.js';
import { presets } from '../model/input/presets.js';
import { type ColormapName, colormaps } from '../render/colormaps/index.js';
import { pictureFormats } from '../render/formats.js';
import { type LookOptions, layouts, type PictureKind, pictureKinds } from '../render/look.js';

/** How photos are explained; every field has a default. */
export interface ExplainOptions extends LookOptions {
  /** The best classes of each photo, this many; 1 or more. */
  readonly top: number;
  /** Classes by index or label, instead of the best; empty: the best. */
  readonly classes: readonly string[];
  /** Files to make of each photo. */
  readonly write: readonly PictureKind[];
}

const keys = <T extends string>(record: Readonly<Record<T, unknown>>): T[] => Object.keys(record) as T[];

/** An option as the command line offers it. */
export interface OptionEntry {
  readonly type: 'string' | 'number' | 'boolean';
  readonly describe: string;
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
}

/** Each option once, as the command line offers it; the library takes the same values under the same names. */
export const optionTable = {
  model: {
    alias: 'm',
    type: 'string',
    default: 'efficientnet-lite0',
    describe: 'Built-in name, .onnx file, or folder with model.onnx',
  },
  output: {
    alias: 'o',
    type: 'string',
    default: 'heatmaps',
    describe: 'Folder for the results, a mirror of the photos',
  },
  top: { alias: 'k', type: 'number', default: 1, describe: 'The k best classes of each photo' },
  class: { alias: 'c', type: 'string', describe: 'This class instead, by index or label; repeatable' },
  write: {
    type: 'string',
    choices: pictureKinds,
    default: 'overlay',
    describe: 'Files of each photo: the map is .npy, the input what the network saw; repeatable',
  },
  format: { type: 'string', choices: keys(pictureFormats), describe: "Of the pictures [default: the photo's own]" },
  colormap: {
    type: 'string',
    choices: keys(colormaps),
    describe: 'Colours of the heatmap [default: turbo; coolwarm for --scale signed]',
  },
  scale: {
    type: 'string',
    default: 'map',
    describe: `What the last colour stands for: ${scaleNames.join(', ')}, or a number of logits`,
  },
  opacity: { type: 'number', default: 0.6, describe: 'Of the heatmap: 0 is the photo, 1 the heatmap alone' },
  fade: { type: 'boolean', default: true, describe: 'The weaker the evidence, the clearer the photo' },
  interpolation: {
    type: 'string',
    choices: keys(kernels),
    default: 'bicubic',
    describe: 'Between the cells of the map',
  },
  layout: {
    type: 'string',
    choices: layouts,
    default: 'separate',
    describe: 'An overlay a class, or photo and classes as one strip',
  },
  caption: { type: 'boolean', default: false, describe: 'Class, score and a colour bar in logits below each overlay' },
  show: { type: 'boolean', default: false, describe: 'Print the pictures in the terminal too' },
  jobs: { type: 'number', describe: 'Processes that work at a time [default: one a core]' },
  threads: {
    type: 'number',
    describe: 'Cores for one forward pass, for large models [default: 1, or those that would be idle]',
  },
  timeout: { type: 'number', default: 60, describe: 'Seconds that a photo may take, and trying the model' },
  shard: { type: 'string', describe: 'A part of the photos such as 3/16; or auto, from the environment' },
  report: { type: 'boolean', describe: 'report.html, to walk through the results [default: for more than one photo]' },
  json: { type: 'boolean', default: false, describe: "The manifest's lines on standard output" },
  quiet: {
    type: 'boolean',
    alias: 'q',
    default: false,
    describe: 'Say nothing but failures, and what had to be assumed',
  },
  overwrite: { type: 'boolean', default: false, describe: 'Do again what is done already' },
} as const satisfies Record<string, OptionEntry>;

/** Options over what is found in a model and beside it. */
export const inputOptionTable = {
  preset: { type: 'string', choices: keys(presets), describe: 'How photos are fed, where no file says it' },
  size: {
    type: 'string',
    describe: "Of the network's input, 224 or 320x240; where it is free, the nearest multiple of the stride",
  },
  whole: {
    type: 'boolean',
    default: false,
    describe: 'Feed the whole photo, uncropped, at its own aspect to the nearest multiple of the stride',
  },
  resize: { type: 'string', describe: 'Shortest edge, or 320x240; longest:, cover:, contain: or none' },
  crop: { type: 'string', describe: 'Centre crop: 224, 320x240 or none' },
  resample: { type: 'string', choices: resamples, describe: 'Filter of the resize' },
  mean: { type: 'string', describe: 'Taken from each channel after rescaling: 0.485,0.456,0.406' },
  std: { type: 'string', describe: 'Divides each channel then' },
  rescale: { type: 'string', describe: 'Multiplies each value, 0 to 255, first' },
  channels: { type: 'string', choices: ['rgb', 'bgr', 'gray'], describe: 'Order of the channels' },
  'input-layout': { type: 'string', choices: ['nchw', 'nhwc'], describe: 'Order of the axes' },
  labels: { type: 'string', describe: 'A file of class names, or imagenet' },
  'output-name': { type: 'string', describe: 'The output to explain, where a model has several' },
  strict: { type: 'boolean', default: false, describe: 'Refuse to assume anything' },
} as const satisfies Record<string, OptionEntry>;

const oneOf = <T extends string>(name: string, choices: readonly T[], value: unknown): T => {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalidOption(name, `one of ${choices.join(', ')}`, value);
  return found;
};

const yesOrNo = (name: string, value: unknown): boolean => {
  if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
  return value;
};

const scaleOf = (value: unknown): Scale => {
  const named = scaleNames.find((name) => name === value);
  if (named !== undefined) return named;
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalidOption('scale', `${scaleNames.join(', ')} or a number of logits above 0`, value);
};

/** Zero must be a colour of its own where evidence against is shown too. */
const colormapOf = (given: unknown, scale: Scale): ColormapName => {
  const name = oneOf('colormap', keys(colormaps), given ?? (scale === 'signed' ? 'coolwarm' : 'turbo'));
  if (scale !== 'signed' || colormaps[name].diverging) return name;
  const diverging = keys(colormaps).filter((other) => colormaps[other].diverging);
  throw new UsageError(
    'invalid-option',
    `The colormap ${name} has no colour for zero, which the scale signed needs; take ${diverging.join(' or ')}.`,
  );
};

const topOf = (value: unknown): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw invalidOption('top', 'a whole number from 1', value);
};

const opacityOf = (value: unknown): number => {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalidOption('opacity', 'a number from 0 to 1', value);
};

const classesOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) return value;
  throw invalidOption('class', 'an index or a label', value);
};

const kindsOf = (value: unknown): readonly PictureKind[] => {
  if (!Array.isArray(value) || value.length === 0) throw invalidOption('write', pictureKinds.join(' or '), value);
  return value.map((kind) => oneOf('write', pictureKinds, kind));
};

/** Options that would do nothing are refused. */
const refuseIdle = ({ write, caption, layout }: ExplainOptions): void => {
  if (write.includes('overlay') || (!caption && layout === 'separate')) return;
  const asked = caption ? 'A caption' : 'A strip';
  throw new UsageError('invalid-option', `${asked} belongs to overlays; add overlay to what is written.`);
};

/**
 * Options as given to options that are complete and in range.
 * @throws UsageError `invalid-option`.
 */
export const normalizeOptions = (given: { readonly [Key in keyof ExplainOptions]?: unknown } = {}): ExplainOptions => {
  const standard = optionTable;
  const scale = scaleOf(given.scale ?? standard.scale.default);
  const options = {
    top: topOf(given.top ?? standard.top.default),
    classes: classesOf(given.classes ?? []),
    write: kindsOf(given.write ?? [standard.write.default]),
    format: given.format === undefined ? undefined : oneOf('format', keys(pictureFormats), given.format),
    scale,
    colormap: colormapOf(given.colormap, scale),
    opacity: opacityOf(given.opacity ?? standard.opacity.default),
    fade: yesOrNo('fade', given.fade ?? standard.fade.default),
    interpolation: oneOf('interpolation', keys(kernels), given.interpolation ?? standard.interpolation.default),
    layout: oneOf('layout', layouts, given.layout ?? standard.layout.default),
    caption: yesOrNo('caption', given.caption ?? standard.caption.default),
  };
  refuseIdle(options);
  return options;
};

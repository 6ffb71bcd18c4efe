import { invalidOption } from './errors.js';
import { type ColormapName, colormaps } from './render/colormaps/index.js';
import { type PictureFormatName, pictureFormats } from './render/encode.js';

/** How photos are explained; every field has a default. */
export interface ExplainOptions {
  /** The best classes of each photo, this many; 1 or more. */
  readonly top: number;
  /** Classes by index or label, instead of the best; empty: the best. */
  readonly classes: readonly string[];
  /** Format of the pictures; undefined: the photo's own where it is one of them, else JPEG. */
  readonly format: PictureFormatName | undefined;
  readonly colormap: ColormapName;
  /** Of the heatmap, [0, 1]: 0 is the photo, 1 the heatmap alone. */
  readonly opacity: number;
}

const keys = <T extends string>(record: Readonly<Record<T, unknown>>): T[] => Object.keys(record) as T[];

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
  format: { type: 'string', choices: keys(pictureFormats), describe: "Of the pictures [default: the photo's own]" },
  colormap: { type: 'string', choices: keys(colormaps), default: 'turbo', describe: 'Colours of the heatmap' },
  opacity: { type: 'number', default: 0.5, describe: 'Of the heatmap: 0 is the photo, 1 the heatmap alone' },
  'output-name': { type: 'string', describe: 'The output to explain, where a model has several' },
  json: { type: 'boolean', default: false, describe: "The manifest's lines on standard output" },
  overwrite: { type: 'boolean', default: false, describe: 'Do again what is done already' },
} as const;

const oneOf = <T extends string>(name: string, choices: readonly T[], value: unknown): T => {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalidOption(name, `one of ${choices.join(', ')}`, value);
  return found;
};

/**
 * Options as given to options that are complete and in range.
 * @throws UsageError `invalid-option`.
 */
export const normalizeOptions = (given: { readonly [Key in keyof ExplainOptions]?: unknown } = {}): ExplainOptions => {
  const top = given.top ?? optionTable.top.default;
  const classes = given.classes ?? [];
  const opacity = given.opacity ?? optionTable.opacity.default;
  if (typeof top !== 'number' || !Number.isInteger(top) || top < 1) {
    throw invalidOption('top', 'a whole number from 1', top);
  }
  if (typeof opacity !== 'number' || !(opacity >= 0 && opacity <= 1)) {
    throw invalidOption('opacity', 'a number from 0 to 1', opacity);
  }
  if (!Array.isArray(classes) || classes.some((name) => typeof name !== 'string' || name === '')) {
    throw invalidOption('class', 'an index or a label', classes);
  }
  return {
    top,
    classes,
    opacity,
    format: given.format === undefined ? undefined : oneOf('format', keys(pictureFormats), given.format),
    colormap: oneOf('colormap', keys(colormaps), given.colormap ?? optionTable.colormap.default),
  };
};

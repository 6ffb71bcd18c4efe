import { invalidOption } from '../errors.js';
import { type Alpha, alphas } from '../image/alpha.js';
import type { Align } from '../image/geometry.js';
import { type Resample, resamples } from '../image/resample/index.js';
import type { Channels } from '../image/to-tensor.js';
import { parseInput, type UnparsedInput } from '../model/input/parse-flags.js';
import { presets } from '../model/input/presets.js';
import type { PrepareOptions as Prepare } from '../model/prepare.js';
import { defineOption, type GivenOptions, knownOptions, normalize, type OptionsOf, only } from './define.js';
import { MOST_CORES, runOptions } from './run.js';
import { keysOf, oneOf, text, type Values, wholeNumber, yesOrNo } from './values.js';

const group = 'Over what is found in the model and beside it:';

/** A size in pixels: 224, "320x240", or another word that the option allows. */
type Pixels = string | number;

/** One number, or one for each channel. Text has commas between them. */
type Numbers = string | number | readonly number[];

const isWord = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

const isNumbers = (value: unknown): boolean =>
  isWord(value) || (Array.isArray(value) && value.every((entry) => typeof entry === 'number'));

interface InputDefinition<T extends string> {
  readonly describe: string;
  readonly choices?: readonly T[];
  /** Whether it may have a number for each channel. */
  readonly perChannel?: boolean;
  readonly isNumber?: boolean;
}

/** An option whose words src/model/input reads, as it reads those of a model's JSON file. */
const inputOption = <T>(
  key: keyof UnparsedInput,
  { describe, choices, perChannel = false, isNumber = false }: InputDefinition<T & string>,
) => {
  const values: Values<T> = {
    words: 'one',
    ...(choices && { choices }),
    ...(isNumber && { shownAs: 'number' }),
    fromWord: (word) => word,
    check: (name, value) => {
      const isRight = perChannel ? isNumbers(value) : isWord(value);
      if (!isRight)
        throw invalidOption(name, perChannel ? 'text, a number or an array of numbers' : 'text or a number', value);
      parseInput({ [key]: value }, 'flag', () => name);
      return value as T;
    },
  };
  return defineOption({ values, describe, group, hyphens: true });
};

/** How photos become the network's input. The library takes these as `input`. */
const inputOptions = {
  /** Size of the network's input in pixels: 224, or "320x240", width first. */
  size: inputOption<Pixels>('size', {
    describe: "Of the network's input, 224 or 320x240; where it is free, the nearest multiple of the stride",
  }),
  /** Shortest edge in pixels, or "320x240"; with the prefix "longest:", "cover:" or "contain:"; or "none". */
  resize: inputOption<Pixels>('resize', {
    describe: 'Shortest edge, or 320x240; longest:, cover:, contain: (padded) or none',
  }),
  /** Centre crop in pixels: 224, "320x240" or "none". */
  crop: inputOption<Pixels>('crop', { describe: 'Centre crop: 224, 320x240 or none' }),
  /** Filter of the resize: Pillow's by their names, OpenCV's with "opencv-", TensorFlow's with "tf-". */
  resample: inputOption<Resample>('resample', {
    describe: "Filter of the resize, Pillow's or another library's",
    choices: resamples,
  }),
  /** What becomes of a photo's transparency. */
  alpha: inputOption<Alpha>('alpha', {
    describe: 'Transparency: laid over white or black, or dropped',
    choices: alphas,
  }),
  /** Colour of padding: one level or RGB, 0 to 255; or "mean", which normalising makes 0. */
  fill: inputOption<Numbers>('fill', {
    describe: 'Colour of padding: 114, or RGB as 255,255,255, or mean for 0 after --mean',
    perChannel: true,
  }),
  /** Which sides are padded: all, or the right and below. */
  align: inputOption<Align>('align', {
    describe: 'Where the photo lies in its padding',
    choices: ['center', 'top-left'],
  }),
  /**
   * Subtracted from each channel after rescaling: one number, or one for each channel, in the order in which `channels`
   * are fed. A number may be a fraction, "1/255".
   */
  mean: inputOption<Numbers>('mean', {
    describe: 'Taken from each channel after rescaling, in the order of --channels: 0.485,0.456,0.406',
    perChannel: true,
  }),
  /** Divides each channel after `mean`: the same. */
  std: inputOption<Numbers>('std', { describe: 'Divides each channel then, in the same order', perChannel: true }),
  /** Multiplies each value, 0 to 255, before `mean`: a number, or a fraction as "1/255". */
  rescale: inputOption<string | number>('rescale', {
    describe: 'Multiplies each value, 0 to 255, first: 1/255',
    isNumber: true,
  }),
  /** Order of the channels. */
  channels: inputOption<Channels>('channels', { describe: 'Order of the channels', choices: ['rgb', 'bgr', 'gray'] }),
  /** Order of the axes. */
  inputLayout: inputOption<'nchw' | 'nhwc'>('inputLayout', {
    describe: 'Order of the axes',
    choices: ['nchw', 'nhwc'],
  }),
};

const { size, ...otherInput } = inputOptions;

/** Options that override what a model and its files say, in the order of help. */
export const modelOptions = {
  preset: defineOption({
    values: oneOf(keysOf(presets)),
    describe: 'How photos are fed, where no file says it',
    group,
  }),
  size,
  whole: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Feed the whole photo, uncropped, at its own aspect to the nearest multiple of the stride',
    group,
  }),
  ...otherInput,
  labels: defineOption({
    values: text('a file of class names, or imagenet'),
    describe: 'A file of class names, or imagenet',
    group,
  }),
  outputName: defineOption({
    values: text("the name of one of the model's outputs"),
    describe: 'The output to explain, where a model has several',
    group,
  }),
  strict: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Refuse to assume anything, and to pass over files that are not read',
    group,
  }),
};

/** The command line's options about a model, with defaults filled in. */
export type ModelOptions = OptionsOf<typeof modelOptions>;

const { preset, whole, labels, outputName } = modelOptions;

/** The library's options about a model, except `input`. */
const libraryOptions = {
  /** How photos are fed where no file of the model says it. */
  preset,
  /** Feed the whole photo, uncropped, at its own aspect. */
  whole,
  /** A file of class names, or `imagenet`. */
  labels,
  /** The output to explain where a model has several. */
  outputName,
  /** Cores that one forward pass may use. 0: all. */
  threads: defineOption({ values: wholeNumber(0, MOST_CORES), default: 0, describe: 'Cores for one forward pass' }),
};

/** @throws UsageError `invalid-option` where the value cannot name a model. */
export const modelNameOf = (given: unknown): string => runOptions.model.values.check('model', given);

/** A caller's options about a model. They override what its files say. Each may be left out. */
export interface PrepareOptions extends GivenOptions<typeof libraryOptions> {
  /** How photos become the network's input. */
  readonly input?: GivenOptions<typeof inputOptions> | undefined;
}

const names = [...Object.keys(libraryOptions), 'input', ...Object.keys(inputOptions).map((name) => `input.${name}`)];

/**
 * Turns a caller's options about a model into complete options that are in range.
 * @throws UsageError `invalid-option`, `unknown-option`.
 */
export const normalizePrepareOptions = (given: unknown = {}): Prepare => {
  const { input, ...others } = knownOptions(given, names);
  return {
    ...normalize(libraryOptions, others),
    input: normalize(inputOptions, input === undefined ? {} : input, 'input.'),
  };
};

/** Turns the command line's options into those with which a model is prepared. */
export const prepareOptionsOf = (given: ModelOptions): Prepare => ({
  input: only(inputOptions, given),
  preset: given.preset,
  whole: given.whole,
  labels: given.labels,
  outputName: given.outputName,
});

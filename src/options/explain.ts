import { invalidOption, UsageError } from '../errors.js';
import { type Scale, scaleNames } from '../maps/scale.js';
import { kernels } from '../maps/upsample.js';
import { measureNames, measures } from '../measure/index.js';
import { type CurveProfileName, curveProfileNames } from '../measure/profiles.js';
import { type ColormapName, colormaps } from '../render/colormaps/index.js';
import { pictureFormats } from '../render/formats.js';
import { layouts, pictureKinds } from '../render/style.js';
import { boxRule } from './boxes.js';
import { defineOption, normalize, type OptionsOf } from './define.js';
import {
  keysOf,
  listOf,
  numberIn,
  numberOrWord,
  oneOf,
  someOf,
  texts,
  type Values,
  wholeNumber,
  yesOrNo,
} from './values.js';

const scales: Values<Scale> = {
  words: 'one',
  fromWord: numberOrWord,
  check: (name, value) => {
    const named = scaleNames.find((scale) => scale === value);
    if (named !== undefined) return named;
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    throw invalidOption(name, `${scaleNames.join(', ')} or a number of logits above 0`, value);
  },
};

/** What `write` takes: crops have a flag of their own, and `none` stands alone. */
const writtenKinds = [...pictureKinds.filter((kind) => kind !== 'crop'), 'none' as const];

const USUAL_PROFILE: CurveProfileName = 'rise';

/** How photos are explained, in the order of help. */
export const explainOptions = {
  /** Number of best classes of each photo, 1 or more. */
  top: defineOption({
    alias: 'k',
    values: wholeNumber(1),
    default: 1,
    describe: 'The k best classes of each photo',
  }),
  /** Classes by index or label. Empty: each photo's best. */
  classes: defineOption({
    flag: 'class',
    alias: 'c',
    values: texts('an index or a label', (value) => value !== ''),
    default: [],
    describe: 'This class instead, by index or label; repeatable',
  }),
  /** Kinds of pictures to make of each photo. */
  write: defineOption({
    values: someOf(writtenKinds),
    default: ['overlay'],
    describe:
      'Files of each photo: the map is .npy, map16 a 16-bit PNG, the mask of its boxes, the input what the network saw; repeatable; none: no file at all',
  }),
  /** Which parts of a map boxes are drawn around: a share of its largest value, otsu, share:0.8 or logits:4. */
  boxes: defineOption({
    values: boxRule,
    describe: 'Boxes around what is above 0.2 of the largest value; or another share, otsu, share:0.8, logits:4',
  }),
  /** Whether the best box of each map is written as a photo of its own. */
  cropBoxes: defineOption({
    values: yesOrNo,
    default: false,
    describe: "Write each map's best box as a photo of its own",
  }),
  /** Around a crop on each side, as a share of the box, [0, 10]. */
  margin: defineOption({
    values: numberIn('a number from 0 to 10', (value) => value >= 0 && value <= 10),
    default: 0,
    describe: 'Around each crop, as a share of the box',
  }),
  /** Format of the pictures. Undefined: the photo's own where pictures can be written in it, else JPEG. */
  format: defineOption({
    values: oneOf(keysOf(pictureFormats)),
    otherwise: "the photo's own",
    describe: 'Of the pictures',
  }),
  /** Colours of the heatmap. */
  colormap: defineOption({
    values: oneOf(keysOf(colormaps)),
    otherwise: 'turbo; coolwarm for --scale signed',
    describe: 'Colours of the heatmap',
  }),
  /** The logits at the ends of the colormap: a rule, or a number above 0. */
  scale: defineOption({
    values: scales,
    default: 'map',
    describe: `What the last colour stands for: ${scaleNames.join(', ')}, or a number of logits`,
  }),
  /** Opacity of the heatmap, [0, 1]. */
  opacity: defineOption({
    values: numberIn('a number from 0 to 1', (value) => value >= 0 && value <= 1),
    default: 0.6,
    describe: 'Of the heatmap: 0 is the photo, 1 the heatmap alone',
  }),
  /** Whether the opacity is multiplied by the evidence. */
  fade: defineOption({
    values: yesOrNo,
    default: true,
    describe: 'The weaker the evidence, the clearer the photo',
  }),
  /** Interpolation between the cells of the map. */
  interpolation: defineOption({
    values: oneOf(keysOf(kernels)),
    default: 'bicubic',
    describe: 'Between the cells of the map',
  }),
  /** A picture for each class, or one with the photo and its classes side by side. */
  layout: defineOption({
    values: oneOf(layouts),
    default: 'separate',
    describe: 'An overlay a class, or photo and classes as one strip',
  }),
  /** Whether class, score and a colour bar stand below each overlay. */
  caption: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Class, score and a colour bar in logits below each overlay',
  }),
  /** Whether a photo whose end is missing, or is damaged, is explained as far as it can be read. */
  acceptDamaged: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Explain what there is of photos that are damaged or cut off',
  }),
  /** Measures of each map: does the network miss what it marks? Empty: none. */
  measure: defineOption({
    values: listOf(measureNames),
    default: [],
    describe: 'Run the network on changed photos too, and measure whether it misses what the map marks',
  }),
  /** How insertion and deletion are done. Undefined: they are not. */
  measureProfile: defineOption({
    values: oneOf(curveProfileNames),
    otherwise: USUAL_PROFILE,
    describe: 'Steps, order and replacement of insertion and deletion',
  }),
};

type SettledOptions = OptionsOf<typeof explainOptions>;

/** How photos are explained; each option has a default. */
export type ExplainOptions = {
  readonly [Key in keyof SettledOptions]: Key extends 'colormap' ? ColormapName : SettledOptions[Key];
};

/** The scale `signed` shows evidence against a class, so its colormap needs a colour for zero. */
const colormapFor = ({ colormap, scale }: SettledOptions): ColormapName => {
  const name = colormap ?? (scale === 'signed' ? 'coolwarm' : 'turbo');
  if (scale !== 'signed' || colormaps[name].diverging) return name;
  const diverging = keysOf(colormaps).filter((other) => colormaps[other].diverging);
  throw new UsageError(
    'invalid-option',
    `The colormap ${name} has no colour for zero, which the scale signed needs; take ${diverging.join(' or ')}.`,
  );
};

/** @throws UsageError where a profile is given that nothing asked for has. */
const measureProfileFor = ({ measure, measureProfile }: SettledOptions): CurveProfileName | undefined => {
  const profile = measureProfile ?? USUAL_PROFILE;
  if (measure.some((name) => measures[name].profiles.includes(profile))) return profile;
  if (measureProfile === undefined) return undefined;
  throw new UsageError(
    'invalid-option',
    `The profile ${measureProfile} belongs to insertion and deletion; add one of them to what is measured.`,
  );
};

/** Refuses options that would have no effect. */
const refuseIdle = ({ write, caption, layout, cropBoxes, margin }: ExplainOptions): void => {
  if (write.includes('none') && (write.length > 1 || cropBoxes)) {
    throw new UsageError('invalid-option', 'Nothing else is written with none; leave out the others, or none.');
  }
  if (margin > 0 && !cropBoxes) {
    throw new UsageError('invalid-option', 'A margin belongs to crops; add --crop-boxes.');
  }
  if (write.includes('overlay') || (!caption && layout === 'separate')) return;
  const asked = caption ? 'A caption' : 'A strip';
  throw new UsageError('invalid-option', `${asked} belongs to overlays; add overlay to what is written.`);
};

/**
 * Turns a caller's options into complete options that are in range and fit each other.
 * @throws UsageError `invalid-option`, `unknown-option`.
 */
export const normalizeOptions = (given: unknown = {}): ExplainOptions => {
  const values = normalize(explainOptions, given);
  // The order of the fields in run.json.
  const { top, classes, write, boxes, cropBoxes, margin, format, scale, measure, measureProfile: _, ...look } = values;
  const options = {
    top,
    classes,
    write,
    format,
    scale,
    ...look,
    colormap: colormapFor(values),
    boxes,
    cropBoxes,
    margin,
    measure,
    measureProfile: measureProfileFor(values),
  };
  refuseIdle(options);
  return options;
};

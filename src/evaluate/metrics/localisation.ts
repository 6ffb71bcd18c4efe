import type { JudgedClass, JudgedPhoto } from '../judged.js';
import { type MeanCase, meanStatistic } from '../statistics/mean.js';
import { type Metric, type Observed, ofClass, perMap, perPhoto, type Source } from './metric.js';

/** Overlap from which on a box is right. */
const RIGHT = 0.5;

/** A box by the profile's rule at the threshold chosen. */
const boxWords: Metric['words'] = ({ profile, threshold }) => `${profile.words.box}, t ${threshold}`;

export const gtKnown: Metric = {
  describe: "Maps of true classes whose box overlaps an object's by half",
  hasCentre: true,
  words: boxWords,
  begin: (source) =>
    perMap(meanStatistic(), source, (judged, { iou }) => ({ counted: ofClass(judged.class, Number(iou >= RIGHT)) })),
};

/**
 * Whether a true class is predicted and its box is right. A wrong prediction needs no map to be wrong.
 * @returns a string: why it is not known.
 */
const isLocalised = (
  judged: JudgedClass,
  source: Source,
  isPredicted: (judged: JudgedClass) => boolean | undefined,
): boolean | 'few-predictions' | 'no-map' | 'no-place' => {
  if (judged.leftOut === 'no-place') return 'no-place';
  const predicted = isPredicted(judged);
  if (predicted === undefined) return 'few-predictions';
  if (!predicted) return false;
  const verdicts = judged[source];
  return verdicts === undefined ? 'no-map' : verdicts.iou >= RIGHT;
};

/** A photo is right where any of its true classes is; not known, where none is and any is not known. */
export const localised = (
  { classes }: JudgedPhoto,
  source: Source,
  isPredicted: (judged: JudgedClass) => boolean | undefined,
): Observed<MeanCase> => {
  const rights = classes.map((judged) => isLocalised(judged, source, isPredicted));
  const placed = rights.filter((right) => right !== 'no-place');
  const unknown = placed.find((right) => typeof right === 'string');
  if (placed.length === 0) return { leftOut: 'no-place' };
  if (unknown !== undefined && !rights.includes(true)) return { leftOut: unknown as 'no-map' };
  const known = classes.flatMap((judged, i) =>
    typeof rights[i] === 'string' ? [] : [[judged.class, Number(rights[i])] as const],
  );
  return { counted: { value: Number(rights.includes(true)), classes: known } };
};

const localisation = (
  describe: string,
  beginning: string,
  isPredicted: (judged: JudgedClass) => boolean | undefined,
): Metric => ({
  describe,
  hasCentre: true,
  words: (circumstances) => `${beginning}; ${boxWords(circumstances)}`,
  begin: (source) => perPhoto(meanStatistic(), (photo) => localised(photo, source, isPredicted)),
});

export const top1Loc = localisation(
  'Photos whose first prediction is a true class with a right box',
  'first prediction right too',
  ({ first }) => first,
);

export const top5Loc = localisation(
  'Photos with a true class among the first five predictions, and its box right',
  'among the first five too',
  ({ amongFive }) => amongFive,
);

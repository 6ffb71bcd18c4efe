import type { JudgedClass, JudgedPhoto } from '../judged.js';
import { type MeanCase, meanStatistic } from '../statistics/mean.js';
import { type Metric, type Observed, perPhoto } from './metric.js';

/** Whether a true class is among the predictions that count. Undefined: the run does not tell. */
type IsRight = (judged: JudgedClass) => boolean | undefined;

const observed = ({ classes }: JudgedPhoto, isRight: IsRight): Observed<MeanCase> => {
  const rights = classes.map(isRight);
  if (rights.includes(undefined)) return { leftOut: 'few-predictions' };
  const value = Number(rights.includes(true));
  return { counted: { value, classes: classes.map((judged, i) => [judged.class, Number(rights[i])]) } };
};

const accuracy = (describe: string, words: string, isRight: IsRight): Metric => ({
  describe,
  hasCentre: false,
  words: () => words,
  begin: () => perPhoto(meanStatistic(), (photo) => observed(photo, isRight)),
});

export const top1 = accuracy(
  'Photos whose first prediction is a true class',
  'first prediction is a true class',
  ({ first }) => first,
);

export const top5 = accuracy(
  'Photos with a true class among the first five predictions',
  'a true class is among the first five',
  ({ amongFive }) => amongFive,
);

import { meanStatistic } from '../statistics/mean.js';
import { localised } from './localisation.js';
import { type Metric, perPhoto } from './metric.js';

/**
 * The error of the ILSVRC localisation challenge (`eval_clsloc.m`): the best of five guesses, each a class with a box, where the
 * class is wrong or the box overlaps no instance of it by half.
 */
export const clsLocError: Metric = {
  describe: 'Error of the ILSVRC localisation challenge: the best of five guesses with boxes',
  isError: true,
  hasCentre: true,
  words: ({ profile, threshold }) => `ILSVRC: best of five guesses; ${profile.words.box}, t ${threshold}`,
  begin: (source, { isBlacklisted }) =>
    perPhoto(meanStatistic(), (photo) => {
      if (isBlacklisted(photo.photo)) return { leftOut: 'blacklisted' };
      const observed = localised(photo, source, ({ amongFive }) => amongFive);
      if ('leftOut' in observed) return observed;
      const { value, classes } = observed.counted;
      return { counted: { value: 1 - value, classes: classes.map(([index, right]) => [index, 1 - right] as const) } };
    }),
};

import type { Verdicts } from '../judged.js';
import { classMeanStatistic } from '../statistics/class-mean.js';
import { type Metric, perMap } from './metric.js';

/** TorchRay skips a class of a photo whose objects are all marked as difficult. */
const pointing = (describe: string, words: string, isRight: (verdicts: Verdicts) => boolean): Metric => ({
  describe,
  hasCentre: true,
  words: () => words,
  begin: (source) =>
    perMap(classMeanStatistic(), source, (judged, verdicts) => {
      if (judged.difficult) return { leftOut: 'difficult' };
      return { counted: { class: judged.class, isRight: isRight(verdicts) } };
    }),
});

export const pointingGame = pointing(
  "Maps whose largest pixel is nearer than 15 pixels to an object (TorchRay's pointing game)",
  'TorchRay: first largest pixel, < 15 pixels, mean of classes',
  ({ near }) => near,
);

export const strictPointingGame = pointing(
  'Maps whose largest pixel lies on an object',
  'first largest pixel on an object, mean of classes',
  ({ hit }) => hit,
);

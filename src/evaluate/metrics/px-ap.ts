import { averagePrecisionStatistic } from '../statistics/average-precision.js';
import { type Metric, perMap } from './metric.js';

export const pxAp: Metric = {
  describe: "Average precision of pixels against objects' masks (Choe et al. 2020)",
  wants: { scores: true },
  hasCentre: true,
  words: ({ profile }) => profile.words.scores,
  begin: (source) =>
    perMap(averagePrecisionStatistic(), source, (judged, { scores }) =>
      scores === undefined ? { leftOut: 'no-mask' } : { counted: { class: judged.class, scores } },
    ),
};

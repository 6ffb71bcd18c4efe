import type { RightAt } from '../judged.js';
import { bestThresholdStatistic } from '../statistics/best-threshold.js';
import { type Metric, perMap } from './metric.js';

/** At a half alone, of the overlaps 0.3, 0.5 and 0.7. */
const [HALF, ALL] = [
  [false, true, false],
  [true, true, true],
];

const nowhere: RightAt = [[], [], []];

export const maxBoxAcc: Metric = {
  describe: 'Share of right boxes at the one threshold that is best for all maps (Choe et al. 2020)',
  wants: { sweep: true },
  hasCentre: true,
  words: ({ profile }) => profile.words.sweep,
  begin: (source, { profile }) =>
    perMap(bestThresholdStatistic(profile.levels, profile.thresholdOf, HALF), source, (judged, { one }) => ({
      counted: { class: judged.class, right: one ?? nowhere },
    })),
};

export const maxBoxAccV2: Metric = {
  describe: 'The same with all boxes of a map, mean of overlaps by 0.3, 0.5 and 0.7',
  wants: { sweep: true, any: true },
  hasCentre: true,
  words: ({ profile }) => profile.words.sweep,
  begin: (source, { profile }) =>
    perMap(bestThresholdStatistic(profile.levels, profile.thresholdOf, ALL), source, (judged, { any }) => ({
      counted: { class: judged.class, right: any ?? nowhere },
    })),
};

import { meanStatistic } from '../statistics/mean.js';
import { type Metric, ofClass, perMap } from './metric.js';

export const inside: Metric = {
  describe: "Share of a map's positive evidence inside its objects (Score-CAM's energy-based pointing game)",
  hasCentre: true,
  words: () => 'positive evidence in masks, else boxes / all positive',
  begin: (source) =>
    perMap(meanStatistic(), source, (judged, verdicts) => ({ counted: ofClass(judged.class, verdicts.inside) })),
};

import { askMasked } from './masked.js';
import type { Measure } from './measure.js';
import { minToMax } from './shares.js';

// What torch-cam adds to the score before it divides by it.
const EPSILON = 1e-7;

/** The part of a score that is lost, [0, 1]. A score that rises loses nothing. */
export const lostShare = (full: number, masked: number, epsilon: number): number =>
  masked >= full ? 0 : (full - masked) / (full + epsilon);

/**
 * Drop (Chattopadhay et al. 2018, "average drop"): the part of the score that is lost where the input is multiplied by the map: the
 * lower, the better. `increase` is 1 where the score rises. As `ClassificationMetric` of torch-cam 0.5.
 */
export const drop: Measure = {
  lessIsBetter: true,
  profiles: ['torch-cam'],
  passes: (_, maps) => maps + 2,
  read: async (subject, cases) => {
    const readings = [];
    for (const { map, classes } of cases) {
      const { answer } = await askMasked(subject, minToMax(map));
      readings.push(
        classes.map((index) => {
          const [full, masked] = [subject.full.scoreOf(index), answer.scoreOf(index)];
          return { score: lostShare(full, masked, EPSILON), parts: { increase: masked > full ? 1 : 0 } };
        }),
      );
    }
    return readings;
  },
};

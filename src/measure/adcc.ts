import { correlationOf } from './correlation.js';
import { lostShare } from './drop.js';
import { enlarged } from './enlarge.js';
import { askMasked } from './masked.js';
import type { Case, Measure, Reading, Subject } from './measure.js';
import { pixelsOf } from './pixels.js';
import { evidenceToMax } from './shares.js';

/** The three numbers that ADCC is made of, each in [0, 1]. */
export interface AdccParts {
  /** How alike the maps of the input and of the masked input are: `(Pearson + 1) / 2`; 0 where one of them is constant. */
  readonly coherency: number;
  /** Mean of the map. */
  readonly complexity: number;
  /** The part of the score that the masked input loses. */
  readonly drop: number;
}

/** The harmonic mean of what is good in them, [0, 1]. 0 where one of them is as bad as it can be. */
export const adccOf = ({ coherency, complexity, drop }: AdccParts): number =>
  3 / (1 / coherency + 1 / (1 - complexity) + 1 / (1 - drop));

/** @returns [0, 1]; 0 where one of the two maps is constant. */
export const coherencyOf = (map: Float64Array, ofMasked: Float64Array): number => {
  const correlation = correlationOf(map, ofMasked);
  return correlation === undefined ? 0 : (correlation + 1) / 2;
};

const complexityOf = (mask: Float64Array): number => mask.reduce((sum, value) => sum + value, 0) / mask.length;

const readOne = async (subject: Subject, { map, classes }: Case): Promise<readonly Reading[]> => {
  const { feed, covered, full } = subject;
  const { mask, answer } = await askMasked(subject, evidenceToMax(map));
  const complexity = complexityOf(mask);
  return classes.map((index) => {
    const ofMasked = enlarged(evidenceToMax(answer.mapOf(index)), covered, pixelsOf(feed));
    const coherency = coherencyOf(mask, ofMasked);
    const drop = lostShare(full.scoreOf(index), answer.scoreOf(index), 0);
    const parts = { coherency, complexity, drop };
    return { score: adccOf(parts), parts };
  });
};

/** Average drop, coherency and complexity in one number (Poppi et al. 2021): the higher, the better. */
export const adcc: Measure = {
  profiles: ['adcc'],
  passes: (_, maps) => maps + 2,
  read: async (subject, cases) => {
    const readings: (readonly Reading[])[] = [];
    for (const one of cases) readings.push(await readOne(subject, one));
    return readings;
  },
};

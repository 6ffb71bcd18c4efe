import { measures } from '../../measure/index.js';
import type { Measure } from '../../measure/measure.js';
import type { JudgedPhoto, MeasuredCase } from '../judged.js';
import { meanStatistic } from '../statistics/mean.js';
import type { Outcome } from '../statistics/statistic.js';
import { ofClass } from './metric.js';

/** What was measured of a run's maps as it was made, such as insertion: means over all maps of photos that are judged. */
interface MeasuredMean {
  /** Name of the measure and its profile: numbers of two profiles do not compare. */
  readonly name: string;
  readonly isError: boolean;
  readonly map: Outcome;
  /** The same of a map that is bright in the middle, and of one of chance. */
  readonly centre: Outcome;
  readonly random: Outcome;
}

const SOURCES = ['map', 'centre', 'random'] as const;

const newMeans = ({ measure, profile }: MeasuredCase) => ({
  name: `${measure} (${profile})`,
  isError: (measures[measure] as Measure).lessIsBetter === true,
  map: meanStatistic(),
  centre: meanStatistic(),
  random: meanStatistic(),
});

/** Gathers what lines say of measures, photo by photo. */
export const measuredMeans = () => {
  const all = new Map<string, ReturnType<typeof newMeans>>();
  return {
    add: ({ measured }: JudgedPhoto, weights: Uint8Array): void => {
      for (const found of measured ?? []) {
        const key = `${found.measure} ${found.profile}`;
        const means = all.get(key) ?? newMeans(found);
        all.set(key, means);
        for (const source of SOURCES) means[source].add(ofClass(found.class, found[source]), weights);
      }
    },
    means: (): readonly MeasuredMean[] =>
      [...all.values()].map(({ map, centre, random, ...means }) => ({
        ...means,
        map: map.outcome(),
        centre: centre.outcome(),
        random: random.outcome(),
      })),
  };
};

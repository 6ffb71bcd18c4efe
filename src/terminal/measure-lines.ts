import { nameOf } from '../maps/remarks.js';
import type { MeasuredMap } from '../measure/measured.js';
import type { Tally } from '../run/tally.js';

/** A measure of one map, or its mean over several. */
interface Shown {
  readonly measure: string;
  readonly profile: string;
  readonly score: number;
  /** The same of a map of chance, and of a Gaussian around the middle. */
  readonly random: number;
  readonly centre: number;
}

const words = ({ measure, score, random, centre }: Shown): string =>
  `${measure} ${score.toFixed(3)} (random ${random.toFixed(3)}, centre ${centre.toFixed(3)})`;

/** Measures in words, those of one profile together, since a number means something beside its profile alone. */
const byProfile = (shown: readonly Shown[]): readonly string[] =>
  [...new Set(shown.map(({ profile }) => profile))].map((profile) => {
    const own = shown.filter((one) => one.profile === profile);
    return `${profile}: ${own.map(words).join(', ')}`;
  });

/** What was measured of a map, a line for each profile. */
export const measureLines = (displayPath: string, map: MeasuredMap): readonly string[] => {
  const shown = (map.measures ?? []).map(({ baselines, ...one }) => ({
    ...one,
    random: baselines.random.score,
    centre: baselines.centre.score,
  }));
  return byProfile(shown).map((line) => `${displayPath}: ${nameOf(map)} by ${line}`);
};

/** The means of what a run measured of more than one map, a line for each profile. */
export const meanLines = ({ measures }: Pick<Tally, 'measures'>): readonly string[] => {
  const sums = [...measures.values()].filter(({ maps }) => maps > 1);
  const means = sums.map(({ maps, score, random, centre, ...one }) => ({
    ...one,
    score: score / maps,
    random: random / maps,
    centre: centre / maps,
  }));
  return byProfile(means).map((line) => `Mean of ${sums[0].maps} maps by ${line}`);
};

import type { JudgedClass, JudgedPhoto, LeftOut, Verdicts } from '../judged.js';
import type { Profile, Wanted } from '../profiles/profile.js';
import type { Outcome, Statistic } from '../statistics/statistic.js';

/** What a person chose for all metrics. */
export interface Circumstances {
  readonly profile: Profile;
  /** Share of a map's largest value at which its box ends. */
  readonly threshold: number;
  /** Whether a photo is on the list of those to be left out. */
  readonly isBlacklisted: (photo: string) => boolean;
}

/** The run's own maps, or a bright spot in each photo's middle in their place. */
export type Source = 'map' | 'centre';

/** What a metric comes to, with the number of photos or maps that it leaves out, by the reason. */
export interface Result extends Outcome {
  readonly leftOut: ReadonlyMap<LeftOut, number>;
}

/** Gathers photos one after the other, in memory that does not grow with them. */
export interface Accumulator {
  /** @param weights how often each sample has the photo. */
  readonly add: (photo: JudgedPhoto, weights: Uint8Array) => void;
  readonly result: () => Result;
}

/** A number that says how well maps lie. */
export interface Metric {
  /** One line of help. */
  readonly describe: string;
  /** What of each map it needs, beside its box at the threshold, its point and its evidence. */
  readonly wants?: Partial<Wanted>;
  /** Whether more is worse. */
  readonly isError?: boolean;
  /** Whether a bright spot in the middle has a value of its own. */
  readonly hasCentre: boolean;
  /** By which rule it is computed, in words. */
  readonly words: (circumstances: Circumstances) => string;
  readonly begin: (source: Source, circumstances: Circumstances) => Accumulator;
}

/** A case to be counted, or why there is none. */
export type Observed<Case> = { readonly counted: Case } | { readonly leftOut: LeftOut };

/** Accumulates what is observed of each photo. @param observe nothing: the photo is none of the metric's. */
const accumulator = <Case>(
  { add, outcome }: Statistic<Case>,
  observe: (photo: JudgedPhoto) => readonly Observed<Case>[],
): Accumulator => {
  const leftOut = new Map<LeftOut, number>();
  return {
    add: (photo, weights) => {
      for (const observed of observe(photo)) {
        if ('counted' in observed) add(observed.counted, weights);
        else leftOut.set(observed.leftOut, (leftOut.get(observed.leftOut) ?? 0) + 1);
      }
    },
    result: () => ({ ...outcome(), leftOut }),
  };
};

/** Of each photo one case. */
export const perPhoto = <Case>(
  statistic: Statistic<Case>,
  observe: (photo: JudgedPhoto) => Observed<Case>,
): Accumulator =>
  accumulator(statistic, (photo) => [photo.leftOut === undefined ? observe(photo) : { leftOut: photo.leftOut }]);

/** Of each true class of a photo one case. */
export const perMap = <Case>(
  statistic: Statistic<Case>,
  source: Source,
  observe: (judged: JudgedClass, verdicts: Verdicts) => Observed<Case>,
): Accumulator =>
  accumulator(statistic, ({ leftOut, classes }) => {
    if (leftOut !== undefined) return [{ leftOut }];
    return classes.map((judged) => {
      const verdicts = judged[source];
      if (verdicts !== undefined) return observe(judged, verdicts);
      return { leftOut: judged.leftOut ?? 'no-map' };
    });
  });

/** The mean's case of a map. */
export const ofClass = (index: number, value: number) => ({ value, classes: [[index, value]] }) as const;

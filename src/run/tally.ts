import type { MeasureResult } from '../measure/measured.js';
import { isError, type ManifestLine, UNREAD_FORMAT } from '../results/line.js';

/** Sums of what one measure says of maps, and beside them of maps that know nothing of the photos. */
interface MeasureSums {
  readonly measure: string;
  readonly profile: string;
  maps: number;
  score: number;
  random: number;
  centre: number;
}

/** Counts of a run's photos, increased as they are finished. */
export interface Tally {
  done: number;
  /** Photos that an earlier run finished. */
  skipped: number;
  /** The run's own pictures, which were listed among the photos and left out. */
  own: number;
  /** Photos that an earlier run finished and whose files have changed since. They are done again. */
  changed: number;
  /** Lines of an earlier run that could not be read. */
  unreadable: number;
  /** The failures that are inputs without any photo. */
  empty: number;
  /** Number of files that are no photos of formats that are read, by what they are. They are passed over. */
  readonly unread: Map<string, number>;
  /** Number of failed photos by the code of their error. */
  readonly failures: Map<string, number>;
  /** Number of maps by their verdict. */
  readonly verdicts: Map<string, number>;
  /** Number of photos by the label of their best class. */
  readonly classes: Map<string, number>;
  /** What was measured, by measure and profile. */
  readonly measures: Map<string, MeasureSums>;
  /** When the first photo was begun, in milliseconds of `performance.now()`. */
  start: number | undefined;
}

export const newTally = (): Tally => ({
  done: 0,
  skipped: 0,
  own: 0,
  changed: 0,
  unreadable: 0,
  empty: 0,
  unread: new Map(),
  failures: new Map(),
  verdicts: new Map(),
  classes: new Map(),
  measures: new Map(),
  start: undefined,
});

const increase = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Counts a file that is passed over. @param kind what it is. */
export const countUnread = (tally: Tally, kind = 'of no known kind'): void => increase(tally.unread, kind);

const addMeasure = ({ measures }: Tally, { measure, profile, score, parts, baselines }: MeasureResult): void => {
  const add = (name: string, numberOf: (one: Pick<MeasureResult, 'score' | 'parts'>) => number) => {
    const key = `${name} by ${profile}`;
    const sums = measures.get(key) ?? { measure: name, profile, maps: 0, score: 0, random: 0, centre: 0 };
    sums.maps++;
    sums.score += numberOf({ score, parts });
    sums.random += numberOf(baselines.random);
    sums.centre += numberOf(baselines.centre);
    measures.set(key, sums);
  };
  add(measure, (one) => one.score);
  if (parts?.increase !== undefined) add('increase', (one) => one.parts?.increase ?? 0);
};

/** Counts a line that was written. */
export const count = (tally: Tally, line: ManifestLine): void => {
  if (isError(line)) {
    const { code, kind } = line.error;
    if (code === UNREAD_FORMAT) countUnread(tally, kind);
    else increase(tally.failures, code);
    if (code === 'no-photos') tally.empty++;
    return;
  }
  tally.done++;
  for (const { verdict, measures = [] } of line.maps) {
    increase(tally.verdicts, verdict);
    for (const one of measures) addMeasure(tally, one);
  }
  // A number that is no score is no best class.
  const [best] = line.predictions;
  if (best !== undefined && best.score !== null) increase(tally.classes, best.label);
};

const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

/** Number of failed photos, and of inputs without any. */
export const failedOf = ({ failures }: Tally): number => sumOf(failures);

/** Number of files that were passed over, as their format is not read. */
export const unreadOf = ({ unread }: Tally): number => sumOf(unread);

/** Photos finished a second, including failed ones. */
export const rateOf = (tally: Tally): number => {
  const now = performance.now();
  return (tally.done + failedOf(tally)) / Math.max(1e-3, (now - (tally.start ?? now)) / 1000);
};

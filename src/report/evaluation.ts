import {
  EVALUATION,
  EVALUATION_LINES,
  EVALUATION_VERSION,
  type Evaluation,
  type MetricResult,
} from '../evaluate/evaluation.js';
import { isOwnEvaluation } from '../evaluate/own-files.js';
import { reasons } from '../evaluate/words.js';
import { type Check, orMissing, orNull } from '../results/checks.js';
import { isNumber, isRecord, isText, parseJson } from '../results/json.js';
import { latestLines } from '../results/latest.js';
import { bytesOf, type Store } from '../stores/store.js';
import type { ClassEntry, ReportEvaluation } from './data.js';

/** evaluation.json as the page needs it. Nobody promises that gapcam wrote it: each field is checked, and any other is left out. */

/** What a run was evaluated to. */
export interface FoundEvaluation extends Omit<ReportEvaluation, 'classFiles' | 'lost'> {
  readonly classes: readonly ClassEntry[];
}

/** Why an evaluation is not shown. `stale`: the run went on since. */
export type Problem = 'stale' | 'damaged';

/** Largest evaluation.json that is read, in bytes: all metrics of 100,000 classes. */
const LARGEST = 2 ** 28;
/** Most metrics, and longest text of one. */
const [MOST, LONGEST] = [200, 4096];

const isShortText: Check = (value) => isText(value) && value.length <= LONGEST;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isInterval: Check = (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber);
const isEstimate: Check = (value) => isRecord(value) && orNull(isNumber)(value.value) && orNull(isInterval)(value.ci95);
const isBest: Check = (value) => isRecord(value) && isNumber(value.value) && isNumber(value.threshold);
const isShortRecord =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.keys(value).length <= MOST && Object.values(value).every(check);

const isMetric = (value: unknown): value is MetricResult =>
  isEstimate(value) &&
  isRecord(value) &&
  isCount(value.n) &&
  isShortText(value.rule) &&
  orNull(isEstimate)(value.centre) &&
  orMissing(isEstimate)(value.random) &&
  orMissing(isShortRecord(isBest))(value.at) &&
  isShortRecord(isCount)(value.leftOut);

/** Most sentences. */
const MOST_REMARKS = 20;

/** Sentences; those of an earlier version are none. */
const remarksOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => isShortText(one)).slice(0, MOST_REMARKS) : [];

const estimateOf = ({ value, ci95 }: Pick<MetricResult, 'value' | 'ci95'>) => ({ value, ci95 });

const metricOf = ({ n, rule, centre, random, at, leftOut, isError, ...own }: MetricResult): MetricResult => ({
  ...estimateOf(own),
  n,
  rule,
  centre: centre && estimateOf(centre),
  ...(random && { random: estimateOf(random) }),
  ...(isError === true && { isError }),
  ...(at && {
    at: Object.fromEntries(Object.entries(at).map(([key, { value, threshold }]) => [key, { value, threshold }])),
  }),
  leftOut: Object.fromEntries(Object.entries(leftOut).filter(([reason]) => Object.hasOwn(reasons, reason))),
});

/** A metric of one class. Undefined: it has no value. */
const classMetric = (value: unknown): ClassEntry['metrics'][string] | undefined => {
  if (!isRecord(value) || !isNumber(value.value) || !isCount(value.n)) return undefined;
  const { ci95, centre } = value;
  const entry = [value.value, value.n, isInterval(ci95) ? (ci95 as [number, number]) : null] as const;
  return isNumber(centre) ? [...entry, centre] : entry;
};

/** @param metrics names of those of the run. @param labels number of its classes. */
const classesOf = (value: unknown, metrics: readonly string[], labels: number): readonly ClassEntry[] => {
  if (!Array.isArray(value)) return [];
  const seen = new Set<number>();
  return value.flatMap((one: unknown) => {
    if (!isRecord(one) || !isCount(one.class) || one.class >= labels || seen.has(one.class)) return [];
    seen.add(one.class);
    const own = isRecord(one.metrics) ? one.metrics : {};
    const found = metrics.flatMap((name) => {
      const entry = Object.hasOwn(own, name) ? classMetric(own[name]) : undefined;
      return entry === undefined ? [] : [[name, entry] as const];
    });
    return found.length === 0 ? [] : [{ class: one.class, metrics: Object.fromEntries(found) }];
  });
};

const soundEvaluation = (value: unknown, labels: number): FoundEvaluation | undefined => {
  if (!isRecord(value) || value.evaluation !== EVALUATION_VERSION) return undefined;
  const { truth, profile, threshold, photos, unreadable, metrics } = value as unknown as Evaluation;
  const isSound =
    [truth, profile].every(isShortText) &&
    isNumber(threshold) &&
    [photos, unreadable].every(isCount) &&
    isShortRecord(isMetric)(metrics) &&
    Object.keys(metrics).every(isShortText);
  if (!isSound) return undefined;
  return {
    ...{ truth, profile, threshold, photos, unreadable },
    remarks: remarksOf(value.remarks),
    metrics: Object.entries(metrics).map(([name, metric]) => ({ name, ...metricOf(metric) })),
    classes: classesOf(value.perClass, Object.keys(metrics), labels),
  };
};

/** Files of a run's evaluation that are gapcam's own, for its report. */
export const evaluationFiles = async (store: Store): Promise<readonly string[]> => {
  const own: string[] = [];
  for (const name of [EVALUATION, EVALUATION_LINES]) if (await isOwnEvaluation(store, name)) own.push(name);
  return own;
};

const readJson = async (store: Store): Promise<unknown> => {
  if (((await store.sizeOf(EVALUATION)) ?? 0) > LARGEST) return undefined;
  try {
    return parseJson((await bytesOf(store, EVALUATION)).toString());
  } catch {
    // It is torn, or nested too deeply.
    return undefined;
  }
};

/**
 * Reads what a run was evaluated to.
 * @param labels number of the run's classes.
 * @returns undefined where it was not, or where files of these names are somebody's own.
 * @throws the signal's reason.
 */
export const readEvaluation = async (
  store: Store,
  labels: number,
  signal?: AbortSignal,
): Promise<FoundEvaluation | Problem | undefined> => {
  const own = await evaluationFiles(store);
  if (!own.includes(EVALUATION)) return undefined;
  const value = own.length === 2 ? await readJson(store) : undefined;
  const found = soundEvaluation(value, labels);
  if (found === undefined || !isRecord(value)) return 'damaged';
  const { count, newest } = await latestLines(store, signal);
  return value.lines === count && (value.newest === undefined || value.newest === newest) ? found : 'stale';
};

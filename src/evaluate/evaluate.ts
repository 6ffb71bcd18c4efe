import { UsageError } from '../errors.js';
import { havePlaces } from '../maps/feature-map.js';
import { type LatestLine, type LatestLines, latestLines } from '../results/latest.js';
import { requireFiles } from '../results/own.js';
import { type RunSettings, readSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import type { Store } from '../stores/store.js';
import { type ReachTally, reachTally } from '../truth/reach.js';
import { otherFoldersWords } from '../truth/words.js';
import { version } from '../version.js';
import { EVALUATION, EVALUATION_LINES, EVALUATION_VERSION, type Evaluation } from './evaluation.js';
import type { Judgement, JudgeSetup, JudgeTask } from './judge/judge-text.js';
import type { JudgedPhoto } from './judged.js';
import { judged } from './judging.js';
import { type KnownTruth, knownTruth } from './known-truth.js';
import { evaluationLines } from './lines.js';
import { type MetricName, metrics } from './metrics/index.js';
import type { Metric } from './metrics/metric.js';
import { requireOwnFiles } from './own-files.js';
import { profiles } from './profiles/index.js';
import type { Wanted } from './profiles/profile.js';
import { gatherer } from './results.js';

/** What is to be evaluated, and how. */
export interface EvaluationPlan {
  /** Place of the run's folder. */
  readonly output: string;
  /** A path, or a word, that `openTruth` takes. Undefined: what the run noted. */
  readonly truth: string | undefined;
  readonly mapClasses: string | undefined;
  readonly profile: keyof typeof profiles;
  readonly threshold: number;
  readonly metrics: readonly MetricName[];
  /** Whether what the run measured is averaged too. */
  readonly measured: boolean;
  readonly isBlacklisted: (photo: string) => boolean;
  /** Processes that work at a time. */
  readonly processes: number;
  readonly signal: AbortSignal;
  /** Told once how many lines there are, at most one a photo, and then of each photo. */
  readonly onCount: (lines: number) => void;
  readonly onPhoto: () => void;
}

/** What an evaluation came to. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** What is wrong with the first entry of the truth that is damaged. Undefined: none is. */
  readonly firstFault: string | undefined;
}

/** The run's settings. @throws UsageError `no-run`, `damaged-run`, `foreign-file`, `no-places`. */
const settingsOf = async (store: Store): Promise<RunSettings> => {
  await requireFiles(store);
  const settings = await readSettings(store);
  if (settings === undefined) {
    throw new UsageError('no-run', `${store.place} holds no run.json; name the --output of a run.`);
  }
  if (havePlaces(settings.head)) return settings;
  const message = `The cells of ${settings.model.name} have no places in its photos, so nothing can be said of where its maps lie.`;
  throw new UsageError('no-places', message);
};

/** What the truth says of a line's photo; or why it cannot say anything. @throws Error for a defect. */
const taskOf = async ({ text, photo, isUnread }: LatestLine, { entryOf }: KnownTruth): Promise<JudgeTask> => {
  try {
    return { text, entry: photo === undefined || isUnread ? undefined : await entryOf(photo) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { text, entry: undefined, fault: error.message };
  }
};

/** Each photo's newest line with what the truth says of it. */
async function* tasksOf({ read }: LatestLines, truth: KnownTruth): AsyncGenerator<JudgeTask> {
  for await (const line of read()) yield await taskOf(line, truth);
}

const setupOf = (
  { profile, threshold, metrics: names }: EvaluationPlan,
  { classes }: RunSettings,
  { recorded }: KnownTruth,
): JudgeSetup => {
  const wants = (key: keyof Wanted) => names.some((name) => (metrics[name] as Metric).wants?.[key] === true);
  const wanted = { sweep: wants('sweep'), any: wants('any'), scores: wants('scores') };
  return { profile, threshold, wanted, classes: classes.length, recorded };
};

/** Writes lines; what goes wrong as they are made is thrown as it is, and is no fault of the store. */
const putLines = async (store: Store, name: string, lines: AsyncIterable<string>): Promise<void> => {
  let fault: { readonly error: unknown } | undefined;
  const watched = async function* () {
    try {
      yield* lines;
    } catch (error) {
      fault = { error };
      throw error;
    }
  };
  await store.putLines(name, watched()).catch((error: unknown) => {
    throw fault === undefined ? error : fault.error;
  });
};

/** What judgements came to, beside the metrics. */
interface Counts {
  photos: number;
  unreadable: number;
  /** Of the photos, those of which something is known: what is true, what was measured, or why neither is. */
  known: number;
  firstFault: string | undefined;
  /** Photos that lie in another folder in the truth, and the first of them. */
  elsewhere: number;
  firstElsewhere: Pick<JudgedPhoto, 'photo' | 'entry'> | undefined;
  /** What stands out of the boxes. */
  readonly reach: ReachTally;
}

/** Counts judgements as they come. Gives those of photos alone. */
async function* counted(
  judgements: AsyncIterable<Judgement>,
  counts: Counts,
  { signal, onPhoto }: EvaluationPlan,
): AsyncGenerator<JudgedPhoto> {
  for await (const judgement of judgements) {
    signal.throwIfAborted();
    onPhoto();
    if (judgement === 'unreadable') counts.unreadable++;
    else if (judgement !== 'passed-over') {
      counts.photos++;
      if (judgement.leftOut !== 'no-truth' || judgement.measured !== undefined) counts.known++;
      counts.firstFault ??= judgement.message;
      if (judgement.reach !== undefined) counts.reach.add(judgement.photo, judgement.reach);
      if (judgement.entry !== undefined) {
        counts.elsewhere++;
        counts.firstElsewhere ??= judgement;
      }
      yield judgement;
    }
  }
}

/** What a truth that was opened says itself. */
const elsewhereWords = ({ recorded, identity }: KnownTruth, { elsewhere, firstElsewhere: first }: Counts) =>
  recorded && first !== undefined ? [otherFoldersWords(identity.truth, elsewhere, first.photo, first.entry)] : [];

/** Judges all photos, writes a line for each map, and gathers the metrics on the way. */
const evaluateInto = async (store: Store, plan: EvaluationPlan, settings: RunSettings): Promise<Evaluated> => {
  const { profile, threshold, isBlacklisted, signal } = plan;
  const { classes } = settings;
  const truth = await knownTruth(plan.truth, plan.mapClasses, settings, store.place);
  const lines = await latestLines(store, signal, truth.meet);
  plan.onCount(lines.count);
  const circumstances = { profile: profiles[profile], threshold, isBlacklisted };
  const { add, results } = gatherer(plan.metrics, plan.measured, circumstances);
  const nobody = { known: 0, firstFault: undefined, elsewhere: 0, firstElsewhere: undefined, reach: reachTally() };
  const counts: Counts = { photos: 0, unreadable: 0, ...nobody };
  const written = async function* () {
    const setup = setupOf(plan, settings, truth);
    const judgements = judged(tasksOf(lines, truth), setup, lines.count, plan.processes);
    for await (const photo of counted(judgements, counts, plan)) {
      add(photo);
      yield* evaluationLines(photo, classes);
    }
    truth.requireSome(counts.photos === 0 || counts.known > 0);
  };
  await putLines(store, EVALUATION_LINES, written());
  const { photos, unreadable, firstFault } = counts;
  const state = { lines: lines.count, newest: lines.newest };
  const stated = { evaluation: EVALUATION_VERSION, version, ...state, ...truth.identity } as const;
  const remarks = [...truth.remarks(), ...elsewhereWords(truth, counts), ...counts.reach.remarks(truth.boxNumbers)];
  const evaluation: Evaluation = { ...stated, profile, threshold, photos, unreadable, remarks, ...results(classes) };
  await store.put(EVALUATION, `${JSON.stringify(evaluation, undefined, 2)}\n`);
  return { evaluation, firstFault };
};

/**
 * Holds a run's maps against the truth: writes evaluation.jsonl, a line a map, and evaluation.json into the run's folder. Reads the
 * manifest line by line, no photo and no model. Memory does not grow with the number of photos.
 * @throws UsageError `no-run`, `damaged-run`, `no-places`, `foreign-file`, `cropped`, `output-in-use`, `output-unwritable`, and
 * what `openTruth` throws; the signal's reason. Nothing is written then.
 */
export const evaluate = async (plan: EvaluationPlan): Promise<Evaluated> => {
  const store = openStore(plan.output);
  const settings = await settingsOf(store);
  await requireOwnFiles(store);
  const held = await store.lock();
  try {
    return await evaluateInto(store, { ...plan, signal: AbortSignal.any([plan.signal, held]) }, settings);
  } finally {
    await store.release();
  }
};

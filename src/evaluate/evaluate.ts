import { UsageError } from '../errors.js';
import { havePlaces } from '../maps/feature-map.js';
import { wordnetIdsOf } from '../model/labels/imagenet.js';
import { type LatestLines, latestLines } from '../results/latest.js';
import { requireFiles } from '../results/own.js';
import { type RunSettings, readSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import { placeFrom } from '../stores/places.js';
import type { Store } from '../stores/store.js';
import { type OpenedTruth, openTruth } from '../truth/index.js';
import { noneFound, remarksOf } from '../truth/remarks.js';
import { version } from '../version.js';
import { EVALUATION, EVALUATION_LINES, EVALUATION_VERSION, type Evaluation } from './evaluation.js';
import type { JudgeSetup, JudgeTask } from './judge/judge-text.js';
import { judged } from './judging.js';
import { evaluationLines } from './lines.js';
import { type MetricName, metrics } from './metrics/index.js';
import type { Metric } from './metrics/metric.js';
import { requireOwnFiles } from './own-files.js';
import { profiles } from './profiles/index.js';
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
  /** Sentences about photos and classes that did not match. */
  readonly remarks: readonly string[];
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

/** Each photo's newest line with what the truth says of it. */
async function* tasksOf({ read }: LatestLines, truth: OpenedTruth): AsyncGenerator<JudgeTask> {
  for await (const { text, photo } of read()) {
    yield { text, entry: photo === undefined ? undefined : await truth.entryOf(photo) };
  }
}

const setupOf = ({ profile, threshold, metrics: names }: EvaluationPlan, { classes }: RunSettings): JudgeSetup => {
  const wants = (key: 'sweep' | 'any' | 'scores') =>
    names.some((name) => (metrics[name] as Metric).wants?.[key] === true);
  const wanted = { sweep: wants('sweep'), any: wants('any'), scores: wants('scores') };
  return { profile, threshold, wanted, classes: classes.length };
};

/** Judges all photos, writes a line for each map, and gathers the metrics on the way. */
const evaluateInto = async (store: Store, plan: EvaluationPlan, settings: RunSettings): Promise<Evaluated> => {
  const { profile, threshold, isBlacklisted, signal } = plan;
  const { classes, wordnetIds } = settings;
  const known = { labels: classes, wordnetIds: wordnetIdsOf({ labels: classes, wordnetIds }) };
  const folder = placeFrom(store.place, settings.photos);
  if (plan.truth === undefined) {
    const message = `${store.place} notes nothing of what is true of its photos; name that with --truth.`;
    throw new UsageError('no-truth', message);
  }
  const truth = await openTruth(plan.truth, known, { mapClasses: plan.mapClasses, folder });
  const lines = await latestLines(store, signal);
  plan.onCount(lines.count);
  const { add, results } = gatherer(plan.metrics, { profile: profiles[profile], threshold, isBlacklisted });
  let [photos, unreadable] = [0, 0];
  const written = async function* () {
    const setup = setupOf(plan, settings);
    for await (const judgement of judged(tasksOf(lines, truth), setup, lines.count, plan.processes)) {
      signal.throwIfAborted();
      plan.onPhoto();
      if (judgement === 'passed-over') continue;
      if (judgement === 'unreadable') {
        unreadable++;
        continue;
      }
      photos++;
      add(judgement);
      yield* evaluationLines(judgement, classes);
    }
    const none = noneFound(truth);
    if (none !== undefined) throw none;
  };
  await store.putLines(EVALUATION_LINES, written());
  const evaluation: Evaluation = {
    evaluation: EVALUATION_VERSION,
    version,
    lines: lines.count,
    truth: plan.truth,
    mapClasses: plan.mapClasses,
    profile,
    threshold,
    photos,
    unreadable,
    ...results(classes),
  };
  await store.put(EVALUATION, `${JSON.stringify(evaluation, undefined, 2)}\n`);
  return { evaluation, remarks: remarksOf(truth, true) };
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

import { setImmediate } from 'node:timers/promises';
import { fromText, type ManifestLine, toText } from '../results/line.js';
import { MANIFEST } from '../results/manifest.js';
import { requireOwn } from '../results/own.js';
import { continuesRun, type RunIdentity, type RunSettings, settingsOf, writeSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import { nameSet } from '../stores/name-set.js';
import type { Store } from '../stores/store.js';
import type { OpenedTruth } from '../truth/index.js';
import { type OwnPictures, ownPictures } from './own-pictures.js';
import { marksFor, openPacking, type Packing } from './pack/packing.js';
import { type PackedPhoto, plainRecording, type Recording } from './pack/recording.js';
import { removeRun } from './pictures.js';
import { dropSuperseded, type EarlierPhotos, finishedPhotos, hasFinished, standingOf, supersede } from './resume.js';
import { isInShard } from './shard.js';
import { type RunPhotos, sources } from './sources/index.js';
import type { Discovery } from './sources/source.js';
import { withStates } from './states-ahead.js';
import { count, countUnread, type Tally } from './tally.js';
import { truthFor } from './truth-for.js';
import type { LostTask } from './workers/policy.js';
import { isLost, type Pool } from './workers/pool.js';
import type { HandedOver, PhotoResult, PhotoTask } from './workers/worker.js';

export interface RunPlan extends Omit<RunIdentity, 'truth'> {
  /** What people know of the photos. Undefined: nothing is given. */
  readonly truth?: OpenedTruth | undefined;
  readonly pool: Pool<HandedOver, PhotoTask, PhotoResult>;
  readonly photos: Pick<RunPhotos, 'source' | 'list' | 'addressOf' | 'mayBeFar'>;
  /** Whether finished photos are done again, and a run with other settings is replaced. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Resolves when the reader has taken the output of earlier photos. The next photo begins only then. */
  readonly ready: () => Promise<void>;
  /** Called once a photo's pictures and line are written, with what was found of it. */
  readonly onLine: (line: ManifestLine, found: Discovery) => void;
  /** Increased as photos are finished. */
  readonly tally: Tally;
}

const identityOf = ({ truth, ...plan }: RunPlan): RunIdentity => ({ ...plan, truth: truth?.identity });

/** What a run begins with. */
interface OpenedRun {
  readonly store: Store;
  readonly earlier: EarlierPhotos;
  /** Aborted when another run has taken the store over. */
  readonly lost: AbortSignal;
  readonly own: OwnPictures;
  readonly settings: RunSettings;
  /** Undefined: pictures are files of their own. */
  readonly packing: Packing | undefined;
}

/** Prepares the store for this run. */
const openRun = async (store: Store, plan: RunPlan): Promise<OpenedRun> => {
  const finished = plan.overwrite ? undefined : hasFinished(store);
  // What is not a run's own is said first.
  finished?.catch(() => {});
  await requireOwn(store);
  const settings = { ...settingsOf(identityOf(plan)), ...(plan.pack && { packs: await marksFor(store) }) };
  // A run that explained nothing may be replaced.
  if (await finished) await continuesRun(store, settings);
  const lost = await store.lock();
  const own = ownPictures(store, plan.signal);
  if (plan.overwrite) {
    // The photos were named while these pictures were there.
    await own.load();
    await removeRun(store, plan.signal);
  }
  const { source, addressOf } = plan.photos;
  const isGone = async (photo: string) => {
    const address = await addressOf(photo);
    return address !== undefined && (await sources[source].stateOf(address)) === undefined;
  };
  const earlier = await finishedPhotos(store, plan.signal, isGone);
  plan.tally.unreadable = earlier.unreadable;
  // Where the earlier run could not be removed, its results must not be taken for this run's.
  if (!plan.signal.aborted) await writeSettings(store, settings);
  const packing = plan.pack ? await openPacking(store, settings, plan.signal) : undefined;
  return { store, earlier, lost, own, settings, packing };
};

const lostLine = (photo: string, { lost, how }: LostTask): ManifestLine => {
  const message =
    lost === 'timeout'
      ? `The photo took longer than ${how}, twice; give it more with --timeout.`
      : `The process that worked on the photo ended (${how}), twice; the photo may be damaged, or too large for the memory.`;
  return { photo, explained: Date.now(), error: { code: lost, message } };
};

/** Adds photos' lines to the manifest, and what is packed to a tar; then counts them and calls `onLine`. */
const recorder =
  (recording: Recording, own: OwnPictures, { tally, onLine }: RunPlan, stop: AbortController) =>
  async (line: string, found: Discovery, packed?: PackedPhoto): Promise<void> => {
    // A failed write may leave a torn line. No other line may follow it.
    if (stop.signal.aborted) return;
    let text = line;
    try {
      text = await recording.append(line, packed);
    } catch (error) {
      stop.abort(error);
      return;
    }
    own.note(text);
    const written = fromText(text);
    count(tally, written);
    onLine(written, found);
  };

/** A photo to be explained. @see PhotoTask.key */
type ToDo = Discovery & { readonly key?: string | undefined };

/**
 * Photos of this run that are neither finished nor begun, each once; where lines are answered, as often as they name it. Before a photo is done again, as its file has changed or a
 * picture is missing, its earlier pictures are removed.
 */
async function* photosToDo(
  plan: RunPlan,
  { store, earlier, own, packing }: OpenedRun,
  settled: () => Promise<unknown>,
  ended: AbortSignal,
): AsyncGenerator<ToDo> {
  const { photos, shard, tally } = plan;
  const { list, stateOf } = withStates(photos.list(ended), earlier, sources[photos.source], photos.mayBeFar === true);
  // A photo may be listed twice.
  const begun = nameSet();
  for await (const discovery of list) {
    if (ended.aborted) return;
    const { photo, inOutput } = discovery;
    if (discovery.line !== undefined) {
      yield discovery;
      continue;
    }
    // Of all photos, whosever they are: one entry must not be taken for two of them.
    if (discovery.problem === undefined && inOutput === undefined) plan.truth?.meet(photo);
    if (begun.has(photo)) continue;
    if (shard !== undefined && !isInShard(photo, shard)) {
      // All shards go through the same photos, so that no two give one key to two of them.
      if (packing !== undefined && discovery.problem === undefined && begun.add(photo)) packing.keys.claim(photo);
      continue;
    }
    if (inOutput !== undefined && (await own.has(inOutput, { begun, settled }))) {
      tally.own++;
      continue;
    }
    begun.add(photo);
    const standing = await standingOf(earlier, discovery, stateOf);
    if (standing === 'done') {
      // Lets the event loop handle signals while many finished photos are skipped.
      if (++tally.skipped % 1000 === 0) await setImmediate();
      continue;
    }
    if (standing === 'unread') {
      countUnread(tally, discovery.problem?.kind);
      continue;
    }
    if (standing === 'changed') tally.changed++;
    const line = standing === 'new' ? undefined : await supersede(store, earlier, photo);
    const isPacked = packing !== undefined && discovery.problem === undefined;
    yield isPacked ? { ...discovery, key: line?.packed?.key ?? packing.keys.claim(photo) } : discovery;
  }
}

/** Explains photos, as many at a time as the pool takes, and records their lines. */
const explainAll = async (plan: RunPlan, recording: Recording, opened: OpenedRun): Promise<void> => {
  const { pool, photos, signal, tally } = plan;
  const { lost, own } = opened;
  const stop = new AbortController();
  lost.addEventListener('abort', () => stop.abort(lost.reason));
  const record = recorder(recording, own, plan, stop);
  const { isFar } = sources[photos.source];
  const inFlight = new Set<Promise<void>>();
  const explain = async (found: ToDo) => {
    const { photo, address, problem, key, bytes } = found;
    if (problem !== undefined) return record(toText({ photo, explained: Date.now(), error: problem }), found);
    const known = await truthFor(plan.truth, photo);
    if ('error' in known) return record(toText({ photo, explained: Date.now(), error: known.error }), found);
    const far = isFar?.(address) ? { bytes } : undefined;
    const task = { photo, source: photos.source, address, key, far, ...known };
    const result = await pool.run(task, far !== undefined);
    if (isLost(result)) {
      return result.lost === 'forgotten' ? undefined : record(toText(lostLine(photo, result)), found);
    }
    const { line, members } = result;
    await record(line, found, key === undefined || members === undefined ? undefined : { key, members });
  };
  const beginAll = async () => {
    const ended = AbortSignal.any([signal, stop.signal]);
    // Hundreds may wait for their bytes. Those that are worked on are finished.
    ended.addEventListener('abort', () => pool.forgetWaiting());
    const settled = () => Promise.all(inFlight);
    for await (const found of photosToDo(plan, opened, settled, ended)) {
      tally.start ??= performance.now();
      const work = explain(found)
        .catch((error: unknown) => stop.abort(error))
        .finally(() => inFlight.delete(work));
      inFlight.add(work);
      // No process holds it up, so nothing else bounds how many there are.
      if (found.problem !== undefined) await work;
      await pool.capacity();
      // What is wrong is known to those whose lines it keeps from being written.
      await recording.room().catch(() => {});
      await plan.ready();
    }
  };
  // However the list ends, photos in flight are finished and recorded.
  await beginAll().finally(() => Promise.all(inFlight));
  if (stop.signal.aborted) throw stop.signal.reason;
};

/** Explains photos, then drops the lines in whose place there are others now. */
const explainAndReplace = async (store: Store, plan: RunPlan, opened: OpenedRun): Promise<void> => {
  const manifest = await store.append(MANIFEST);
  const recording = opened.packing?.recording(manifest) ?? plainRecording(manifest);
  try {
    await explainAll(plan, recording, opened).finally(recording.close);
  } catch (error) {
    // What made the run fail may keep the manifest from being written too. The next run reads both lines of a photo.
    if (!opened.lost.aborted) await dropSuperseded(store, opened.earlier).catch(() => {});
    throw error;
  }
  await dropSuperseded(store, opened.earlier);
  if (opened.earlier.superseded > 0) await opened.packing?.mend();
};

/**
 * Explains photos into the output and keeps what an earlier run finished there. After a photo fails, the others go on.
 * @throws UsageError where the output cannot be written or holds another run.
 */
export const runPhotos = async (plan: RunPlan): Promise<void> => {
  const store = openStore(plan.output);
  try {
    const opened = await openRun(store, plan);
    await explainAndReplace(store, plan, opened);
    if (!plan.signal.aborted) await writeSettings(store, { ...opened.settings, complete: true });
  } finally {
    // Where another run holds it, it stays held.
    await store.release();
  }
};

import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.js';
import { scan } from '../results/line.js';
import { MANIFEST, wholeLines } from '../results/manifest.js';
import { continuesRun, differences, type RunSettings, readSettings, writeSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import type { Appender, Store } from '../stores/store.js';
import { type NameSet, nameSet } from './name-set.js';
import { finishedPhotos, hasFinished, removeRun } from './resume.js';

export interface MergePlan {
  /** Absolute paths of output folders of runs. */
  readonly outputs: readonly string[];
  /** Absolute path of the folder that receives the merged run. */
  readonly target: string;
  /** Whether a run in the target is replaced. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
}

export interface MergeCounts {
  readonly photos: number;
  readonly failed: number;
  /** Shards without an output among the given ones, such as 3/16. */
  readonly missing: readonly string[];
  /** Outputs of runs that ended before their last photo. */
  readonly incomplete: readonly string[];
}

/** Settings as the target folder states them: `photos` is a path from there, and `shard` and `complete` are absent. */
const asOf = (target: string, output: string, { shard: _, complete: __, ...settings }: RunSettings): RunSettings => ({
  ...settings,
  photos: relative(target, resolve(output, settings.photos)).split(sep).join('/') || '.',
});

/** A run to be merged. */
interface Part {
  readonly store: Store;
  readonly settings: RunSettings;
}

/** @throws UsageError `no-run`. */
const partOf = async (output: string): Promise<Part> => {
  const store = openStore(output);
  const settings = await readSettings(store);
  if (settings === undefined) throw new UsageError('no-run', `${output} holds no results of a run.`);
  return { store, settings };
};

/** The settings that all runs share, as the target folder's own. @throws UsageError `other-run`. */
const sharedSettings = ([first, ...others]: readonly Part[], target: string): RunSettings => {
  let shared = asOf(target, first.store.place, first.settings);
  for (const { store, settings } of others) {
    const differ = differences(shared, asOf(target, store.place, settings));
    if (differ.length > 0) {
      const message = `Only runs of one kind can be merged: ${first.store.place} has ${differ.join('; ')} as in ${store.place}.`;
      throw new UsageError('other-run', message);
    }
    // Runs of earlier versions do not state their weights. The others must still agree.
    const { weights } = settings.model;
    if (weights !== undefined) shared = { ...shared, model: { ...shared.model, weights } };
  }
  return shared;
};

/** Shards without a run. */
const missingShards = (parts: readonly Part[]): readonly string[] => {
  const shards = new Set(parts.flatMap(({ settings }) => settings.shard ?? []));
  const counts = new Set([...shards].map((shard) => Number(shard.split('/')[1])));
  return [...counts].flatMap((count) =>
    Array.from({ length: count }, (_, i) => `${i + 1}/${count}`).filter((shard) => !shards.has(shard)),
  );
};

/** Copies a photo's picture. @throws UsageError `damaged-run` where it is gone. */
const take = async (from: Store, to: Store, name: string): Promise<void> => {
  if (await from.has(name)) return to.copyFrom(from, name);
  const picture = from.pathOf(name) ?? `${from.place}/${name}`;
  const message = `The picture ${picture} is gone, which the run's manifest names; run it again, and merge then.`;
  throw new UsageError('damaged-run', message);
};

/** The state of a merge. */
interface Gathering {
  readonly target: Store;
  readonly manifest: Appender;
  /** Photos that have a line in the target. */
  readonly taken: NameSet;
  readonly signal: AbortSignal;
}

const takeFinished = async (store: Store, { target, manifest, taken, signal }: Gathering): Promise<void> => {
  for await (const line of wholeLines(store, signal)) {
    const found = scan(line);
    if (!found?.finished || !taken.add(found.photo)) continue;
    for (const file of found.files) await take(store, target, file);
    await manifest.append(line);
  }
};

/** Copies the failures of photos that none of the runs finished. @returns their number. */
const takeFailed = async (store: Store, { manifest, taken, signal }: Gathering): Promise<number> => {
  let failed = 0;
  for await (const line of wholeLines(store, signal)) {
    const found = scan(line);
    if (found === undefined || found.finished || !taken.add(found.photo)) continue;
    await manifest.append(line);
    failed++;
  }
  return failed;
};

/** Copies all finished photos, then the failures of the rest. */
const gather = async (
  parts: readonly Part[],
  target: Store,
  taken: NameSet,
  signal: AbortSignal,
): Promise<MergeCounts> => {
  const manifest = await target.append(MANIFEST);
  try {
    const gathering = { target, manifest, taken, signal };
    for (const { store } of parts) await takeFinished(store, gathering);
    const photos = taken.size();
    let failed = 0;
    for (const { store } of parts) failed += await takeFailed(store, gathering);
    const unfinished = parts.filter(({ settings }) => settings.complete !== true);
    return { photos, failed, missing: missingShards(parts), incomplete: unfinished.map(({ store }) => store.place) };
  } finally {
    await manifest.close();
  }
};

/**
 * Joins the manifests and pictures of several runs, such as shards, into a folder that equals that of a single run. A
 * photo that several of them finished is taken from the first.
 * @throws UsageError where an output holds no run, the runs' settings differ, or the target cannot be written.
 */
export const mergeRuns = async ({ outputs, target: place, overwrite, signal }: MergePlan): Promise<MergeCounts> => {
  const parts: Part[] = [];
  for (const output of outputs) parts.push(await partOf(output));
  const target = openStore(place);
  const settings = sharedSettings(parts, place);
  if (!overwrite && (await hasFinished(target))) await continuesRun(target, settings);
  await target.lock();
  try {
    if (overwrite) await removeRun(target);
    const taken = overwrite ? nameSet() : await finishedPhotos(target, signal);
    await writeSettings(target, settings);
    const counts = await gather(parts, target, taken, signal);
    if (counts.missing.length + counts.incomplete.length === 0 && !signal.aborted) {
      await writeSettings(target, { ...settings, complete: true });
    }
    return counts;
  } finally {
    await target.release();
  }
};

import { copyFileSync, existsSync, linkSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.js';
import { scan } from '../results/line.js';
import { type ManifestWriter, openManifest, pacedLines } from '../results/manifest.js';
import { continuesRun, differences, type RunSettings, readSettings, writeSettings } from '../results/settings.js';
import { closeOutput, isSameFile, openOutput, putInPlace, temporaryIn, writeError } from '../stores/folder.js';
import { pathOf } from '../stores/paths.js';
import { type NameSet, nameSet } from './name-set.js';
import { finishedPhotos, hasFinished, removeRun } from './resume.js';

export interface MergePlan {
  /** Absolute paths of output folders of runs. */
  readonly outputs: readonly string[];
  /** Absolute path of the folder that holds all of them then. */
  readonly target: string;
  /** Replace what the target holds. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
}

export interface MergeCounts {
  readonly photos: number;
  readonly failed: number;
  /** Shards of which no output was given, as 3/16. */
  readonly missing: readonly string[];
  /** Outputs of runs that did not go through all their photos. */
  readonly incomplete: readonly string[];
}

/** Settings as the target folder's own: the way to the photos starts there, and there is no shard. */
const asOf = (target: string, output: string, { shard: _, complete: __, ...settings }: RunSettings): RunSettings => ({
  ...settings,
  photos: relative(target, resolve(output, settings.photos)).split(sep).join('/') || '.',
});

/** A run to be merged. */
interface Part {
  readonly output: string;
  readonly settings: RunSettings;
}

/** @throws UsageError `no-run`. */
const partOf = (output: string): Part => {
  const settings = readSettings(output);
  if (settings === undefined) throw new UsageError('no-run', `${output} holds no results of a run.`);
  return { output, settings };
};

/** The settings that all runs share, as the target folder's own. @throws UsageError `other-run`. */
const sharedSettings = ([first, ...others]: readonly Part[], target: string): RunSettings => {
  let shared = asOf(target, first.output, first.settings);
  for (const { output, settings } of others) {
    const differ = differences(shared, asOf(target, output, settings));
    if (differ.length > 0) {
      const message = `Only runs of one kind can be merged: ${first.output} has ${differ.join('; ')} as in ${output}.`;
      throw new UsageError('other-run', message);
    }
    // A run of an earlier version does not say which weights it had; the others must still agree.
    const { weights } = settings.model;
    if (weights !== undefined) shared = { ...shared, model: { ...shared.model, weights } };
  }
  return shared;
};

/** Shards that no run did. */
const missingShards = (parts: readonly Part[]): readonly string[] => {
  const shards = new Set(parts.flatMap(({ settings }) => settings.shard ?? []));
  const counts = new Set([...shards].map((shard) => Number(shard.split('/')[1])));
  return [...counts].flatMap((count) =>
    Array.from({ length: count }, (_, i) => `${i + 1}/${count}`).filter((shard) => !shards.has(shard)),
  );
};

/** The same file in another folder: linked, or copied where the disk is another. */
const take = (output: string, target: string, name: string): void => {
  const [from, to] = [join(output, name), join(target, name)];
  if (!existsSync(pathOf(from))) {
    const message = `The picture ${from} is gone, which the run's manifest names; run it again, and merge then.`;
    throw new UsageError('damaged-run', message);
  }
  // There already, from a merge that was interrupted.
  if (isSameFile(from, to)) return;
  const temporary = temporaryIn(target);
  try {
    try {
      linkSync(pathOf(from), temporary);
    } catch {
      // A disk that does not link, or another one.
      copyFileSync(pathOf(from), temporary);
    }
    putInPlace(target, temporary, name);
  } catch (error) {
    throw writeError(target, error);
  }
};

const takeFinished = async (
  output: string,
  { target, signal }: MergePlan,
  taken: NameSet,
  manifest: ManifestWriter,
): Promise<void> => {
  for await (const line of pacedLines(output, signal)) {
    const found = scan(line);
    if (!found?.finished || !taken.add(found.photo)) continue;
    for (const file of found.files) take(output, target, file);
    manifest.append(line);
  }
};

/** Failures of photos that no run finished. @returns their number. */
const takeFailed = async (
  output: string,
  { signal }: MergePlan,
  taken: NameSet,
  manifest: ManifestWriter,
): Promise<number> => {
  let failed = 0;
  for await (const line of pacedLines(output, signal)) {
    const found = scan(line);
    if (found === undefined || found.finished || !taken.add(found.photo)) continue;
    manifest.append(line);
    failed++;
  }
  return failed;
};

/**
 * Joins the manifests and pictures of several runs, such as the shards of one, into a folder that is as of one run.
 * A photo that several of them finished is taken from the first.
 * @throws UsageError where one is no run, they are of different kinds, or the target cannot be written.
 */
export const mergeRuns = async (plan: MergePlan): Promise<MergeCounts> => {
  const { outputs, target, overwrite, signal } = plan;
  const parts = outputs.map(partOf);
  const settings = sharedSettings(parts, target);
  if (!overwrite && hasFinished(target)) continuesRun(target, settings);
  openOutput(target);
  try {
    if (overwrite) removeRun(target);
    const taken = overwrite ? nameSet() : await finishedPhotos(target, signal);
    await writeSettings(target, settings);
    const manifest = openManifest(target);
    try {
      for (const output of outputs) await takeFinished(output, plan, taken, manifest);
      const photos = taken.size();
      let failed = 0;
      for (const output of outputs) failed += await takeFailed(output, plan, taken, manifest);
      const missing = missingShards(parts);
      const incomplete = parts.filter(({ settings }) => settings.complete !== true).map(({ output }) => output);
      if (missing.length + incomplete.length === 0 && !signal.aborted) {
        await writeSettings(target, { ...settings, complete: true });
      }
      return { photos, failed, missing, incomplete };
    } finally {
      manifest.close();
    }
  } finally {
    closeOutput(target);
  }
};

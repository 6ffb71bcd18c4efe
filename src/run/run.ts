import { setImmediate } from 'node:timers/promises';
import { fromText, type ManifestLine, toText } from '../results/line.js';
import { openManifest } from '../results/manifest.js';
import { continuesRun, type RunIdentity, settingsOf, writeSettings } from '../results/settings.js';
import { closeOutput, openOutput } from '../stores/folder.js';
import { type NameSet, nameSet } from './name-set.js';
import { finishedPhotos, hasFinished, removeRun } from './resume.js';
import { isInShard } from './shard.js';
import { type Discovery, nameBelow } from './sources/files.js';
import { count, type Tally } from './tally.js';
import type { LostTask } from './workers/policy.js';
import { isLost, type Pool } from './workers/pool.js';
import type { HandedOver, PhotoResult, PhotoTask } from './workers/worker.js';

export interface RunPlan extends RunIdentity {
  readonly pool: Pool<HandedOver, PhotoTask, PhotoResult>;
  /** Lists them in the order in which they are begun, while the first are worked on; ends when the signal is aborted. */
  readonly photos: (signal: AbortSignal) => Iterable<Discovery> | AsyncIterable<Discovery>;
  /** Do again what is done; and replace a run with other settings. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Resolves when what was said of earlier photos has been taken: no photo is begun before. */
  readonly ready: () => Promise<void>;
  /** Called when a photo's pictures and line are written. */
  readonly onLine: (line: ManifestLine, shown: string) => void;
  /** Counted up as photos are finished. */
  readonly tally: Tally;
}

/** An earlier run's finished photos in the output folder, after it has been made ready for this one. */
const openRun = async ({ output, overwrite, signal, ...plan }: RunPlan): Promise<NameSet> => {
  const settings = settingsOf({ output, ...plan });
  if (overwrite) {
    openOutput(output);
    removeRun(output);
  } else {
    // A run that explained nothing stands in nobody's way.
    if (hasFinished(output)) continuesRun(output, settings);
    openOutput(output);
  }
  const finished = await finishedPhotos(output, signal);
  await writeSettings(output, settings);
  return finished;
};

const lostLine = (photo: string, { lost, how }: LostTask): ManifestLine => {
  const message =
    lost === 'timeout'
      ? `The photo took longer than ${how}, twice; give it more with --timeout.`
      : `The process that worked on the photo ended (${how}), twice; the photo may be damaged, or too large for the memory.`;
  return { photo, error: { code: lost, message } };
};

/**
 * Explains photos into the output folder, as many at a time as the pool takes, beside what an earlier run finished
 * there. A photo that fails costs no other.
 * @throws UsageError where the output folder cannot be written or holds another run.
 */
export const runPhotos = async (plan: RunPlan): Promise<void> => {
  const { pool, photos, folder, output, shard, signal, onLine, tally } = plan;
  const finished = await openRun(plan);
  const manifest = openManifest(output);
  // A photo that is given twice is done once.
  const begun = nameSet();
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const record = (text: string, shown: string) => {
    // After a failed write nothing may follow a line that is torn.
    if (stop.signal.aborted) return;
    try {
      manifest.append(text);
    } catch (error) {
      stop.abort(error);
      return;
    }
    const line = fromText(text);
    count(tally, line);
    onLine(line, shown);
  };
  const explain = async (task: PhotoTask, shown: string) => {
    const result = await pool.run(task);
    record(isLost(result) ? toText(lostLine(task.photo, result)) : result.line, shown);
  };
  const beginAll = async () => {
    for await (const { file, shown, problem } of photos(ended)) {
      if (ended.aborted) break;
      const photo = nameBelow(folder, file);
      if ((shard !== undefined && !isInShard(photo, shard)) || !begun.add(photo)) continue;
      if (finished.has(photo)) {
        // A long way through finished photos leaves the program able to listen.
        if (++tally.skipped % 1000 === 0) await setImmediate();
        continue;
      }
      tally.start ??= performance.now();
      if (problem !== undefined) {
        record(toText({ photo, error: problem }), shown);
      } else {
        const work = explain({ photo, file }, shown)
          .catch((error: unknown) => stop.abort(error))
          .finally(() => underWay.delete(work));
        underWay.add(work);
        await pool.capacity();
        await plan.ready();
      }
    }
  };
  try {
    // What is under way is finished and recorded, whatever ends the list.
    await beginAll().finally(() => Promise.all(underWay));
    if (stop.signal.aborted) throw stop.signal.reason;
    if (!signal.aborted) await writeSettings(output, { ...settingsOf(plan), complete: true });
  } finally {
    manifest.close();
    closeOutput(output);
  }
};

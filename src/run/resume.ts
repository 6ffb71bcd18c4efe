import { scan } from '../results/line.js';
import { isTorn, MANIFEST, wholeLines } from '../results/manifest.js';
import type { Store } from '../stores/store.js';
import { type NameSet, nameSet } from './name-set.js';

const hasAll = async (store: Store, files: readonly string[]): Promise<boolean> => {
  for (const file of files) if (!(await store.has(file))) return false;
  return true;
};

/**
 * Names of the photos that an earlier run finished and whose pictures are still there. Other lines, of failed photos or
 * torn, are removed from the manifest, so that this run does those photos again. Where the signal is aborted, returns
 * some of the names and leaves the manifest as it is.
 */
export const finishedPhotos = async (store: Store, signal: AbortSignal): Promise<NameSet> => {
  const finished = nameSet();
  const dropped = new Set<number>();
  let count = 0;
  for await (const line of wholeLines(store, signal)) {
    const found = scan(line);
    const isWhole = found?.finished && (await hasAll(store, found.files));
    if (!isWhole || !finished.add(found.photo)) dropped.add(count);
    count++;
  }
  if (signal.aborted) return finished;
  if (dropped.size > 0 || (await isTorn(store))) await store.putLines(MANIFEST, kept(store, dropped));
  return finished;
};

async function* kept(store: Store, dropped: ReadonlySet<number>): AsyncGenerator<string> {
  let index = 0;
  for await (const line of wholeLines(store)) if (!dropped.has(index++)) yield line;
}

/** Whether an earlier run explained any photo into this store. */
export const hasFinished = async (store: Store): Promise<boolean> => {
  for await (const line of wholeLines(store)) if (scan(line)?.finished) return true;
  return false;
};

/** Removes the lines and pictures of an earlier run. */
export const removeRun = async (store: Store): Promise<void> => {
  for await (const line of wholeLines(store)) {
    for (const file of scan(line)?.files ?? []) await store.remove(file);
  }
  await store.remove(MANIFEST);
};

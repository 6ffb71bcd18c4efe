import { UsageError } from '../errors.js';
import type { Store } from '../stores/store.js';
import { versionOf } from './line.js';
import { MANIFEST, storedLines } from './manifest.js';
import { scan } from './scan.js';
import { readSettings, SETTINGS } from './settings.js';

const foreign = (store: Store, name: string, found: string, cause?: unknown): UsageError => {
  const message = `${name} in ${store.place} is ${found}; move it away, or choose another --output.`;
  return new UsageError('foreign-file', message, cause);
};

/** Whether the manifest begins with a line of a run. One of a later version is refused where it is read. */
const beginsAsOurs = async (store: Store): Promise<boolean> => {
  if ((await store.sizeOf(MANIFEST)) === 0) return true;
  for await (const { text } of storedLines(store)) return versionOf(text) > 0 || scan(text) !== undefined;
  return false;
};

/** Checks that run.json and manifest.jsonl are files, wherever they exist. @throws UsageError `foreign-file`. */
export const requireFiles = async (store: Store): Promise<void> => {
  for (const name of [SETTINGS, MANIFEST]) {
    const isTaken = (await store.has(name)) && (await store.sizeOf(name)) === undefined;
    if (isTaken) throw foreign(store, name, "a folder, a link or a pipe, and none of gapcam's");
  }
};

/**
 * Checks that run.json and manifest.jsonl, which a run replaces, are a run's own wherever they exist. Writes nothing.
 * @throws UsageError `foreign-file`, `later-run`.
 */
export const requireOwn = async (store: Store): Promise<void> => {
  await requireFiles(store);
  const settings = await readSettings(store).catch((error: unknown) => {
    throw foreign(store, SETTINGS, "none of gapcam's, or damaged", error);
  });
  if (settings !== undefined || !(await store.has(MANIFEST)) || (await beginsAsOurs(store))) return;
  throw foreign(store, MANIFEST, "none of gapcam's");
};

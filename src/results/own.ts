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

/** Waits for all. Where several fail, the first of the list says why. */
const inOrder = async <T extends readonly Promise<unknown>[]>(works: readonly [...T]) => {
  await Promise.allSettled(works);
  return Promise.all(works);
};

/** Whether the manifest begins with a line of a run. One of a later version is refused where it is read. */
const beginsAsOurs = async (store: Store): Promise<boolean> => {
  if ((await store.sizeOf(MANIFEST)) === 0) return true;
  for await (const { text } of storedLines(store)) return versionOf(text) > 0 || scan(text) !== undefined;
  return false;
};

/** Checks that run.json and manifest.jsonl are files, wherever they exist. @throws UsageError `foreign-file`. */
export const requireFiles = async (store: Store): Promise<void> => {
  const isTaken = async (name: string) => (await store.has(name)) && (await store.sizeOf(name)) === undefined;
  const names = [SETTINGS, MANIFEST];
  const taken = (await Promise.all(names.map(isTaken))).indexOf(true);
  if (taken >= 0) throw foreign(store, names[taken], "a folder, a link or a pipe, and none of gapcam's");
};

/**
 * Checks that run.json and manifest.jsonl, which a run replaces, are a run's own wherever they exist. Writes nothing.
 * @throws UsageError `foreign-file`, `later-run`.
 */
export const requireOwn = async (store: Store): Promise<void> => {
  // All at once: in a bucket each takes as long as to write a picture.
  const [, settings, hasManifest] = await inOrder([
    requireFiles(store),
    readSettings(store).catch((error: unknown) => {
      throw foreign(store, SETTINGS, "none of gapcam's, or damaged", error);
    }),
    store.has(MANIFEST),
  ]);
  if (settings !== undefined || !hasManifest || (await beginsAsOurs(store))) return;
  throw foreign(store, MANIFEST, "none of gapcam's");
};

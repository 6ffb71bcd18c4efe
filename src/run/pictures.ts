import { posix } from 'node:path';
import { MANIFEST, scanLine, storedLines } from '../results/manifest.js';
import { SETTINGS } from '../results/settings.js';
import type { Store } from '../stores/store.js';

/** Whether all pictures are there. A picture is a regular file that is not empty. */
export const hasAll = async (store: Store, files: readonly string[]): Promise<boolean> => {
  for (const file of files) if (!(await store.sizeOf(file))) return false;
  return true;
};

/** Whether a name in a line can be a picture's. A damaged line may name any file, the run's own too. */
export const isPictureName = (name: string): boolean => {
  const [first, ...below] = posix.normalize(name).toLowerCase().split('/');
  return first !== '.gapcam' && (below.length > 0 || ![MANIFEST, SETTINGS].includes(first));
};

/** Removes pictures that a line names, where they are regular files of the store. */
export const removePictures = async (store: Store, files: readonly string[]): Promise<void> => {
  for (const file of files) {
    if (isPictureName(file) && (await store.sizeOf(file)) !== undefined) await store.remove(file);
  }
};

/** Removes the pictures that an earlier run's manifest names, and the manifest. */
export const removeRun = async (store: Store): Promise<void> => {
  for await (const line of storedLines(store)) await removePictures(store, scanLine(line)?.files ?? []);
  await store.remove(MANIFEST);
};

import { MANIFEST, scanLine, storedLines } from '../results/manifest.js';
import type { ScannedLine } from '../results/scan.js';
import { readSettings } from '../results/settings.js';
import { isPictureOf } from '../stores/picture-names.js';
import { sideBySide } from '../stores/side-by-side.js';
import type { Store } from '../stores/store.js';
import { removeTars } from './pack/mend.js';
import { placeOf } from './pack/names.js';

// Photos whose pictures are removed at once: a store may be far away.
const REMOVED_AT_ONCE = 16;

/** What a line says of its photo's pictures. A damaged or hostile line may name any file, also somebody's own. */
type Named = Pick<ScannedLine, 'photo' | 'files'>;

/** Whether the pictures of a packed photo are there: the tar is as long as they need. */
export const hasPacked = async (store: Store, found: Pick<ScannedLine, 'files' | 'packed'>): Promise<boolean> => {
  const place = placeOf(found);
  return place !== undefined && ((await store.sizeOf(place.tar)) ?? 0) >= place.at + place.size;
};

/** Whether all pictures are there, and all are the photo's. A picture is a regular file that is not empty. */
export const hasAll = async (
  store: Store,
  { photo, files, packed }: Named & Pick<ScannedLine, 'packed'>,
): Promise<boolean> => {
  if (packed !== undefined) return hasPacked(store, { files, packed });
  for (const file of files) if (!isPictureOf(photo, file) || !(await store.sizeOf(file))) return false;
  return true;
};

/**
 * Removes the photo's pictures that a line names, where they are regular files of the store. Leaves what else it names, and what
 * is packed: once no line names it, the tar is mended.
 */
export const removePictures = async (store: Store, { photo, files }: Named): Promise<void> => {
  for (const file of files) {
    if (isPictureOf(photo, file) && (await store.sizeOf(file)) !== undefined) await store.remove(file);
  }
};

/**
 * Removes the pictures that an earlier run's manifest names, and then the manifest. Stops when the signal is aborted: what is left
 * is that run still, so its run.json must stay.
 */
export const removeRun = async (store: Store, signal: AbortSignal): Promise<void> => {
  const removing = sideBySide(REMOVED_AT_ONCE);
  try {
    for await (const line of storedLines(store, signal)) {
      const found = scanLine(line);
      if (found !== undefined) await removing.begin(() => removePictures(store, found));
    }
  } finally {
    await removing.settled();
  }
  removing.check();
  if (signal.aborted) return;
  const ids = (await readSettings(store))?.packs;
  if (ids !== undefined) await removeTars(store, ids);
  await store.remove(MANIFEST);
};

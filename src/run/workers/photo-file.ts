import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isKnownError, PhotoError, reasonOf, systemCode, UsageError } from '../../errors.js';
import { type Explainer, explainPhoto, type Picture } from '../../explain.js';
import type { ManifestLine } from '../../results/line.js';
import { whenFilesAreFree } from '../../stores/crowded.js';
import { isOfItsName } from '../../stores/folder/errors.js';
import { pathOf } from '../../stores/paths.js';
import { pictureName } from '../../stores/picture-names.js';
import type { Store } from '../../stores/store.js';

// Whatever is larger holds something else than a photo, or more pixels than are read.
const MAX_BYTES = 2 ** 30;

/** A pipe or a device would keep whoever opens it waiting for ever. */
const OPEN_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const readOpen = async (handle: FileHandle): Promise<Uint8Array> => {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new PhotoError('not-a-file', 'This is no file, but a folder, a pipe or a device.');
  if (stats.size > MAX_BYTES) throw new PhotoError('too-large', 'The file is larger than 1 GiB, which is no photo.');
  return handle.readFile();
};

const readPhoto = async (file: string): Promise<Uint8Array> => {
  try {
    const handle = await whenFilesAreFree(() => open(pathOf(file), OPEN_AT_ONCE));
    try {
      return await readOpen(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof PhotoError) throw error;
    if (systemCode(error) === 'ENOENT') throw new PhotoError('missing', 'The file is gone.', error);
    throw new PhotoError('unreadable', `The file cannot be read (${reasonOf(error)}).`, error);
  }
};

/**
 * Explains one photo's file into the store of the results.
 * @param photo its name in the results.
 * @param file its absolute path.
 * @returns its line of the manifest, which says so where the photo failed.
 * @throws UsageError `output-unwritable`.
 */
export const explainFile = async (
  explainer: Explainer,
  store: Store,
  photo: string,
  file: string,
): Promise<ManifestLine> => {
  const start = performance.now();
  try {
    const { pictures, maps, ...rest } = await explainPhoto(explainer, await readPhoto(file));
    const named: { readonly picture: Picture; readonly name: string }[] = [];
    for (const picture of pictures) {
      const name = pictureName(photo, picture);
      await store.put(name, picture.bytes).catch((error: unknown) => {
        throw isOfItsName(error) ? new PhotoError('name-unwritable', `No file can be called ${name}.`, error) : error;
      });
      named.push({ picture, name });
    }
    const filesOf = (index: number | undefined) =>
      named.filter(({ picture }) => picture.class === index).map(({ name }) => name);
    return {
      photo,
      ...rest,
      maps: maps.map((map) => ({ ...map, files: filesOf(map.class) })),
      files: filesOf(undefined),
      milliseconds: Math.round(performance.now() - start),
    };
  } catch (error) {
    if (!isKnownError(error) || error instanceof UsageError) throw error;
    return { photo, error: { code: error.code, message: error.message } };
  }
};

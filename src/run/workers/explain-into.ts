import { isKnownError, PhotoError, UsageError } from '../../errors.js';
import { type Explainer, explainPhoto, type Picture } from '../../explain.js';
import type { ManifestLine } from '../../results/line.js';
import { isOfItsName } from '../../stores/folder/errors.js';
import { pictureName } from '../../stores/picture-names.js';
import type { Store } from '../../stores/store.js';

/** The photo's error where its picture cannot be written under its name. */
const pictureError = (name: string, error: UsageError): PhotoError =>
  error.code === 'name-taken'
    ? new PhotoError(error.code, error.message, error)
    : new PhotoError('name-unwritable', `No file can be called ${name}.`, error);

/**
 * Explains one photo and writes its pictures into the store.
 * @param photo its name in the results.
 * @param read reads its file. Rejects with a PhotoError where that fails.
 * @returns its line of the manifest, which holds the error where the photo failed.
 * @throws UsageError `output-unwritable`.
 */
export const explainInto = async (
  explainer: Explainer,
  store: Store,
  photo: string,
  read: () => Promise<Uint8Array>,
): Promise<ManifestLine> => {
  const start = performance.now();
  try {
    const { pictures, maps, ...rest } = await explainPhoto(explainer, await read());
    const named: { readonly picture: Picture; readonly name: string }[] = [];
    for (const picture of pictures) {
      const name = pictureName(photo, picture);
      await store.create(name, picture.bytes).catch((error: unknown) => {
        throw isOfItsName(error) ? pictureError(name, error) : error;
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

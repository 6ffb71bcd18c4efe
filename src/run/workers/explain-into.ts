import { isKnownError, PhotoError, UsageError } from '../../errors.js';
import { type Explainer, explainPhoto, type Picture } from '../../explain.js';
import type { FileState, ManifestLine } from '../../results/line.js';
import { isOfItsName } from '../../stores/folder/errors.js';
import { pictureName } from '../../stores/picture-names.js';
import type { Store } from '../../stores/store.js';
import type { KnownEntry } from '../../truth/entry.js';
import { classesIn, truthRecord } from '../../truth/record.js';
import type { PhotoFile } from '../sources/source.js';

/** The photo's error where its picture cannot be written under its name. */
const pictureError = (name: string, error: UsageError): PhotoError =>
  error.code === 'name-taken'
    ? new PhotoError(error.code, error.message, error)
    : new PhotoError('name-unwritable', `No file can be called ${name}.`, error);

export interface NamedPicture {
  readonly picture: Picture;
  readonly name: string;
}

/** Writes a photo's pictures: one after the other, or all at once where each takes long. @throws PhotoError, UsageError. */
const writeAll = async (
  store: Store,
  named: readonly NamedPicture[],
  onlyWrites: ((bytes: number) => void) | undefined,
): Promise<void> => {
  const write = ({ picture, name }: NamedPicture): Promise<void> =>
    store.create(name, picture.bytes).catch((error: unknown) => {
      throw isOfItsName(error) ? pictureError(name, error) : error;
    });
  if (onlyWrites === undefined) {
    for (const one of named) await write(one);
    return;
  }
  if (named.length > 0) onlyWrites(named.reduce((sum, { picture }) => sum + picture.bytes.length, 0));
  await Promise.all(named.map(write));
};

/** Names a photo's pictures, and keeps them. @param classes of its maps, in their order. */
type Keep = (
  pictures: readonly Picture[],
  classes: readonly number[],
) => readonly NamedPicture[] | Promise<readonly NamedPicture[]>;

/** A photo to be explained. */
export interface PhotoRequest {
  /** Its name in the results. */
  readonly photo: string;
  /** What a truth says of it. Null: nothing. Undefined: no truth is given. */
  readonly truth?: KnownEntry | null | undefined;
  /** Reads its file. Rejects with a PhotoError where that fails. */
  readonly read: () => Promise<PhotoFile>;
}

/**
 * Explains one photo.
 * @returns its line of the manifest, which holds the error where the photo failed.
 * @throws UsageError as `keep`.
 */
export const explained = async (
  explainer: Explainer,
  { photo, truth, read }: PhotoRequest,
  keep: Keep,
): Promise<ManifestLine> => {
  const start = performance.now();
  let source: FileState | undefined;
  try {
    const { bytes, state } = await read();
    source = state;
    const { pictures, maps, ...rest } = await explainPhoto(explainer, bytes, truth ? classesIn(truth) : []);
    const said = truth && (await truthRecord(truth, { photo, ...rest }));
    const named = await keep(
      pictures,
      maps.map((map) => map.class),
    );
    const filesOf = (index: number | undefined) =>
      named.filter(({ picture }) => picture.class === index).map(({ name }) => name);
    return {
      photo,
      source,
      explained: Date.now(),
      ...rest,
      truth: said,
      maps: maps.map((map) => ({ ...map, files: filesOf(map.class) })),
      files: filesOf(undefined),
      milliseconds: Math.round(performance.now() - start),
    };
  } catch (error) {
    if (!isKnownError(error) || error instanceof UsageError) throw error;
    return { photo, source, explained: Date.now(), error: { code: error.code, message: error.message } };
  }
};

/**
 * Explains one photo and writes its pictures into the store.
 * @param onlyWrites for a store that is far away: called with the pictures' bytes, when they alone are left to be written.
 * @returns as `explained`.
 * @throws UsageError `output-unwritable`.
 */
export const explainInto = (
  explainer: Explainer,
  store: Store,
  request: PhotoRequest,
  onlyWrites?: (bytes: number) => void,
): Promise<ManifestLine> =>
  explained(explainer, request, async (pictures) => {
    const named = pictures.map((picture) => ({ picture, name: pictureName(request.photo, picture) }));
    await writeAll(store, named, onlyWrites);
    return named;
  });

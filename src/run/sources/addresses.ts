import { join } from 'node:path';
import { archiveKindOf } from './archives/endings.js';
import { archiveAddress, archives, readInArchive, stateInArchive } from './archives/index.js';
import { statOf } from './arguments.js';
import { fileOf } from './names.js';
import type { Discovery, Source } from './source.js';
import { storageOf } from './storage/index.js';
import type { Found } from './storage/storage.js';

/** Photos in files of their own and in archives, by their names and addresses. A photo's address is its file's, or a place in an archive. */

/** The photo of a found file. */
export const photoIn = (folder: string, { address, archive: _, ...rest }: Found): Discovery => ({
  photo: storageOf(address).nameOf(folder, address),
  address,
  ...rest,
});

/** The photos of a found archive. @param column that holds photos, of tables. */
export async function* photosInArchive(
  folder: string,
  { address: file, archive = '', ...rest }: Found,
  column: string | undefined,
): AsyncGenerator<Discovery> {
  const photo = storageOf(file).nameOf(folder, file);
  for await (const { path, place, problem, state } of archives[archive].list(file, column)) {
    const [name, displayPath] =
      path === '' ? [photo, rest.displayPath] : [`${photo}/${path}`, join(rest.displayPath, path)];
    yield { photo: name, address: archiveAddress(archive, place), displayPath, problem, state };
  }
}

/** The archive that a path leads into, and the path in it. Undefined: it leads into none. */
const splitAtArchive = (
  path: string,
): { readonly kind: string; readonly file: string; readonly inside: string } | undefined => {
  for (const { 0: ending, index } of path.matchAll(/\.[a-z]+(?=\/|$)/gi)) {
    const file = path.slice(0, index + ending.length);
    const kind = archiveKindOf(file);
    if (kind !== undefined && statOf(file)?.isFile()) return { kind, file, inside: path.slice(file.length + 1) };
  }
  return undefined;
};

/** The address of a photo of this name. */
export const addressBelow = (folder: string, photo: string, column: string | undefined): string | Promise<string> => {
  const path = fileOf(folder, photo);
  const found = splitAtArchive(path);
  if (found === undefined) return path;
  const place = archives[found.kind].placeOf(found.file, found.inside, column);
  return typeof place === 'string'
    ? archiveAddress(found.kind, place)
    : place.then((found_) => archiveAddress(found.kind, found_));
};

export const readAt: Source['read'] = (address) => readInArchive(address) ?? storageOf(address).read(address);

export const stateAt: Source['stateOf'] = (address) => {
  const inArchive = stateInArchive(address);
  return inArchive === undefined ? storageOf(address).stateOf(address) : inArchive.state;
};

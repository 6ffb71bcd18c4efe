import { join } from 'node:path';
import { archiveKindOf } from './archives/endings.js';
import { archiveAddress, archives, readInArchive, stateInArchive } from './archives/index.js';
import { statOf } from './arguments.js';
import type { Found } from './discover.js';
import { stateOfFile } from './file-state.js';
import { fileOf, nameBelow } from './names.js';
import { readPhoto } from './read-photo.js';
import type { Discovery, Source } from './source.js';

/** Photos of this machine, in files of their own and in archives, by their names below a folder. An address is a file's path, or a
 * place in an archive. */

/** The photo of a found file, or the photos of a found archive. @param column that holds photos, of tables. */
export async function* discoveriesIn(
  folder: string,
  found: Found,
  column: string | undefined,
): AsyncGenerator<Discovery> {
  const { file, archive, ...rest } = found;
  const photo = nameBelow(folder, file);
  if (archive === undefined) {
    yield { photo, address: file, ...rest };
    return;
  }
  for await (const { path, place, problem } of archives[archive].list(file, column)) {
    const [name, displayPath] =
      path === '' ? [photo, rest.displayPath] : [`${photo}/${path}`, join(rest.displayPath, path)];
    yield { photo: name, address: archiveAddress(archive, place), displayPath, problem };
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
export const addressBelow = (folder: string, photo: string, column: string | undefined): string => {
  const path = fileOf(folder, photo);
  const found = splitAtArchive(path);
  if (found === undefined) return path;
  return archiveAddress(found.kind, archives[found.kind].placeOf(found.file, found.inside, column));
};

export const readAt: Source['read'] = (address) => readInArchive(address) ?? readPhoto(address);

export const stateAt: Source['stateOf'] = (address) => {
  const inArchive = stateInArchive(address);
  return inArchive === undefined ? stateOfFile(address) : inArchive.state;
};

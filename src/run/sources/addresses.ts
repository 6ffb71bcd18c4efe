import { below, isRemote } from '../../stores/places.js';
import { archiveKindOf } from './archives/endings.js';
import { archiveAddress, archives, fileIn, readInArchive, stateInArchive } from './archives/index.js';
import { fileOf } from './names.js';
import type { Discovery, Source } from './source.js';
import { storageOf } from './storage/index.js';
import type { Found, Input, Search } from './storage/storage.js';

/** Photos in files of their own and in archives, by their names and addresses. A photo's address is its file's, or a place in an archive. */

const nameOf = (folder: string, { address, photo }: Found): string =>
  photo ?? storageOf(address).nameOf(folder, address);

/** The photo of a found file. */
const photoIn = (folder: string, found: Found): Discovery => {
  const { archive: _, ...rest } = found;
  return { ...rest, photo: nameOf(folder, found) };
};

/** The photos of a found archive. @param column that holds photos, of tables. */
async function* photosInArchive(folder: string, found: Found, column: string | undefined): AsyncGenerator<Discovery> {
  const { address: file, archive = '', displayPath: shown } = found;
  const photo = nameOf(folder, found);
  const list = archives[archive].list(file, column);
  for await (const { path, place, problem, state, bytes } of list) {
    const [name, displayPath] = path === '' ? [photo, shown] : [`${photo}/${path}`, below(shown, path)];
    yield { photo: name, address: archiveAddress(archive, place), displayPath, problem, state, bytes };
  }
}

/** The photos that a word of the command names. @param column that holds photos, of tables. */
export async function* photosOf(
  input: Input,
  search: Search,
  folder: string,
  column: string | undefined,
): AsyncGenerator<Discovery> {
  for await (const found of input.find(search)) {
    if (found.archive === undefined) yield photoIn(folder, found);
    else yield* photosInArchive(folder, found, column);
  }
}

/**
 * A photo by the address of its file, or of its path through an archive: its name and the address to read it by.
 * @param column that holds photos, of tables.
 */
export const photoThrough = async (
  folder: string,
  found: Found,
  column: string | undefined,
): Promise<Pick<Discovery, 'photo' | 'address'>> => {
  const { address, problem } = found;
  const { archivesIn, stateOf, nameOf: named } = storageOf(address);
  for (const { kind, file, inside } of problem === undefined ? archivesIn(address) : []) {
    if ((await stateOf(file)) === undefined) continue;
    const photo = inside === '' ? named(folder, file) : `${named(folder, file)}/${inside}`;
    return { photo, address: archiveAddress(kind, await archives[kind].placeOf(file, inside, column)) };
  }
  return { photo: nameOf(folder, found), address };
};

/** The address of a photo of this name. Undefined: to know it would take a request. @see Listing.addressOf */
export const addressBelow = async (
  folder: string,
  photo: string,
  column: string | undefined,
): Promise<string | undefined> => {
  if (!isRemote(photo)) {
    const file = fileOf(folder, photo);
    return (await photoThrough(folder, { address: file, displayPath: file }, column)).address;
  }
  const kind = archiveKindOf(photo);
  return kind && archiveAddress(kind, await archives[kind].placeOf(photo, '', column));
};

export const readAt: Source['read'] = (address) => readInArchive(address) ?? storageOf(address).read(address);

export const stateAt: Source['stateOf'] = (address) => {
  const inArchive = stateInArchive(address);
  return inArchive === undefined ? storageOf(address).stateOf(address) : inArchive.state;
};

export const isFarAt = (address: string): boolean => storageOf(fileIn(address)).isFar;

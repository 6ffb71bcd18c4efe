import type { FileState } from '../../../results/line.js';
import type { PhotoFile } from '../source.js';
import type { Archive } from './archive.js';
import { parquet } from './parquet.js';
import { tar } from './tar.js';

/** Kinds of archives by name. `archiveEndings` has the endings of their files. */
export const archives: Record<string, Archive> = { tar, parquet };

/** The address of a photo in an archive. No path of a file begins like it, since those are absolute. */
export const archiveAddress = (kind: string, place: string): string => `${kind} ${place}`;

/** Undefined: the address is the path of a file. */
const inArchive = (address: string): { readonly archive: Archive; readonly place: string } | undefined => {
  const [, kind, place] = /^([a-z]+) (.*)$/s.exec(address) ?? [];
  return kind === undefined ? undefined : { archive: archives[kind], place };
};

/** Reads a photo in an archive. @returns undefined where the address is the path of a file. @see Archive.read */
export const readInArchive = (address: string): Promise<PhotoFile> | undefined => {
  const found = inArchive(address);
  return found?.archive.read(found.place);
};

/** @returns undefined where the address is the path of a file; else the state, or undefined, of the photo. @see Archive.stateOf */
export const stateInArchive = (
  address: string,
): { readonly state: FileState | undefined | Promise<FileState | undefined> } | undefined => {
  const found = inArchive(address);
  return found && { state: found.archive.stateOf(found.place) };
};

/** The address of the file that a photo lies in: its own, or an archive's. */
export const fileIn = (address: string): string => {
  const found = inArchive(address);
  return found === undefined ? address : found.archive.fileOf(found.place);
};

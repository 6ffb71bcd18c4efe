import { basename, extname } from 'node:path';
import type { Problem } from '../source.js';

/** Kinds of archives by the ending of their files. */
export const archiveEndings: Readonly<Record<string, string>> = { '.tar': 'tar', '.parquet': 'parquet' };

/** The kind of archive that a file is called like. */
export const archiveKindOf = (name: string): string | undefined => archiveEndings[extname(name).toLowerCase()];

// What unpacks each to what is read. A photo in the midst of a compressed stream cannot be read without all before it.
const unpackers: readonly (readonly [RegExp, string])[] = [
  [/(\.tar\.gz|\.tgz)$/i, 'gunzip'],
  [/(\.tar\.bz2|\.tbz2?)$/i, 'bunzip2'],
  [/(\.tar\.xz|\.txz)$/i, 'unxz'],
  [/(\.tar\.zst|\.tzst)$/i, 'unzstd'],
  [/\.zip$/i, 'unzip'],
];

/** Why an archive of this name is not read, with the way out. Undefined: it is called like no such archive. */
const notReadArchive = (name: string): string | undefined => {
  const command = unpackers.find(([ending]) => ending.test(name))?.[1];
  return (
    command &&
    `${basename(name)} is compressed, and photos are read from .tar and .parquet alone; unpack it first with ${command}.`
  );
};

/** What a file called like an archive is: one that is read, or one that is not. Undefined: it is called like none. */
export const archiveAt = (
  path: string,
): { readonly archive?: string; readonly problem?: Problem | undefined } | undefined => {
  const message = notReadArchive(path);
  if (message !== undefined) return { problem: { code: 'unreadable', message } };
  const archive = archiveKindOf(path);
  return archive === undefined ? undefined : { archive };
};

/** Whether a pattern asks for the ending of what it matches, as `*.tar` does and `*` does not. */
export const asksForEnding = (matches: ((path: string) => boolean) | undefined, path: string): boolean =>
  matches?.(path) === true && !matches(`${path}-`);

const beside = new RegExp(`(${Object.keys(archiveEndings).join('|').replaceAll('.', '\\.')})(?=/)`, 'gi');

/**
 * The name of a file that is addressed by an address. Where a folder is called like an archive, a slash more follows: so a file
 * below "x.tar/" has another name than one in the archive x.tar, since both may be there.
 */
export const nameBeside = (address: string): string => address.replace(beside, '$1/');

/** A path as one into an archive. */
export interface InArchive {
  readonly kind: string;
  /** The archive. */
  readonly file: string;
  /** What follows, without a slash before it. Empty: the archive itself. */
  readonly inside: string;
}

/** The archives that a path may lead into, by their endings. There need be none. */
export const archivesOn = (path: string): readonly InArchive[] =>
  [...path.matchAll(/\.[a-z]+(?=\/|$)/gi)].flatMap(({ 0: ending, index }) => {
    const file = path.slice(0, index + ending.length);
    const kind = archiveKindOf(file);
    return kind === undefined ? [] : [{ kind, file, inside: path.slice(file.length + 1) }];
  });

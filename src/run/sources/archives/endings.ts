import { basename, extname } from 'node:path';

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
export const notReadArchive = (name: string): string | undefined => {
  const command = unpackers.find(([ending]) => ending.test(name))?.[1];
  return (
    command &&
    `${basename(name)} is compressed, and photos are read from .tar and .parquet alone; unpack it first with ${command}.`
  );
};

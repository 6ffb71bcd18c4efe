import { constants, lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { systemCode } from '../../errors.js';
import { pathOf } from '../paths.js';

/**
 * What lies in an output folder itself. Names come from manifests, which anybody may have written, and links in the folder
 * may lead anywhere: neither reaches a file outside of it.
 */

/** Flags with which a last link is not followed, and a pipe is not waited for. Windows has neither. */
export const PLAIN = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What a path itself is, a link for instance. Undefined where there is nothing, or it cannot be looked at. */
export const entryAt = (path: string): Stats | undefined => {
  try {
    return lstatSync(pathOf(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

const realPath = (path: string): string => realpathSync(pathOf(path), { encoding: 'buffer' }).toString('latin1');

/** The real path of the deepest folder of a path that exists. */
const realFolder = (path: string): string => {
  try {
    return realPath(path);
  } catch (error) {
    // Where a file stands in a folder's place, making the folder says so.
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '') || dirname(path) === path) throw error;
    return realFolder(dirname(path));
  }
};

// A backslash is a letter of a name, but on Windows.
const separators = sep === '/' ? '/' : /[/\\]/;

const startsIn = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Names below a folder that may be read, written and removed. */
export interface Inside {
  /** Whether the name is a path below the folder, through no link that leads out of it. */
  readonly holds: (name: string) => boolean;
  /** The regular file of that name, or undefined where there is none. A link is none. */
  readonly fileAt: (name: string) => Stats | undefined;
}

/** @param output absolute path of the folder. It need not exist yet. */
export const insideOf = (output: string): Inside => {
  // Files come folder by folder, so the last answer is mostly the next one too.
  let last: { readonly folder: string; readonly holds: boolean } | undefined;
  const holdsFolder = (folder: string): boolean => {
    if (folder === output) return true;
    if (last?.folder !== folder) {
      // A folder that is not there yet may become a link later, so only what exists is remembered.
      const holds = startsIn(realFolder(folder), realFolder(output));
      if (entryAt(folder) === undefined) return holds;
      last = { folder, holds };
    }
    return last.holds;
  };
  const holds = (name: string): boolean =>
    !isAbsolute(name) && !name.split(separators).includes('..') && holdsFolder(dirname(join(output, name)));
  return {
    holds,
    fileAt: (name) => {
      const stats = entryAt(join(output, name));
      return stats?.isFile() && holds(name) ? stats : undefined;
    },
  };
};

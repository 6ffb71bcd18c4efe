import { type Stats, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { pathOf } from '../../stores/paths.js';
import type { InsideOutput } from './inside-output.js';

/** A parsed argument: a pattern, or the path of a file or folder. */
export interface Argument {
  readonly given: string;
  /** Absolute path: of the file or folder; of a pattern's part before its first wildcard. */
  readonly root: string;
  /** Set for patterns: whether a path below the root, with slashes, matches. */
  readonly matches?: (path: string) => boolean;
}

/** Follows links. @returns undefined where there is nothing, or the system refuses to look. */
export const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(pathOf(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** A word that names what exists is no pattern, whatever letters it has. */
export const argumentOf = (given: string): Argument => {
  const root = resolve(given);
  if (statOf(root) !== undefined) return { given, root };
  const { base, glob, isGlob } = picomatch.scan(given);
  if (!isGlob) return { given, root };
  return { given, root: resolve(base), matches: picomatch(glob) };
};

/** The folder that is searched for photos. Undefined: the argument names a file, or nothing. */
const searchedFolder = ({ root, matches }: Argument): string | undefined =>
  matches !== undefined || statOf(root)?.isDirectory() ? root : undefined;

/** Whether the argument would search the output folder or a part of it, and so find pictures of the run. */
export const searchesOutput = (argument: Argument, output: InsideOutput): boolean => {
  const folder = searchedFolder(argument);
  return folder !== undefined && output.nameOf(folder) !== undefined;
};

/** The deepest folder that holds every input. Results are laid out as the photos below it are. */
export const commonFolder = (inputs: readonly Argument[]): string =>
  inputs
    .map((input) => searchedFolder(input) ?? dirname(input.root))
    .reduce((common, folder) => {
      let shared = common;
      while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
        shared = dirname(shared);
      }
      return shared;
    });

/** Number of inputs where each is a file. Undefined: a folder or pattern may hold any number. */
export const fileCount = (inputs: readonly Argument[]): number | undefined =>
  inputs.every(({ root, matches }) => matches === undefined && statOf(root)?.isFile()) ? inputs.length : undefined;

import { type Stats, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { UsageError } from '../../errors.js';
import { pathOf } from '../../stores/paths.js';
import { isRemote } from '../../stores/places.js';
import { archiveKindOf } from './archives/endings.js';
import type { InsideOutput } from './inside-output.js';
import { patterns } from './patterns.js';

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

const range = /\{(\d+)\.\.(\d+)\}/;

// Words that one range may stand for. The shell's own limit is the length of a command.
const MOST_WORDS = 1_000_000;

/** Whether a word with a range of numbers stands for several. Of paths, archives do whose own name does not exist. */
const isSeveral = (word: string): boolean =>
  isRemote(word) || (archiveKindOf(word) !== undefined && statOf(resolve(word)) === undefined);

/**
 * The archives or addresses that a range of numbers stands for, as the shell has it: `a-{000..099}.tar`. Any other word is
 * returned alone. @throws UsageError `usage` where there are more than a million.
 */
export const expandRange = (given: string): readonly string[] => {
  const [words, first, last] = range.exec(given) ?? [];
  if (words === undefined || !isSeveral(given)) return [given];
  const [from, to] = [Number(first), Number(last)];
  const count = Math.abs(to - from) + 1;
  if (count > MOST_WORDS)
    throw new UsageError(
      'usage',
      `${given} stands for ${count} ${isRemote(given) ? 'addresses' : 'archives'}; name fewer at a time.`,
    );
  const step = Math.sign(to - from) || 1;
  const width = first.startsWith('0') || last.startsWith('0') ? Math.max(first.length, last.length) : 0;
  const numbers = Array.from({ length: count }, (_, index) => String(from + index * step).padStart(width, '0'));
  return numbers.flatMap((number) => expandRange(given.replace(words, number)));
};

/** A word that names what exists is no pattern, whatever letters it has. */
export const argumentOf = (given: string): Argument => {
  const root = resolve(given);
  if (statOf(root) !== undefined) return { given, root };
  const picomatch = patterns();
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

/** The folder that photos of an argument are named from where it is the only one. */
export const namingFolder = (input: Argument): string => searchedFolder(input) ?? dirname(input.root);

/** The deepest folder that holds all of these, of which there is at least one. */
export const commonFolder = (folders: readonly string[]): string =>
  folders.reduce((common, folder) => {
    let shared = common;
    while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
      shared = dirname(shared);
    }
    return shared;
  });

/** Whether an argument is one photo's file. A folder, pattern or archive may hold any number. */
export const isPhotoFile = ({ root, matches }: Argument): boolean =>
  matches === undefined && archiveKindOf(root) === undefined && statOf(root)?.isFile() === true;

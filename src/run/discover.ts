import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, parse, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { reasonOf } from '../errors.js';
import { photoFormats } from '../photo/decode.js';

/** A photo to explain, or an input that led to none. */
export interface Discovery {
  /** Absolute path. */
  readonly file: string;
  /** As the person would write it. */
  readonly shown: string;
  /** Set: why there is nothing to explain here. */
  readonly problem?: { readonly code: 'missing' | 'no-photos' | 'unreadable'; readonly message: string };
}

/** One argument, understood: a pattern, or a path that may be a file or a folder. */
interface Source {
  readonly given: string;
  readonly root: string;
  /** Set for patterns: whether a path below the root, with slashes, is meant. */
  readonly matches?: (path: string) => boolean;
}

const endings = new Set(Object.values(photoFormats).flat());
const isPhotoName = (name: string): boolean => endings.has(extname(name).toLowerCase());

const sourceOf = (given: string): Source => {
  const root = resolve(given);
  if (statSync(root, { throwIfNoEntry: false }) !== undefined) return { given, root };
  const { base, glob, isGlob } = picomatch.scan(given);
  if (!isGlob) return { given, root };
  return { given, root: resolve(base), matches: picomatch(glob) };
};

const folderOf = ({ root, matches }: Source): string =>
  matches !== undefined || statSync(root, { throwIfNoEntry: false })?.isDirectory() ? root : dirname(root);

/** The deepest folder that holds every input: results are laid out as the photos are below it. */
export const commonFolder = (inputs: readonly string[]): string =>
  inputs
    .map((input) => folderOf(sourceOf(input)))
    .reduce((common, folder) => {
      let shared = common;
      while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
        shared = dirname(shared);
      }
      return shared;
    });

/** A photo's name in the results: its path below the common folder, with slashes; "@" stands for anywhere else. */
export const nameBelow = (folder: string, file: string): string => {
  const path = relative(folder, file);
  const inside = path !== '..' && !path.startsWith(`..${sep}`) && parse(path).root === '';
  return (inside ? path : join('@', file.slice(parse(file).root.length))).split(sep).join('/');
};

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Files below a folder in the order of their names; hidden ones and the results' own folder left out. */
function* filesBelow(folder: string, skip: string, above: ReadonlySet<string> = new Set()): Generator<string> {
  const real = realpathSync(folder);
  // A link that leads back up would go round for ever.
  if (above.has(real)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || path === skip) continue;
    const kind = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
    if (kind?.isDirectory()) yield* filesBelow(path, skip, new Set([...above, real]));
    else if (kind?.isFile()) yield path;
  }
}

const slashes = (path: string): string => path.split(sep).join('/');

function* photosOf({ given, root, matches }: Source, skip: string): Generator<Discovery> {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats === undefined) {
    const message = matches ? `Nothing matches ${given}.` : `There is no file or folder ${given}.`;
    yield { file: root, shown: given, problem: { code: 'missing', message } };
    return;
  }
  if (!stats.isDirectory()) {
    yield { file: root, shown: given };
    return;
  }
  let found = false;
  try {
    for (const file of filesBelow(root, skip)) {
      if (!isPhotoName(file) || (matches && !matches(slashes(relative(root, file))))) continue;
      found = true;
      yield { file, shown: matches ? relative('', file) || file : join(given, relative(root, file)) };
    }
  } catch (error) {
    yield {
      file: root,
      shown: given,
      problem: { code: 'unreadable', message: `${given} cannot be read: ${reasonOf(error)}.` },
    };
    return;
  }
  if (!found) {
    const message = matches ? `No photo matches ${given}.` : `The folder ${given} holds no photos.`;
    yield { file: root, shown: given, problem: { code: 'no-photos', message } };
  }
}

/**
 * Photos of files, folders (with all that is below them) and patterns, in a stable order.
 * @param skip folder of the results, which may lie among the photos.
 */
export function* discover(inputs: Iterable<string>, skip: string): Generator<Discovery> {
  for (const input of inputs) yield* photosOf(sourceOf(input), skip);
}

import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
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

/** Whether a folder holds results of a run: its pictures are no photos. */
const isResults = (folder: string): boolean =>
  ['run.json', 'manifest.jsonl'].every((name) => existsSync(join(folder, name)));

const unreadable = (file: string, shown: string, error: unknown): Discovery => ({
  file,
  shown,
  problem: { code: 'unreadable', message: `The folder cannot be read (${reasonOf(error)}).` },
});

/** Files below a folder in the order of their names; hidden ones and results of runs left out. */
function* filesBelow(
  folder: string,
  shown: string,
  skip: string,
  above: ReadonlySet<string> = new Set(),
): Generator<Discovery> {
  let real: string;
  let entries: Dirent[];
  try {
    real = realpathSync(folder);
    entries = readdirSync(folder, { withFileTypes: true }).sort(byName);
  } catch (error) {
    yield unreadable(folder, shown, error);
    return;
  }
  // A link that leads back up would go round for ever.
  if (above.has(real) || real === skip) return;
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = join(folder, entry.name);
    const below = join(shown, entry.name);
    const kind = entry.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : entry;
    if (kind?.isFile()) yield { file, shown: below };
    else if (kind?.isDirectory() && !isResults(file)) yield* filesBelow(file, below, skip, new Set([...above, real]));
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
  const start = matches ? relative('', root) || '.' : given;
  for (const discovery of filesBelow(root, start, skip)) {
    const wanted = !matches || matches(slashes(relative(root, discovery.file)));
    if (discovery.problem === undefined && !(isPhotoName(discovery.file) && wanted)) continue;
    found = true;
    yield discovery;
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
  const real = existsSync(skip) ? realpathSync(skip) : skip;
  for (const input of inputs) yield* photosOf(sourceOf(input), real);
}

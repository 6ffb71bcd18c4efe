import { type Dir, type Dirent, existsSync, opendirSync, type Stats, statSync } from 'node:fs';
import { dirname, extname, join, parse, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { reasonOf, systemCode } from '../../errors.js';
import { photoFormats } from '../../image/formats.js';
import { pathOf, textOf } from '../../stores/paths.js';
import type { Discovery } from './source.js';

/** A photo that an argument names, or an argument that led to none. */
export interface Found extends Pick<Discovery, 'displayPath' | 'problem'> {
  /** Absolute path. */
  readonly file: string;
}

/** One argument, understood: a pattern, or a path that may be a file or a folder. */
interface Argument {
  readonly given: string;
  readonly root: string;
  /** Set for patterns: whether a path below the root, with slashes, is meant. */
  readonly matches?: (path: string) => boolean;
}

const endings = new Set(Object.values(photoFormats).flat());
const isPhotoName = (name: string): boolean => endings.has(extname(name).toLowerCase());

/** What a path leads to, links followed; undefined: nothing, or nothing that may be looked at. */
const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(pathOf(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** Why a path may not be looked at: a folder that is shut, a link that leads to itself, a name that is too long. */
const refusalOf = (path: string): string | undefined => {
  try {
    statSync(pathOf(path), { throwIfNoEntry: false });
    return undefined;
  } catch (error) {
    // Below a file there is nothing.
    return systemCode(error) === 'ENOTDIR' ? undefined : reasonOf(error);
  }
};

const understood = (given: string): Argument => {
  const root = resolve(given);
  if (statOf(root) !== undefined) return { given, root };
  const { base, glob, isGlob } = picomatch.scan(given);
  if (!isGlob) return { given, root };
  return { given, root: resolve(base), matches: picomatch(glob) };
};

const folderOf = ({ root, matches }: Argument): string =>
  matches !== undefined || statOf(root)?.isDirectory() ? root : dirname(root);

/** The deepest folder that holds every input: results are laid out as the photos are below it. */
export const commonFolder = (inputs: readonly string[]): string =>
  inputs
    .map((input) => folderOf(understood(input)))
    .reduce((common, folder) => {
      let shared = common;
      while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
        shared = dirname(shared);
      }
      return shared;
    });

/** How many photos the inputs are, where each is a file; undefined: folders or patterns, and so any number. */
export const fileCount = (inputs: readonly string[]): number | undefined =>
  inputs.every((input) => statOf(resolve(input))?.isFile()) ? inputs.length : undefined;

/** A photo's name in the results: its path below the common folder, with slashes; "@" stands for anywhere else. */
export const nameBelow = (folder: string, file: string): string => {
  const path = relative(folder, file);
  const inside = path !== '..' && !path.startsWith(`..${sep}`) && parse(path).root === '';
  return (inside ? path : join('@', file.slice(parse(file).root.length))).split(sep).join('/');
};

/** Whether a folder holds results of a run: its pictures are no photos. */
const isResults = (folder: string): boolean =>
  ['run.json', 'manifest.jsonl'].every((name) => existsSync(pathOf(join(folder, name))));

/** The same for all paths to one folder. */
const identityOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

// So many names are put in order before the first of them is worked on; a folder of millions is never held as a whole.
const SORTED = 10_000;

interface Entry {
  readonly name: string;
  readonly dirent: Dirent;
}

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

type Problem = NonNullable<Discovery['problem']>;

/** Entries of a folder; a problem where it cannot be read, or no further: disks and their networks fail. */
function* entriesOf(path: string): Generator<Entry | Problem> {
  let opened: Dir | undefined;
  let entries: Entry[] = [];
  try {
    opened = opendirSync(pathOf(path) as string, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
    // Asked for as bytes, which the types do not know.
    for (let dirent = opened.readSync(); dirent !== null; dirent = opened.readSync()) {
      const { name } = dirent as unknown as Dirent<Buffer>;
      entries.push({ name: textOf(name), dirent });
      if (entries.length === SORTED) {
        yield* entries.sort(byName);
        entries = [];
      }
    }
    yield* entries.sort(byName);
  } catch (error) {
    yield* entries.sort(byName);
    yield { code: 'unreadable', message: `The folder cannot be read (${reasonOf(error)}).` };
  } finally {
    opened?.closeSync();
  }
}

const noFile = (file: string, dirent: Dirent): Problem => {
  if (!dirent.isSymbolicLink()) return { code: 'not-a-file', message: 'This is no file, but a pipe or a device.' };
  const refusal = refusalOf(file);
  if (refusal === undefined) return { code: 'missing', message: 'The link leads to nothing.' };
  return { code: 'unreadable', message: `The link cannot be followed (${refusal}).` };
};

interface Folder {
  readonly path: string;
  readonly displayPath: string;
  /** Identities of this folder and those above it. */
  readonly above: ReadonlySet<string>;
}

/** Files below a folder, in the order of their names; hidden ones and results of runs left out. */
function* filesBelow({ path, displayPath, above }: Folder): Generator<Found> {
  for (const entry of entriesOf(path)) {
    if ('code' in entry) {
      yield { file: path, displayPath, problem: entry };
      continue;
    }
    const { name, dirent } = entry;
    if (name.startsWith('.')) continue;
    const file = join(path, name);
    const below = { file, displayPath: join(displayPath, name) };
    // A photo's own kind is looked at when it is read: one look less for each of a million.
    if (dirent.isFile()) yield below;
    else yield* notFile(below, dirent, above);
  }
}

/** What a link or a folder leads to; anything else that is called like a photo is said to be none. */
function* notFile(below: Found, dirent: Dirent, above: ReadonlySet<string>): Generator<Found> {
  const { file, displayPath } = below;
  const stats = statOf(file);
  if (stats?.isFile()) yield below;
  else if (stats?.isDirectory()) {
    const identity = identityOf(stats);
    // A link that leads back up would go round for ever.
    if (above.has(identity) || isResults(file)) return;
    const folder = { path: file, displayPath, above: new Set([...above, identity]) };
    if (isPhotoName(file)) yield* orProblem(filesBelow(folder), below, 'This is a folder, and holds no photos.');
    else yield* filesBelow(folder);
  } else if (isPhotoName(file)) yield { ...below, problem: noFile(file, dirent) };
}

/** The discoveries, or where there are none, a problem that says so. */
function* orProblem(discoveries: Iterable<Found>, at: Found, message: string): Generator<Found> {
  let found = false;
  for (const discovery of discoveries) {
    found ||= discovery.problem !== undefined || isPhotoName(discovery.file);
    yield discovery;
  }
  if (!found) yield { ...at, problem: { code: 'no-photos', message } };
}

const slashes = (path: string): string => path.split(sep).join('/');

function* wanted({ root, matches, given }: Argument, above: ReadonlySet<string>): Generator<Found> {
  const displayPath = matches ? relative('', root) || '.' : given;
  for (const discovery of filesBelow({ path: root, displayPath, above })) {
    const meant = isPhotoName(discovery.file) && (!matches || matches(slashes(relative(root, discovery.file))));
    if (discovery.problem?.code === 'unreadable' || meant) yield discovery;
  }
}

const nothingAt = ({ given, root, matches }: Argument): Problem => {
  const refusal = refusalOf(root);
  if (refusal !== undefined) return { code: 'unreadable', message: `${given} cannot be read (${refusal}).` };
  return { code: 'missing', message: matches ? `Nothing matches ${given}.` : `There is no file or folder ${given}.` };
};

function* photosOf(argument: Argument, skip: string): Generator<Found> {
  const { given, root, matches } = argument;
  const stats = statOf(root);
  const at = { file: root, displayPath: given };
  if (stats === undefined) {
    yield { ...at, problem: nothingAt(argument) };
  } else if (!stats.isDirectory()) {
    yield at;
  } else {
    const output = statOf(skip);
    const above = new Set([stats, ...(output === undefined ? [] : [output])].map(identityOf));
    const message = matches ? `No photo matches ${given}.` : `The folder ${given} holds no photos.`;
    yield* orProblem(wanted(argument, above), at, message);
  }
}

/**
 * Photos of files, folders (with all that is below them) and patterns, in a stable order, each found when it is asked for.
 * @param skip folder of the results, which may lie among the photos.
 */
export function* discover(inputs: Iterable<string>, skip: string): Generator<Found> {
  for (const input of inputs) yield* photosOf(understood(input), skip);
}

import { type Dir, type Dirent, existsSync, opendirSync, type Stats, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { reasonOf, systemCode } from '../../errors.js';
import { UNREAD_FORMAT } from '../../results/line.js';
import { pathOf, textOf } from '../../stores/paths.js';
import { archiveAt, asksForEnding } from './archives/endings.js';
import { type Argument, statOf } from './arguments.js';
import type { InsideOutput } from './inside-output.js';
import { isPhotoName, problemOfName } from './photo-endings.js';
import type { Problem } from './source.js';
import type { Found } from './storage/storage.js';

/** Why the system refuses to look at a path: a folder without permission, a link to itself, a name that is too long. */
const refusalOf = (path: string): string | undefined => {
  try {
    statSync(pathOf(path), { throwIfNoEntry: false });
    return undefined;
  } catch (error) {
    // ENOTDIR: a part of the path is a file, so nothing is there.
    return systemCode(error) === 'ENOTDIR' ? undefined : reasonOf(error);
  }
};

/** Whether a folder holds results of a run. Its pictures are not photos to explain. */
const isResults = (folder: string): boolean =>
  ['run.json', 'manifest.jsonl'].every((name) => existsSync(pathOf(join(folder, name))));

/** Identifies a folder. Equal for all paths to it. */
const identityOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

// Names that are sorted at a time. A folder of millions is never held in memory as a whole.
const SORTED = 10_000;

interface Entry {
  readonly name: string;
  readonly dirent: Dirent;
}

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Entries of a folder. Ends with a problem where the folder cannot be read, or a disk fails on the way. */
function* entriesOf(path: string): Generator<Entry | Problem> {
  let opened: Dir | undefined;
  let entries: Entry[] = [];
  try {
    opened = opendirSync(pathOf(path) as string, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
    // Node returns names as bytes for `buffer`, but its types do not declare it.
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
  /** Identities of this folder, those above it, and the output folder. */
  readonly above: ReadonlySet<string>;
  readonly output: InsideOutput;
}

/** Files below a folder, sorted by name, without hidden files and results of runs. */
function* filesBelow(folder: Folder): Generator<Found> {
  const { path, displayPath } = folder;
  for (const entry of entriesOf(path)) {
    if ('code' in entry) {
      yield { address: path, displayPath, problem: entry };
      continue;
    }
    const { name, dirent } = entry;
    if (name.startsWith('.')) continue;
    const file = join(path, name);
    const below = { address: file, displayPath: join(displayPath, name) };
    // Not checked further here: `readPhoto` checks it, and a million photos need one system call less each.
    if (dirent.isFile()) yield below;
    else yield* notFile(below, dirent, folder);
  }
}

/** Follows a link or a folder. Anything else with a photo's ending becomes a problem. */
function* notFile(below: Found, dirent: Dirent, { above, output }: Folder): Generator<Found> {
  const { address: file, displayPath } = below;
  const stats = statOf(file);
  const inOutput = dirent.isDirectory() ? undefined : output.nameOf(file);
  if (stats?.isFile()) yield { ...below, inOutput };
  else if (stats?.isDirectory()) {
    const identity = identityOf(stats);
    // A link to a folder above would lead to endless recursion, and one into the output folder to the run's own pictures.
    if (above.has(identity) || inOutput !== undefined || isResults(file)) return;
    const folder = { path: file, displayPath, above: new Set([...above, identity]), output };
    if (isPhotoName(file)) yield* orProblem(filesBelow(folder), below, () => 'This is a folder, and holds no photos.');
    else yield* filesBelow(folder);
  } else if (isPhotoName(file)) yield { ...below, problem: noFile(file, dirent) };
}

const mayBePhoto = ({ problem, archive, address: file }: Found): boolean =>
  problem === undefined ? archive !== undefined || isPhotoName(file) : problem.code !== UNREAD_FORMAT;

/** The discoveries, and where none is a photo, a problem with this message. */
function* orProblem(discoveries: Iterable<Found>, at: Found, message: () => string): Generator<Found> {
  let found = false;
  for (const discovery of discoveries) {
    found ||= mayBePhoto(discovery);
    yield discovery;
  }
  if (!found) yield { ...at, problem: { code: 'no-photos', message: message() } };
}

const slashes = (path: string): string => path.split(sep).join('/');

/** Archives that a folder or pattern came upon without asking for them. */
interface PassedOver {
  archives: number;
}

function* wanted(argument: Argument, folder: Pick<Folder, 'above' | 'output'>, passed: PassedOver): Generator<Found> {
  const { root, matches, given } = argument;
  const displayPath = matches ? relative('', root) || '.' : given;
  for (const discovery of filesBelow({ path: root, displayPath, ...folder })) {
    const { address: file } = discovery;
    if (discovery.problem?.code === 'unreadable') {
      yield discovery;
      continue;
    }
    // By the ending alone: a folder may hold a million files.
    const problem = problemOfName(file);
    if (problem === 'other') {
      const archive = archiveAt(file);
      if (archive === undefined) continue;
      if (asksForEnding(matches, slashes(relative(root, file)))) yield { ...discovery, ...archive };
      else if (archive.archive !== undefined) passed.archives++;
      continue;
    }
    if (matches && !matches(slashes(relative(root, file)))) continue;
    yield problem === undefined ? discovery : { ...discovery, problem };
  }
}

const nothingAt = ({ given, root, matches }: Argument): Problem => {
  const refusal = refusalOf(root);
  if (refusal !== undefined) return { code: 'unreadable', message: `${given} cannot be read (${refusal}).` };
  return { code: 'missing', message: matches ? `Nothing matches ${given}.` : `There is no file or folder ${given}.` };
};

const noPhotosMessage = ({ given, matches }: Argument, { archives }: PassedOver): string => {
  const none = matches ? `No photo matches ${given}` : `The folder ${given} holds no photos`;
  if (archives === 0) return `${none}.`;
  const found = archives === 1 ? 'an archive, which is' : `${archives} archives, which are`;
  return `${none}, but there ${archives === 1 ? 'is' : 'are'} ${found} read where named: give a pattern such as '${matches ? '' : `${given}/`}*.tar' or '*.parquet'.`;
};

/** @param output absolute path of the output folder, and what lies in it. */
function* photosOf(argument: Argument, place: string, output: InsideOutput): Generator<Found> {
  const { given, root } = argument;
  const stats = statOf(root);
  // A pattern's own words, so that what is wrong with two patterns of one folder is told of both.
  const at = { address: resolve(given), displayPath: given };
  if (stats === undefined) {
    yield { ...at, inOutput: output.nameOf(root), problem: nothingAt(argument) };
  } else if (!stats.isDirectory()) {
    yield { ...at, inOutput: output.nameOf(root), ...archiveAt(given) };
  } else if (output.nameOf(root) !== undefined) {
    yield { ...at, problem: { code: 'in-output', message: searchesOutputMessage(given, place) } };
  } else {
    const skipped = statOf(place);
    const above = new Set([stats, ...(skipped === undefined ? [] : [skipped])].map(identityOf));
    const passed = { archives: 0 };
    yield* orProblem(wanted(argument, { above, output }, passed), at, () => noPhotosMessage(argument, passed));
  }
}

/** Why a folder or pattern is refused that lies in the output folder. @param place the output folder. */
export const searchesOutputMessage = (given: string, place: string): string =>
  `${given} looks for photos in the --output ${place}, where the run's own pictures lie; choose another --output.`;

/**
 * Finds the photos of files, folders (at any depth) and patterns, lazily and in a stable order.
 * @param place absolute path of the output folder, which is left out.
 * @param output what lies in it.
 */
export function* discover(inputs: Iterable<Argument>, place: string, output: InsideOutput): Generator<Found> {
  for (const input of inputs) yield* photosOf(input, place, output);
}

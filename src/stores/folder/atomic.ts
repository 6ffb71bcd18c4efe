import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { link, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../errors.js';
import { whenFilesAreFree } from '../crowded.js';
import { pathOf } from '../paths.js';
import { nameTaken, writeError } from './errors.js';
import { entryAt, type Inside } from './inside.js';
import { temporaryIn } from './scratch.js';

const isFolder = (path: string): boolean => statSync(pathOf(path), { throwIfNoEntry: false })?.isDirectory() === true;

/** Makes a folder and those above it, one by one. Node's recursive `mkdirSync` never returns below /proc. */
export const makeFolder = (folder: string): void => {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(pathOf(folder));
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
};

/** Runs `place`. Where the target's folder is missing, makes it and runs `place` again. */
export const inItsFolder = async (target: string, place: () => Promise<void>): Promise<void> => {
  try {
    await place();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(target));
    await place();
  }
};

const hasContentOf = (target: string, temporary: string): boolean => {
  const stats = entryAt(target);
  if (!stats?.isFile() || stats.size !== statSync(temporary).size) return false;
  return readFileSync(pathOf(target)).equals(readFileSync(temporary));
};

// Codes of file systems that have no links.
const unlinkable = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Writes the content of a file. */
export type Writing = (temporary: string) => void | Promise<void>;

/** How a written file gets its name. */
export type Placing = (output: string, name: string, temporary: string) => Promise<void>;

/** Gives a file its name where nothing has it. A link fails where a name is taken; a rename would replace what has it. */
export const placeNew: Placing = async (output, name, temporary) => {
  const target = join(output, name);
  try {
    await inItsFolder(target, () => link(temporary, pathOf(target)));
  } catch (error) {
    const code = systemCode(error) ?? '';
    // Not the name is taken, but that of a folder above: another process made a file of it meanwhile.
    if (code === 'EEXIST' && entryAt(target) === undefined) throw error;
    if (unlinkable.has(code) && entryAt(target) === undefined) return rename(temporary, pathOf(target));
    if (code !== 'EEXIST' && !unlinkable.has(code)) throw error;
    // A run that was killed may have written the file, and not its line.
    if (!hasContentOf(target, temporary)) {
      throw nameTaken(output, name, entryAt(target)?.isDirectory() ? 'a folder' : "not this run's own");
    }
  }
  unlinkSync(temporary);
};

/** Gives a file its name, and replaces a regular file that had it. */
export const placeOver: Placing = async (output, name, temporary) => {
  const target = join(output, name);
  const there = entryAt(target);
  if (there !== undefined && !there.isFile()) {
    throw nameTaken(output, name, there.isDirectory() ? 'a folder' : there.isSymbolicLink() ? 'a link' : 'no file');
  }
  await inItsFolder(target, () => rename(temporary, pathOf(target)));
};

/** Lets `write` write a temporary file, then gives that its name. @throws UsageError `output-unwritable`, `name-taken`. */
export const writeAside = async (
  output: string,
  name: string,
  inside: Inside,
  write: Writing,
  place: Placing,
): Promise<void> => {
  try {
    if (!inside.holds(name)) throw nameTaken(output, dirname(name), `a link that leads out of ${output}`);
    const temporary = temporaryIn(output);
    await write(temporary);
    await place(output, name, temporary);
  } catch (error) {
    throw writeError(output, error);
  }
};

/** Writes a small file's content. Asynchronous, so that the next photo's network runs meanwhile. */
export const contentWriter = (content: Uint8Array | string) => (temporary: string) =>
  whenFilesAreFree(() => writeFile(temporary, content, { flag: 'wx' }));

// Bytes or characters gathered before they are written.
const BLOCK = 2 ** 20;

/** Writes a file piece by piece. Not with `writeSync`, which writes only a part on a nearly full disk. */
export const pieceWriter = (pieces: AsyncIterable<string | Uint8Array>) => async (temporary: string) => {
  const file = openSync(temporary, 'wx');
  try {
    let gathered: Uint8Array[] = [];
    let length = 0;
    const flush = () => {
      writeFileSync(file, Buffer.concat(gathered));
      [gathered, length] = [[], 0];
    };
    for await (const piece of pieces) {
      // A copy: who gives a piece may use its memory again.
      const bytes = Buffer.from(piece as string);
      gathered.push(bytes);
      length += bytes.length;
      if (length > BLOCK) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
};

/** Writes a file of many lines. */
export const lineWriter = (lines: AsyncIterable<string>) =>
  pieceWriter(
    (async function* () {
      let block = '';
      for await (const line of lines) {
        block += `${line}\n`;
        if (block.length <= BLOCK) continue;
        yield block;
        block = '';
      }
      yield block;
    })(),
  );

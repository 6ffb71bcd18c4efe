import { closeSync, copyFileSync, linkSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../errors.js';
import { whenFilesAreFree } from '../crowded.js';
import { pathOf } from '../paths.js';
import { isSameFile } from '../same-file.js';
import { bytesOf, type Store } from '../store.js';
import { writeError } from './errors.js';

/** Where files are written before they get their names; it is gone when a run ends. */
export const scratch = (output: string): string => join(output, '.gapcam');

const isFolder = (path: string): boolean => statSync(pathOf(path), { throwIfNoEntry: false })?.isDirectory() === true;

/** Makes a folder and those above it, one by one: Node's own recursive way never ends below /proc. */
export const makeFolder = (folder: string): void => {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(pathOf(folder));
  } catch (error) {
    // Another process was faster.
    if (!isFolder(folder)) throw error;
  }
};

// Characters gathered before they are written.
const BLOCK = 2 ** 20;

let written = 0;

/** A path for a file that has no name yet. */
const temporaryIn = (output: string): string => join(scratch(output), `${process.pid}-${written++}`);

/** Gives a file that was written aside its name. */
const putInPlace = async (temporary: string, target: string): Promise<void> => {
  try {
    await rename(temporary, pathOf(target));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(target));
    await rename(temporary, pathOf(target));
  }
};

/** Has a file written aside, then gives it its name. @throws UsageError `output-unwritable`. */
const writeAside = async (
  output: string,
  name: string,
  write: (temporary: string) => void | Promise<void>,
): Promise<void> => {
  const temporary = temporaryIn(output);
  try {
    await write(temporary);
    await putInPlace(temporary, join(output, name));
  } catch (error) {
    throw writeError(output, error);
  }
};

/** Writes a file whole or not at all, by other threads: the next photo's network runs meanwhile. */
export const writeWhole = (output: string, name: string, content: Uint8Array | string): Promise<void> =>
  writeAside(output, name, (temporary) => whenFilesAreFree(() => writeFile(temporary, content)));

/** As `writeWhole`, for a file of many lines. `writeSync` would write only a part where the disk is nearly full. */
export const writeLines = (output: string, name: string, lines: AsyncIterable<string>): Promise<void> =>
  writeAside(output, name, async (temporary) => {
    const file = openSync(temporary, 'w');
    try {
      let block = '';
      for await (const line of lines) {
        block += `${line}\n`;
        if (block.length > BLOCK) {
          writeFileSync(file, block);
          block = '';
        }
      }
      writeFileSync(file, block);
    } finally {
      closeSync(file);
    }
  });

const linkOrCopy = (from: string, to: string): void => {
  try {
    linkSync(pathOf(from), to);
  } catch {
    // A disk that does not link, or another one.
    copyFileSync(pathOf(from), to);
  }
};

/** Takes another store's file over: linked where both are folders of one disk, else copied. */
export const copyFrom = async (output: string, source: Store, name: string): Promise<void> => {
  const from = source.pathOf(name);
  if (from === undefined) await writeWhole(output, name, await bytesOf(source, name));
  // The same file may be there already, from a merge that was interrupted.
  else if (!isSameFile(from, join(output, name))) {
    await writeAside(output, name, (temporary) => linkOrCopy(from, temporary));
  }
};

import { closeSync, copyFileSync, linkSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../errors.js';
import { whenFilesAreFree } from '../crowded.js';
import { pathOf } from '../paths.js';
import { isSameFile } from '../same-file.js';
import { bytesOf, type Store } from '../store.js';
import { writeError } from './errors.js';

/** Folder in which files are written before they get their names. A run removes it at its end. */
export const scratch = (output: string): string => join(output, '.gapcam');

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

// Characters gathered before they are written.
const BLOCK = 2 ** 20;

let written = 0;

/** A path for a file that has no name yet. */
const temporaryIn = (output: string): string => join(scratch(output), `${process.pid}-${written++}`);

/** Moves a written file to its name. */
const putInPlace = async (temporary: string, target: string): Promise<void> => {
  try {
    await rename(temporary, pathOf(target));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(target));
    await rename(temporary, pathOf(target));
  }
};

/** Lets `write` write a temporary file, then moves that to its name. @throws UsageError `output-unwritable`. */
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

/** Writes a file whole or not at all. Asynchronous, so that the next photo's network runs meanwhile. */
export const writeWhole = (output: string, name: string, content: Uint8Array | string): Promise<void> =>
  writeAside(output, name, (temporary) => whenFilesAreFree(() => writeFile(temporary, content)));

/** As `writeWhole`, for a file of many lines. Not with `writeSync`, which writes only a part on a nearly full disk. */
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
    // The file system has no links, or the two lie on different ones.
    copyFileSync(pathOf(from), to);
  }
};

/** Links another store's file where both are folders on one disk, else copies it. */
export const copyFrom = async (output: string, source: Store, name: string): Promise<void> => {
  const from = source.pathOf(name);
  if (from === undefined) await writeWhole(output, name, await bytesOf(source, name));
  // An interrupted merge may have linked the file already.
  else if (!isSameFile(from, join(output, name))) {
    await writeAside(output, name, (temporary) => linkOrCopy(from, temporary));
  }
};

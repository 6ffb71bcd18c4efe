import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { reasonOf, systemCode, UsageError } from '../errors.js';
import { pathOf } from './paths.js';

/** Where files are written before they get their names; it is gone when a run ends. */
const scratch = (output: string): string => join(output, '.gapcam');

const causes: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full; what is finished is kept, and the same command goes on once there is room',
  EDQUOT: 'the disk quota is used up; what is finished is kept, and the same command goes on once there is room',
  ENOENT: 'it is gone, or no folder can be made there',
  ENOTDIR: 'a file stands where a folder must be',
  EEXIST: 'a file stands where a folder must be',
};

/** An error of writing below the output folder, in a sentence. */
export const writeError = (output: string, error: unknown): UsageError => {
  const cause = causes[systemCode(error) ?? ''] ?? reasonOf(error);
  return new UsageError('output-unwritable', `Cannot write to the output folder ${output}: ${cause}.`, error);
};

/** Makes a folder and those above it, one by one: Node's own recursive way never ends below /proc. */
const makeFolder = (folder: string): void => {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(pathOf(folder));
  } catch (error) {
    // Another process was faster.
    if (!isFolder(folder)) throw error;
  }
};

/** Whether two paths lead to the same file or folder; two that are the same do, whether or not anything is there. */
export const isSameFile = (a: string, b: string): boolean => {
  if (a === b) return true;
  try {
    const [one, other] = [a, b].map((path) => statSync(pathOf(path), { bigint: true }));
    return one.ino === other.ino && one.dev === other.dev;
  } catch {
    // At least one of them leads to nothing that can be looked at.
    return false;
  }
};

const isFolder = (path: string): boolean => statSync(pathOf(path), { throwIfNoEntry: false })?.isDirectory() === true;

// Too many files are open, here or in the whole system.
const crowded = new Set(['EMFILE', 'ENFILE']);
const [PAUSE, PAUSES] = [50, 200];

/** Does what opens a file; where too many are open, waits up to ten seconds for one to be closed. */
export const whenFilesAreFree = async <T>(work: () => T | Promise<T>): Promise<T> => {
  for (let left = PAUSES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !crowded.has(systemCode(error) ?? '')) throw error;
    }
    await setTimeout(PAUSE);
  }
};

const owner = (output: string): string => join(scratch(output), 'process');

/** Whether a process runs this program, or, where the system does not say, may do so: numbers are given out again. */
const mayBeOurs = (id: number): boolean => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('gapcam');
  } catch {
    return true;
  }
};

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // One of somebody else's may not be asked, but is there.
    return systemCode(error) === 'EPERM';
  }
};

const ownMark = (): string => `${process.pid} ${hostname()}`;

// A run touches its mark this often; one on another machine is taken for gone when it did not for so long.
const [TOUCHED, FORGOTTEN] = [10_000, 60_000];

/** Whether another process is writing to the output folder now. */
const isInUse = (output: string): boolean => {
  let mark: string;
  let age: number;
  try {
    mark = readFileSync(owner(output), 'utf8');
    age = Date.now() - statSync(owner(output)).mtimeMs;
  } catch {
    return false;
  }
  const [, id, host] = /^(\d+) (.+)$/s.exec(mark) ?? [];
  // Torn by whatever ended the process that wrote it, or our own.
  if (id === undefined || mark === ownMark()) return false;
  return host === hostname() ? isAlive(Number(id)) && mayBeOurs(Number(id)) : age < FORGOTTEN;
};

let touching: NodeJS.Timeout | undefined;

const keepTouched = (file: string): void => {
  clearInterval(touching);
  touching = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder is gone, which the next picture finds out.
    }
  }, TOUCHED);
  touching.unref();
};

/**
 * Makes the output folder and clears what an interrupted run left half written.
 * @throws UsageError `output-in-use`, `output-unwritable`.
 */
export const openOutput = (output: string): void => {
  if (isInUse(output)) {
    throw new UsageError(
      'output-in-use',
      `Another run is writing to ${output} now; wait for it, or choose another --output. If none is, remove ${owner(output)}.`,
    );
  }
  try {
    clearScratch(output);
    makeFolder(scratch(output));
    writeFileSync(owner(output), ownMark());
    keepTouched(owner(output));
  } catch (error) {
    throw writeError(output, error);
  }
};

const clearScratch = (output: string): void =>
  // A process of an ended run may be writing its last file.
  rmSync(scratch(output), { recursive: true, force: true, maxRetries: 5 });

/** Takes the folder of half-written files away, unless it is another run's by now. */
export const closeOutput = (output: string): void => {
  clearInterval(touching);
  if (!isInUse(output)) clearScratch(output);
};

// Characters gathered before they are written.
const BLOCK = 2 ** 20;

let written = 0;

/** A path for a file that has no name yet. */
export const temporaryIn = (output: string): string => join(scratch(output), `${process.pid}-${written++}`);

/** Gives a file that was written aside its name. */
export const putInPlace = (output: string, temporary: string, name: string): void => {
  const target = join(output, name);
  makeFolder(dirname(target));
  renameSync(temporary, pathOf(target));
};

/**
 * Writes a file below the output folder whole or not at all.
 * @throws UsageError `output-unwritable`.
 */
export const writeWhole = async (output: string, name: string, content: Uint8Array | string): Promise<void> => {
  const temporary = temporaryIn(output);
  try {
    await whenFilesAreFree(() => writeFileSync(temporary, content));
    putInPlace(output, temporary, name);
  } catch (error) {
    throw writeError(output, error);
  }
};

/** As `writeWhole`, for a file of many lines. `writeSync` alone would write a part where the disk is nearly full. */
export const writeLines = (output: string, name: string, lines: Iterable<string>): void => {
  const temporary = temporaryIn(output);
  try {
    const file = openSync(temporary, 'w');
    try {
      let block = '';
      for (const line of lines) {
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
    putInPlace(output, temporary, name);
  } catch (error) {
    throw writeError(output, error);
  }
};

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, systemCode, UsageError } from '../errors.js';

/** Where files are written before they get their names; it is gone when a run ends. */
const scratch = (output: string): string => join(output, '.gapcam');

const causes: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full; what is finished is kept, and the same command goes on once there is room',
  EDQUOT: 'the disk quota is used up; what is finished is kept, and the same command goes on once there is room',
  ENOENT: 'no folder can be made there',
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
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
};

const owner = (output: string): string => join(scratch(output), 'process');

/** Number of a process that is writing to the output folder now, if any. */
const otherProcess = (output: string): number | undefined => {
  try {
    const id = Number(readFileSync(owner(output), 'utf8'));
    // Torn by whatever ended the process that wrote it.
    if (!(id > 0)) return undefined;
    process.kill(id, 0);
    return id === process.pid ? undefined : id;
  } catch (error) {
    // No file, or no such process: whoever wrote it is gone. One of somebody else's may not be asked, but is there.
    return systemCode(error) === 'EPERM' ? 0 : undefined;
  }
};

/**
 * Makes the output folder and clears what an interrupted run left half written.
 * @throws UsageError `output-in-use`, `output-unwritable`.
 */
export const openOutput = (output: string): void => {
  if (otherProcess(output) !== undefined) {
    throw new UsageError(
      'output-in-use',
      `Another run is writing to ${output} now; wait for it, or choose another --output.`,
    );
  }
  try {
    rmSync(scratch(output), { recursive: true, force: true });
    makeFolder(scratch(output));
    writeFileSync(owner(output), String(process.pid));
  } catch (error) {
    throw writeError(output, error);
  }
};

/** Takes the folder of half-written files away. */
export const closeOutput = (output: string): void => rmSync(scratch(output), { recursive: true, force: true });

let written = 0;

/** Writes a file below the output folder whole or not at all. */
export const writeWhole = (output: string, name: string, content: Uint8Array | string): void => {
  const temporary = join(scratch(output), `${process.pid}-${written++}`);
  const target = join(output, name);
  try {
    writeFileSync(temporary, content);
    makeFolder(dirname(target));
    renameSync(temporary, target);
  } catch (error) {
    throw writeError(output, error);
  }
};

import { randomUUID } from 'node:crypto';
import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../errors.js';
import { entryAt } from './inside.js';

/** Folder in which files are written before they get their names. A run removes it at its end. */
export const scratch = (output: string): string => join(output, '.gapcam');

// Processes' numbers are the same in every container.
const ownId = randomUUID();

let made = 0;

/** A path for a file that has no name yet. */
export const temporaryIn = (output: string): string => join(scratch(output), `gapcam-${ownId}-${made++}.tmp`);

const isTemporary = (name: string): boolean => /^gapcam-[0-9a-f-]{36}-\d+\.tmp$/.test(name);

/** Does nothing where the file is gone already, as another process may have removed it or given it its name. */
export const unlinkIfThere = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
};

/** Removes half-written files. Whatever else lies in the folder is somebody's own and stays. */
export const clearScratch = (output: string): void => {
  const folder = scratch(output);
  if (!entryAt(folder)?.isDirectory()) return;
  for (const name of readdirSync(folder).filter(isTemporary)) unlinkIfThere(join(folder, name));
};

/** Removes the folder of half-written files, unless something is left in it. */
export const removeScratch = (output: string): void => {
  clearScratch(output);
  try {
    rmdirSync(scratch(output));
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error;
  }
};

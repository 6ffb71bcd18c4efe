import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemCode, UsageError } from '../../errors.js';
import { makeFolder, scratch } from './atomic.js';
import { writeError } from './errors.js';

const owner = (output: string): string => join(scratch(output), 'process');

/** Whether a process runs this program. True where the system does not tell. PIDs are reused. */
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
    // EPERM: the process exists and belongs to another user.
    return systemCode(error) === 'EPERM';
  }
};

const ownMark = (): string => `${process.pid} ${hostname()}`;

// In milliseconds: how often a run touches its mark, and after which silence a run on another machine counts as ended.
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
  // The mark is torn, because the process ended while it wrote it; or it is this process's own.
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
      // The folder is gone. Writing the next picture reports it.
    }
  }, TOUCHED);
  touching.unref();
};

/**
 * Makes the output folder and removes half-written files of an interrupted run.
 * @throws UsageError `output-in-use`, `output-unwritable`.
 */
export const lock = (output: string): void => {
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
  // Retries, because a process of an ended run may still write a file.
  rmSync(scratch(output), { recursive: true, force: true, maxRetries: 5 });

/** Removes the folder of half-written files, unless another run uses it by now. */
export const release = (output: string): void => {
  clearInterval(touching);
  if (!isInUse(output)) clearScratch(output);
};

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Whether the system tells a process's children; else there is nothing to kill. */
export const tellsChildren = existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

/** Numbers of the processes that a process started and that have not ended. */
export const childrenOf = (pid: number | undefined): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean);
  } catch {
    return [];
  }
};

/** Whether a process runs a program of its own by now: until then, the one that starts it waits for it and hears nothing. */
export const hasBegun = (pid: number, parent: number | undefined): boolean => {
  const [own, before] = [pid, parent].map((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  });
  return own !== '' && own !== before;
};

/** Sends a signal; to a process that has just ended, nothing. */
export const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {}
};

/** Whether a process does anything yet: one that has ended stays listed as Z until its parent has heard of it. */
const isRunning = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

// They end at once; but a machine may have other things to do.
const PATIENCE = 60_000;

/** Those of the processes that do not end. */
export const leftOf = async (pids: readonly number[]): Promise<number[]> => {
  const end = performance.now() + PATIENCE;
  while (pids.some(isRunning) && performance.now() < end) await setTimeout(5);
  return pids.filter(isRunning);
};

import { setTimeout } from 'node:timers/promises';
import { systemCode } from '../errors.js';

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

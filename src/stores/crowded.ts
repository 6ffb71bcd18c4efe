import { setTimeout } from 'node:timers/promises';
import { systemCode } from '../errors.js';

// Too many files are open, in this process or in the whole system.
const crowded = new Set(['EMFILE', 'ENFILE']);
const [PAUSE, PAUSES] = [50, 200];

/** Opens a file. While too many are open, tries again for up to ten seconds. @param work opens the file. */
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

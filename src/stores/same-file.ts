import { statSync } from 'node:fs';
import { pathOf } from './paths.js';

/** Whether two paths lead to the same file or folder. Equal paths do, even where nothing exists there. */
export const isSameFile = (a: string, b: string): boolean => {
  if (a === b) return true;
  try {
    const [one, other] = [a, b].map((path) => statSync(pathOf(path), { bigint: true }));
    return one.ino === other.ino && one.dev === other.dev;
  } catch {
    // At least one of them does not exist, or may not be read.
    return false;
  }
};

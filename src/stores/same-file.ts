import { statSync } from 'node:fs';
import { pathOf } from './paths.js';

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

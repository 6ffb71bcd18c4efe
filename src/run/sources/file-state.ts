import { type Stats, statSync } from 'node:fs';
import type { FileState } from '../../results/line.js';
import { pathOf } from '../../stores/paths.js';

/** The state of a file that was looked at. Copies that keep the time keep it to the millisecond at most, rounded. */
export const stateOfStats = ({ size, mtimeMs }: Stats): FileState => ({ size, modified: Math.round(mtimeMs) });

/** The present state of a photo's file. Synchronous, as other look-ups: there may be a million photos. @see Source.stateOf */
export const stateOfFile = (file: string): FileState | undefined => {
  try {
    const stats = statSync(pathOf(file), { throwIfNoEntry: false });
    return stats?.isFile() ? stateOfStats(stats) : undefined;
  } catch {
    return undefined;
  }
};

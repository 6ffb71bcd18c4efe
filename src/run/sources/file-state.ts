import type { Stats } from 'node:fs';
import type { FileState } from '../../results/line.js';
import { statOf } from './arguments.js';

/** The state of a file that was looked at. Copies that keep the time keep it to the millisecond at most, rounded. */
export const stateOfStats = ({ size, mtimeMs }: Stats): FileState => ({ size, modified: Math.round(mtimeMs) });

/** The present state of a photo's file. Synchronous, as other look-ups: there may be a million photos. @see Source.stateOf */
export const stateOfFile = (file: string): FileState | undefined => {
  const stats = statOf(file);
  return stats?.isFile() ? stateOfStats(stats) : undefined;
};

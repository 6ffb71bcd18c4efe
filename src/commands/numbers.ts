import { availableParallelism } from 'node:os';
import { invalidOption } from '../errors.js';

/** @throws UsageError `invalid-option` for what is no whole number from 1 to `most`. */
const countFrom = (name: string, value: unknown, most: number): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw invalidOption(name, `a whole number from 1 to ${most}`, value);
};

// More of either than any machine has cores, and few enough to start.
const MOST = 1024;

/**
 * How many processes work at a time, and how many cores a forward pass may use in each.
 * @param files number of the photos, where it is known; undefined: any. Where there are fewer than cores, each forward
 * pass shares those that would be idle.
 */
export const shareCores = (
  jobs: unknown,
  threads: unknown,
  files: number | undefined,
): { readonly processes: number; readonly threads: number } => {
  const cores = availableParallelism();
  const wanted = threads === undefined ? undefined : countFrom('threads', threads, MOST);
  if (jobs !== undefined) return { processes: countFrom('jobs', jobs, MOST), threads: wanted ?? 1 };
  const processes = Math.max(1, Math.min(Math.floor(cores / (wanted ?? 1)), files ?? cores));
  return { processes, threads: wanted ?? Math.max(1, Math.floor(cores / processes)) };
};

// A timer holds no more than 24 days; no photo takes one.
const DAY = 86_400;

/** Seconds that a photo may take. @throws UsageError `invalid-option`. */
export const secondsFrom = (value: unknown): number => {
  if (typeof value === 'number' && value > 0 && value <= DAY) return value;
  throw invalidOption('timeout', `a number of seconds above 0, at most ${DAY}`, value);
};

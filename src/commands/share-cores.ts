import { availableParallelism } from 'node:os';

/**
 * How many processes work at a time, and how many cores a forward pass may use in each.
 * @param jobs number of processes that the person asks for; undefined: as fits.
 * @param wanted cores for a forward pass that the person asks for; undefined: as fits.
 * @param files number of the photos, where it is known; undefined: any. Where there are fewer than cores, each forward
 * pass shares those that would be idle.
 */
export const shareCores = (
  jobs: number | undefined,
  wanted: number | undefined,
  files: number | undefined,
): { readonly processes: number; readonly threads: number } => {
  const cores = availableParallelism();
  if (jobs !== undefined) return { processes: jobs, threads: wanted ?? 1 };
  const processes = Math.max(1, Math.min(Math.floor(cores / (wanted ?? 1)), files ?? cores));
  return { processes, threads: wanted ?? Math.max(1, Math.floor(cores / processes)) };
};

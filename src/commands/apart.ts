import { startPool } from '../run/workers/pool.js';
import { unlessInterrupted } from './unless-interrupted.js';

/** Work on one model, done in another process. */
interface Work<Setup> {
  /** The worker's module, which calls `serve`. All its work is done in `prepare`. */
  readonly worker: URL;
  readonly setup: Setup;
  /** Seconds that the work may take after the model's files are read. */
  readonly timeout: number;
}

/**
 * Lets another process work on a model: a model that crashes or hangs its process leaves this one running.
 * @returns undefined where the person interrupts.
 * @throws UsageError or ModelError as the worker threw it; `prepare-timeout`.
 */
export const apart = async <Setup, Found extends object>(
  { worker, setup, timeout }: Work<Setup>,
  signal: AbortSignal,
): Promise<Found | undefined> => {
  if (signal.aborted) return undefined;
  const pool = startPool<Setup, Found, never, object>({ worker, setup, processes: 1, timeout });
  try {
    return await unlessInterrupted(pool.handed, signal);
  } finally {
    pool.close();
  }
};

import { once } from 'node:events';
import { startPool } from '../run/workers/pool.js';

/** Work on one model that a process of its own does. */
interface Work<Setup> {
  /** The module that calls `serve`; preparing is all that it does. */
  readonly worker: URL;
  readonly setup: Setup;
  /** Seconds that it may take from when it has read the model's files. */
  readonly timeout: number;
}

/**
 * Has a process of its own look at a model: one that crashes it, or never ends, does no more than that.
 * @returns undefined where the person interrupts.
 * @throws UsageError in the process's own words, or `prepare-timeout`.
 */
export const apart = async <Setup, Found extends object>(
  { worker, setup, timeout }: Work<Setup>,
  signal: AbortSignal,
): Promise<Found | undefined> => {
  if (signal.aborted) return undefined;
  const pool = startPool<Setup, Found, never, object>({ worker, setup, processes: 1, timeout });
  try {
    const interrupted = once(signal, 'abort').then(() => undefined);
    return await Promise.race([pool.handed, interrupted]);
  } finally {
    pool.close();
  }
};

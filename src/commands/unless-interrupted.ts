import { once } from 'node:events';

/** What is waited for; undefined where the person interrupts before. */
export const unlessInterrupted = async <T extends object>(
  awaited: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> =>
  signal.aborted ? undefined : Promise.race([awaited, once(signal, 'abort').then(() => undefined)]);

/** The result of work that itself stops, with the signal's reason, where the person interrupts; undefined where it did. */
export const unlessStopped = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  }
};

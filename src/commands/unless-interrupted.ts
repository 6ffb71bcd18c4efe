import { once } from 'node:events';

/** What is waited for; undefined where the person interrupts before. */
export const unlessInterrupted = async <T extends object>(
  awaited: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> =>
  signal.aborted ? undefined : Promise.race([awaited, once(signal, 'abort').then(() => undefined)]);

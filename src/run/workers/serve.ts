import { isKnownError } from '../../errors.js';

/** What a process of the pool is told. Numbers tell apart the tasks that are under way. */
export type ToWorker<Setup, Handed, Task> =
  | { readonly setup: Setup; readonly handed: Handed | undefined }
  | { readonly id: number; readonly task: Task };

/** What it says. `begun`: its files are read, and what is left of preparing is its own work. `refused` and `defect` end the run: the one is a person's to mend, the other a fault of the program. */
export type FromWorker<Handed, Result> =
  | { readonly begun: true }
  | { readonly ready: Handed | undefined }
  | { readonly id: number; readonly result: Result }
  | { readonly refused: { readonly code: string; readonly message: string } }
  | { readonly defect: string };

/** A process made ready: what it does with a task, and what spares the next process the same preparation. */
export interface Prepared<Handed, Task, Result> {
  readonly perform: (task: Task) => Promise<Result>;
  readonly handed: Handed;
}

/**
 * The worker's side of the pool: is set up once, then takes tasks, as many at a time as it is given.
 * @param prepare what a process does once; `handed` comes from the first process that did it. From when it calls `begun`
 * its time is limited: before, it reads files, which takes as long as the disk does. A known error that it or a task throws
 * ends the run.
 */
export const serve = <Setup, Handed, Task, Result>(
  prepare: (
    setup: Setup,
    handed: Handed | undefined,
    begun: () => Promise<void>,
  ) => Promise<Prepared<Handed, Task, Result>>,
): void => {
  const say = (message: FromWorker<Handed, Result>) => process.send?.(message);
  // What follows may hold this process, so it waits until the word is out.
  const begun = () =>
    new Promise<void>((resolve) => {
      process.send?.({ begun: true } satisfies FromWorker<Handed, Result>, undefined, undefined, () => resolve());
    });
  const complain = (error: unknown) => {
    if (isKnownError(error)) say({ refused: { code: error.code, message: error.message } });
    else say({ defect: (error instanceof Error && error.stack) || String(error) });
  };
  let perform: ((task: Task) => Promise<Result>) | undefined;
  const hear = async (message: ToWorker<Setup, Handed, Task>): Promise<void> => {
    if ('setup' in message) {
      const prepared = await prepare(message.setup, message.handed, begun);
      perform = prepared.perform;
      say({ ready: message.handed === undefined ? prepared.handed : undefined });
    } else if (perform !== undefined) {
      say({ id: message.id, result: await perform(message.task) });
    }
  };
  process.on('message', (message) => void hear(message as ToWorker<Setup, Handed, Task>).catch(complain));
  process.on('uncaughtException', complain);
  // A terminal interrupts all processes of the run; the first one decides, and what is under way is finished.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  // The run is gone, however it ended.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
};

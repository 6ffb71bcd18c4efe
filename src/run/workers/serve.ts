import { isKnownError, mendable } from '../../errors.js';

/** Messages to a process of the pool. `id` is the number of a task in flight. */
export type ToWorker<Setup, Handed, Task> =
  | { readonly setup: Setup; readonly handed: Handed | undefined }
  | { readonly id: number; readonly task: Task };

/**
 * Messages from a process. `begun`: it has read its files, and the rest of its preparation is computation. `behind`: what is
 * left of a task is to write so many bytes, for which no core is needed. `refused`
 * and `defect` end the run: `refused` is an error that the user can mend, `defect` a fault of the program.
 */
export type FromWorker<Handed, Result> =
  | { readonly begun: true }
  | { readonly ready: Handed | undefined }
  | { readonly id: number; readonly behind: number }
  | { readonly id: number; readonly result: Result }
  | { readonly refused: { readonly code: string; readonly message: string } }
  | { readonly defect: string };

/**
 * A prepared process: `perform` works on a task, and `handed` saves the next processes the same preparation. `perform` may say that
 * it only writes from then on; the process then gets the next task, and no time is counted.
 */
export interface Prepared<Handed, Task, Result> {
  readonly perform: (task: Task, onlyWrites: (bytes: number) => void) => Promise<Result>;
  readonly handed: Handed;
}

/**
 * The worker's side of the pool. It is set up once, then works on all tasks that it is given, at the same time.
 * @param prepare called once. `handed` comes from the first process of the pool. It calls `begun` once it has read its
 * files; its time is limited only from then on, because a slow disk is no fault. A known error that `prepare` or a task
 * throws ends the run.
 */
export const serve = <Setup, Handed, Task, Result>(
  prepare: (
    setup: Setup,
    handed: Handed | undefined,
    begun: () => Promise<void>,
  ) => Promise<Prepared<Handed, Task, Result>>,
): void => {
  const say = (message: FromWorker<Handed, Result>) => process.send?.(message);
  // What follows may block this process, so it waits until the message is sent.
  const begun = () =>
    new Promise<void>((resolve) => {
      process.send?.({ begun: true } satisfies FromWorker<Handed, Result>, undefined, undefined, () => resolve());
    });
  const complain = (caught: unknown) => {
    const error = mendable(caught);
    if (isKnownError(error)) say({ refused: { code: error.code, message: error.message } });
    else say({ defect: (error instanceof Error && error.stack) || String(error) });
  };
  let perform: Prepared<Handed, Task, Result>['perform'] | undefined;
  const hear = async (message: ToWorker<Setup, Handed, Task>): Promise<void> => {
    if ('setup' in message) {
      const prepared = await prepare(message.setup, message.handed, begun);
      perform = prepared.perform;
      say({ ready: message.handed === undefined ? prepared.handed : undefined });
    } else if (perform !== undefined) {
      const { id, task } = message;
      say({ id, result: await perform(task, (bytes) => say({ id, behind: bytes })) });
    }
  };
  process.on('message', (message) => void hear(message as ToWorker<Setup, Handed, Task>).catch(complain));
  process.on('uncaughtException', complain);
  // A terminal interrupts all processes of the run. The main process decides, and lets tasks in flight finish.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  // The main process is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
};

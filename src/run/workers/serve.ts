import { isKnownError, mendable } from '../../errors.js';

/** Messages to a process of the pool. `id` is the number of a task. `forget`: no task that waits is begun any more. */
export type ToWorker<Setup, Handed, Task> =
  | { readonly setup: Setup; readonly handed: Handed | undefined }
  | { readonly id: number; readonly task: Task }
  | { readonly forget: true };

/**
 * Messages from a process. `begun`: it has read its files, and the rest of its preparation is computation. `begins`: what a task
 * waited for has come, and work on it begins. `behind`: what is left of it is to write so many bytes, for which no core is needed. `refused`
 * and `defect` end the run: `refused` is an error that the user can mend, `defect` a fault of the program.
 */
export type FromWorker<Handed, Result> =
  | { readonly begun: true }
  | { readonly ready: Handed | undefined }
  | { readonly id: number; readonly begins: true }
  | { readonly id: number; readonly behind: number }
  | { readonly id: number; readonly result: Result }
  | { readonly refused: { readonly code: string; readonly message: string } }
  | { readonly defect: string };

/** What a process may say of a task while it works on it. */
export interface Says {
  /** Of a task that waits for something: work on it begins. Its time is counted from then on. */
  readonly begins: () => void;
  /** Only so many bytes are left to be written: the process then gets the next task, and no time is counted. */
  readonly onlyWrites: (bytes: number) => void;
}

/** A prepared process: `perform` works on a task, and `handed` saves the next processes the same preparation. */
export interface Prepared<Handed, Task, Result> {
  readonly perform: (task: Task, says: Says) => Promise<Result>;
  readonly handed: Handed;
  /** Called when no task that waits is to be begun any more. Nothing of them is answered. */
  readonly forget?: () => void;
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
  let ready: Prepared<Handed, Task, Result> | undefined;
  const hear = async (message: ToWorker<Setup, Handed, Task>): Promise<void> => {
    if ('setup' in message) {
      ready = await prepare(message.setup, message.handed, begun);
      say({ ready: message.handed === undefined ? ready.handed : undefined });
    } else if ('forget' in message) ready?.forget?.();
    else if (ready !== undefined) {
      const { id, task } = message;
      const says = {
        begins: () => say({ id, begins: true }),
        onlyWrites: (bytes: number) => say({ id, behind: bytes }),
      };
      say({ id, result: await ready.perform(task, says) });
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

import { type ChildProcess, fork } from 'node:child_process';
import type { Limits } from './watched.js';
import { watch } from './watched.js';

/** A process that reads one model after the other, and is replaced where one ends it. */
export interface Reader {
  /** @returns what was wrong, or '': the model is read, or refused in a sentence. */
  readonly read: (model: string) => Promise<string>;
  readonly close: () => void;
}

// After so many models a new process is started, as memory of networks is given back late.
const AGE = 200;

/** Sends a model to a process. @returns its answer, or how the process ended instead. */
const answerOf = (child: ChildProcess, model: string): Promise<string> =>
  new Promise((resolve) => {
    const settle = (fault: string) => {
      child.off('message', onMessage).off('exit', onExit);
      resolve(fault);
    };
    const onMessage = (answer: unknown) => settle((answer as { readonly fault: string }).fault);
    const onExit = (code: number | null, signal: NodeJS.Signals | null) => settle(`ended by ${signal ?? code}`);
    child.on('message', onMessage).on('exit', onExit);
    child.send(model);
  });

export const startReader = (limits: Limits): Reader => {
  let child: ChildProcess | undefined;
  let age = 0;
  const end = () => {
    child?.kill('SIGKILL');
    child = undefined;
    age = 0;
  };
  const read = async (model: string): Promise<string> => {
    if (age++ >= AGE) end();
    child ??= fork(new URL('./reader-worker.ts', import.meta.url), { stdio: 'ignore', serialization: 'advanced' });
    const current = child;
    const stop = watch(current.pid ?? 0, limits, () => current.kill('SIGKILL'));
    const fault = await answerOf(current, model);
    const beyond = stop();
    if (fault !== '' || beyond !== undefined) end();
    return beyond ?? fault;
  };
  return { read, close: end };
};

import { type ChildProcess, fork } from 'node:child_process';
import type { FromReader, ToReader } from './reader-worker.js';
import type { Limits } from './watched.js';
import { watch } from './watched.js';

/** A process that reads one model after the other, and is replaced where one ends it. */
export interface Reader {
  /** Prepares a model by the library alone. */
  readonly read: (model: string) => Promise<FromReader>;
  /** Whether ONNX Runtime alone goes beyond the limits with a model, at half of the memory. */
  readonly asksForMore: (model: string) => Promise<boolean>;
  readonly close: () => void;
}

/** Sends a model to a process. @returns its answer, or how the process ended instead. */
const answerOf = (child: ChildProcess, model: ToReader): Promise<FromReader> =>
  new Promise((resolve) => {
    const settle = (answer: FromReader) => {
      child.off('message', onMessage).off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (answer: unknown) => settle(answer as FromReader);
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      settle({ fault: `ended by ${signal ?? code}`, explained: false });
    child.on('message', onMessage).on('exit', onExit);
    child.send(model);
  });

// After so many models a new process is started, as memory of networks is given back late.
const AGE = 200;

export const startReader = (limits: Limits): Reader => {
  let child: ChildProcess | undefined;
  let age = 0;
  const end = () => {
    child?.kill('SIGKILL');
    child = undefined;
    age = 0;
  };
  const ask = async (model: ToReader, within: Limits): Promise<FromReader> => {
    if (age++ >= AGE) end();
    child ??= fork(new URL('./reader-worker.ts', import.meta.url), { stdio: 'ignore' });
    const current = child;
    const stop = watch(current.pid ?? 0, within, () => current.kill('SIGKILL'));
    const answer = await answerOf(current, model);
    const beyond = stop();
    if (answer.fault !== '' || beyond !== undefined) end();
    return beyond === undefined ? answer : { fault: beyond, explained: false };
  };
  return {
    read: (model) => ask({ model, bare: false }, limits),
    asksForMore: async (model) => {
      end();
      const { fault } = await ask({ model, bare: true }, { ...limits, memory: limits.memory / 2 });
      return fault !== '';
    },
    close: end,
  };
};

import { type ChildProcess, fork } from 'node:child_process';
import type { FromWorker, ToWorker } from './serve.js';

/** A task on its way through the pool. What it and its result are is known to the caller and the worker alone. */
export interface Job {
  readonly task: unknown;
  readonly resolve: (result: object) => void;
  readonly reject: (error: Error) => void;
  /** A process died with it: it is tried once more, with nothing else in flight there. */
  readonly suspect: boolean;
}

interface InFlight {
  readonly job: Job;
  readonly timer: NodeJS.Timeout;
}

/** One process of the pool. */
export interface Member {
  readonly child: ChildProcess;
  /** It is prepared and takes tasks. */
  ready: boolean;
  /** Runs out where the process is not ready in time. */
  preparing: NodeJS.Timeout | undefined;
  /** Tasks that the process was given and has not answered, by number. */
  readonly inFlight: Map<number, InFlight>;
  /** The task that took longer than it may, for which the process was ended. */
  late: Job | undefined;
  /** Number of tasks that it was given so far. */
  given: number;
}

export interface MemberEvents {
  readonly onMessage: (member: Member, message: FromWorker<object, object>) => void;
  /**
   * May come twice for one process.
   * @param how a signal, an exit code, or why it could not be started. @param started whether there was a process at all.
   */
  readonly onExit: (member: Member, how: string, started: boolean) => void;
}

const send = ({ child }: Member, message: ToWorker<unknown, unknown, unknown>): void => {
  // A process that is gone by now is no error here: `onExit` gives its tasks to another.
  child.send(message, () => {});
};

/** Starts a process. @param worker the module that calls `serve`. @param setup told to it before its first task. */
export const startMember = (
  worker: URL,
  setup: ToWorker<unknown, unknown, unknown>,
  { onMessage, onExit }: MemberEvents,
): Member => {
  const child = fork(worker, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    // A process has one core: further threads that collect garbage would take it from another. Measured: 5 %. No answer
    // is needed within milliseconds, so what is in use is found in one go, not in steps. Measured: 2 %.
    execArgv: [...process.execArgv, '--single-threaded-gc', '--no-incremental-marking'],
    // Each further arena of the C library's allocator keeps memory that is not in use.
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  const member: Member = {
    child,
    ready: false,
    preparing: undefined,
    inFlight: new Map(),
    late: undefined,
    given: 0,
  };
  child.on('message', (message) => onMessage(member, message as FromWorker<object, object>));
  child.on('exit', (code, signal) => onExit(member, signal ?? `exit code ${code}`, true));
  child.on('error', (error) => onExit(member, error.message, child.pid !== undefined));
  send(member, setup);
  return member;
};

/** Gives a task to a process, which is ended where the task takes longer than so many seconds. */
export const give = (member: Member, job: Job, seconds: number): void => {
  const id = member.given++;
  const timer = setTimeout(() => {
    member.late = job;
    member.child.kill('SIGKILL');
  }, seconds * 1000);
  member.inFlight.set(id, { job, timer });
  send(member, { id, task: job.task });
};

/** Takes the task with this number from the process. @returns undefined where it has none. */
export const take = ({ inFlight }: Member, id: number): Job | undefined => {
  const found = inFlight.get(id);
  inFlight.delete(id);
  clearTimeout(found?.timer);
  return found?.job;
};

/** Takes all tasks from the process, and stops its clocks. */
export const takeAll = (member: Member): readonly Job[] => {
  clearTimeout(member.preparing);
  return [...member.inFlight.keys()].flatMap((id) => take(member, id) ?? []);
};

/** Ends the process, whatever it does. */
export const end = ({ child, preparing }: Member): void => {
  clearTimeout(preparing);
  child.kill('SIGKILL');
};

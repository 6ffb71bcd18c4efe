import { type ChildProcess, fork } from 'node:child_process';
import type { FromWorker, ToWorker } from './serve.js';

/** A task in the pool. Only the caller and the worker know the types of the task and its result. */
export interface Job {
  readonly task: unknown;
  readonly resolve: (result: object) => void;
  readonly reject: (error: Error) => void;
  /** Whether it waits for what lies far away before work on it begins. */
  readonly waits: boolean;
  /** Whether a process died with it in flight. It is then tried once more, alone in a process. */
  readonly suspect: boolean;
}

interface InFlight {
  readonly job: Job;
  readonly timer: NodeJS.Timeout;
}

interface Behind {
  readonly job: Job;
  readonly bytes: number;
}

/** One process of the pool. */
export interface Member {
  readonly child: ChildProcess;
  /** Whether it is prepared and takes tasks. */
  ready: boolean;
  /** Fires where the process is not ready in time. */
  preparing: NodeJS.Timeout | undefined;
  /** Tasks that wait for what lies far away, by number. No time is counted. */
  readonly waiting: Map<number, Job>;
  /** Tasks without an answer so far, by number. */
  readonly inFlight: Map<number, InFlight>;
  /** Tasks whose results are only being written, by number. */
  readonly behind: Map<number, Behind>;
  /** The task that exceeded its time. The pool ended the process for it. */
  late: Job | undefined;
  /** Number of tasks given so far. */
  given: number;
}

export interface MemberEvents {
  readonly onMessage: (member: Member, message: FromWorker<object, object>) => void;
  /**
   * May be called twice for one process.
   * @param how a signal, an exit code, or why it could not be started.
   * @param started whether the process could be started.
   */
  readonly onExit: (member: Member, how: string, started: boolean) => void;
}

const send = ({ child }: Member, message: ToWorker<unknown, unknown, unknown>): void => {
  // Ignores that the process may be gone: `onExit` gives its tasks to another.
  child.send(message, () => {});
};

/**
 * Starts a process. @param worker the module that calls `serve`. @param flags of node, beside its usual ones. @param setup sent
 * before the first task.
 */
export const startMember = (
  worker: URL,
  flags: readonly string[],
  setup: ToWorker<unknown, unknown, unknown>,
  { onMessage, onExit }: MemberEvents,
): Member => {
  const child = fork(worker, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    // Each process has one core, and threads for garbage collection would take another's: measured 5 %. Marking in
    // steps shortens pauses, which no caller needs here: measured 2 %.
    execArgv: [...process.execArgv, '--single-threaded-gc', '--no-incremental-marking', ...flags],
    // Each arena of glibc's malloc keeps unused memory.
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  const member: Member = {
    child,
    ready: false,
    preparing: undefined,
    waiting: new Map(),
    inFlight: new Map(),
    behind: new Map(),
    late: undefined,
    given: 0,
  };
  child.on('message', (message) => onMessage(member, message as FromWorker<object, object>));
  child.on('exit', (code, signal) => onExit(member, signal ?? `exit code ${code}`, true));
  child.on('error', (error) => onExit(member, error.message, child.pid !== undefined));
  send(member, setup);
  return member;
};

/** Counts a task's time from now on, and ends the process where that takes longer than `seconds`. */
const count = (member: Member, id: number, job: Job, seconds: number): void => {
  const timer = setTimeout(() => {
    member.late = job;
    member.child.kill('SIGKILL');
  }, seconds * 1000);
  member.inFlight.set(id, { job, timer });
};

/** Gives a task to a process. @param seconds that it may take, without its time of waiting. */
export const give = (member: Member, job: Job, seconds: number): void => {
  const id = member.given++;
  if (job.waits) member.waiting.set(id, job);
  else count(member, id, job, seconds);
  send(member, { id, task: job.task });
};

/** Notes that work on a task begins, which waited. @param secondsFor a task, that it may take. */
export const begin = (member: Member, id: number, secondsFor: (job: Job) => number): void => {
  const job = member.waiting.get(id);
  if (job === undefined) return;
  member.waiting.delete(id);
  count(member, id, job, secondsFor(job));
};

/** Removes the task with this number from the process. @returns undefined where it has no such task. */
export const take = ({ waiting, inFlight, behind }: Member, id: number): Job | undefined => {
  const found = inFlight.get(id);
  clearTimeout(found?.timer);
  const job = waiting.get(id) ?? found?.job ?? behind.get(id)?.job;
  waiting.delete(id);
  inFlight.delete(id);
  behind.delete(id);
  return job;
};

/** Notes that a task's result is only being written: its time no longer counts. @param bytes size of what is written. */
export const putBehind = (member: Member, id: number, bytes: number): void => {
  const job = take(member, id);
  if (job !== undefined) member.behind.set(id, { job, bytes });
};

/** Tasks of a process. */
export interface Taken {
  /** Those that it worked on. */
  readonly begun: readonly Job[];
  readonly waiting: readonly Job[];
}

/** Removes the tasks that wait from the process, which begins none of them. */
export const forgetWaiting = (member: Member): readonly Job[] => {
  const jobs = [...member.waiting.values()];
  member.waiting.clear();
  send(member, { forget: true });
  return jobs;
};

/** Removes all tasks from the process, and stops its timers. */
export const takeAll = (member: Member): Taken => {
  clearTimeout(member.preparing);
  const waiting = [...member.waiting.values()];
  member.waiting.clear();
  const numbers = [...member.inFlight.keys(), ...member.behind.keys()];
  return { begun: numbers.flatMap((id) => take(member, id) ?? []), waiting };
};

/** Kills the process. */
export const end = ({ child, preparing }: Member): void => {
  clearTimeout(preparing);
  child.kill('SIGKILL');
};

import { type ChildProcess, fork } from 'node:child_process';
import { UsageError } from '../../errors.js';
import type { FromWorker, ToWorker } from './serve.js';

export interface PoolPlan<Setup> {
  /** The module that calls `serve`. */
  readonly worker: URL;
  /** Told to each process before its first task. */
  readonly setup: Setup;
  /** Largest number of processes. The first starts at once, the others when it is ready and there is work for them. */
  readonly processes: number;
  /** Seconds that a task may take, and the preparation of a process from when it has read its files. */
  readonly timeout: number;
}

/** A task that a process did not survive, twice, the second time alone. */
export interface Loss {
  readonly lost: 'crashed' | 'timeout';
  /** How the process ended: a signal or an exit code; or the time that was not enough. */
  readonly how: string;
}

export const isLoss = (result: object): result is Loss => 'lost' in result;

export interface Pool<Handed, Task, Result> {
  /** What the first process handed over to the others. Rejects as `run` does. */
  readonly handed: Promise<Handed>;
  /** @throws UsageError where a worker refuses, or none starts; Error with a worker's stack for a defect. */
  readonly run: (task: Task) => Promise<Result | Loss>;
  /** Resolves when a further task would soon be begun: whoever waits for it keeps the queue short. */
  readonly room: () => Promise<void>;
  /** Ends the processes, whatever they do. */
  readonly close: () => void;
}

interface Job<Task, Result> {
  readonly task: Task;
  readonly resolve: (result: Result | Loss) => void;
  readonly reject: (error: Error) => void;
  /** A process died with it: it is tried once more, with nothing else under way there. */
  suspect: boolean;
  timedOut: boolean;
}

interface Member<Task, Result> {
  readonly child: ChildProcess;
  ready: boolean;
  /** Runs out where the process is not ready in time. */
  preparing: NodeJS.Timeout | undefined;
  readonly underWay: Map<number, { readonly job: Job<Task, Result>; readonly timer: NodeJS.Timeout }>;
}

// While one photo is decoded or encoded, off the main thread, the network is busy with the other.
const IN_FLIGHT = 2;

// Processes that end before they are ready, one after the other, until it is no accident.
const FALSE_STARTS = 5;

/**
 * Processes that work on tasks. A task that crashes, hangs or exhausts its process costs that task alone: the process is
 * replaced, and all that it had under way is tried once more, one at a time.
 */
export const startPool = <Setup, Handed extends object, Task, Result extends object>({
  worker,
  setup,
  processes,
  timeout,
}: PoolPlan<Setup>): Pool<Handed, Task, Result> => {
  const members = new Set<Member<Task, Result>>();
  const queue: Job<Task, Result>[] = [];
  const suspects: Job<Task, Result>[] = [];
  const roomWanted: (() => void)[] = [];
  let handOver: (handed: Handed) => void = () => {};
  let giveUp: (error: Error) => void = () => {};
  const handing = new Promise<Handed>((resolve, reject) => {
    handOver = resolve;
    giveUp = reject;
  });
  // Whoever waits for it hears of a failure; nobody has to.
  handing.catch(() => {});
  let handed: Handed | undefined;
  let failure: Error | undefined;
  let most = processes;
  let falseStarts = 0;
  let ids = 0;

  const tell = ({ child }: Member<Task, Result>, message: ToWorker<Setup, Handed, Task>) => {
    // Where the process is gone by now, its end is heard, and its tasks are given to another.
    child.send(message, () => {});
  };

  const fail = (error: Error) => {
    failure ??= error;
    giveUp(error);
    for (const job of [...queue.splice(0), ...suspects.splice(0)]) job.reject(error);
    for (const { child, preparing, underWay } of members) {
      clearTimeout(preparing);
      for (const { job, timer } of underWay.values()) {
        clearTimeout(timer);
        job.reject(error);
      }
      underWay.clear();
      child.kill('SIGKILL');
    }
    for (const resolve of roomWanted.splice(0)) resolve();
  };

  const bury = (member: Member<Task, Result>, how: string) => {
    clearTimeout(member.preparing);
    if (!members.delete(member) || failure !== undefined) return;
    if (!member.ready) falseStarts++;
    const ready = [...members].filter((other) => other.ready).length;
    // Where some could start, those go on.
    if (falseStarts >= FALSE_STARTS && ready > 0) most = ready;
    else if (falseStarts >= FALSE_STARTS) {
      const message = `The processes that work on photos end as they start (${how}); with fewer --jobs there may be room for them.`;
      fail(new UsageError('no-process', message));
      return;
    }
    for (const { job, timer } of member.underWay.values()) {
      clearTimeout(timer);
      if (job.suspect) job.resolve(job.timedOut ? { lost: 'timeout', how: `${timeout} s` } : { lost: 'crashed', how });
      else suspects.push(Object.assign(job, { suspect: true, timedOut: false }));
    }
    distribute();
  };

  /** A process that is not ready in time. Where others are, those go on. */
  const expire = ({ child }: Member<Task, Result>) => {
    if ([...members].some(({ ready }) => ready)) child.kill('SIGKILL');
    else {
      const message = `The model could not be prepared within ${timeout} s; it may never end, or give it longer with --timeout.`;
      fail(new UsageError('prepare-timeout', message));
    }
  };

  const hear = (member: Member<Task, Result>, message: FromWorker<Handed, Result>) => {
    if ('begun' in message) {
      if (failure === undefined) member.preparing = setTimeout(() => expire(member), timeout * 1000);
    } else if ('ready' in message) {
      clearTimeout(member.preparing);
      member.ready = true;
      falseStarts = 0;
      handed ??= message.ready;
      if (handed !== undefined) handOver(handed);
    } else if ('refused' in message) {
      fail(new UsageError(message.refused.code, message.refused.message));
    } else if ('defect' in message) {
      fail(Object.assign(new Error('a worker failed'), { stack: message.defect }));
    } else {
      const done = member.underWay.get(message.id);
      member.underWay.delete(message.id);
      clearTimeout(done?.timer);
      done?.job.resolve(message.result);
    }
    distribute();
  };

  const start = () => {
    const child = fork(worker, {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      // A process has one core: further threads that collect garbage would take it from another. Measured: 5 %. Nobody
      // waits for an answer within milliseconds: what is in use is found in one go, not in steps. Measured: 2 %.
      execArgv: [...process.execArgv, '--single-threaded-gc', '--no-incremental-marking'],
      // More arenas of the C library's allocator keep memory that nobody uses.
      env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    });
    const member: Member<Task, Result> = { child, ready: false, preparing: undefined, underWay: new Map() };
    members.add(member);
    child.on('message', (message) => hear(member, message as FromWorker<Handed, Result>));
    child.on('exit', (code, signal) => bury(member, signal ?? `exit code ${code}`));
    child.on('error', (error) => {
      // Too many processes or open files: those that run go on.
      if (child.pid === undefined && members.size > 1) most = members.size - 1;
      bury(member, error.message);
    });
    tell(member, { setup, handed });
  };

  const give = (member: Member<Task, Result>, job: Job<Task, Result>) => {
    const id = ids++;
    const timer = setTimeout(() => {
      job.timedOut = true;
      member.child.kill('SIGKILL');
    }, timeout * 1000);
    member.underWay.set(id, { job, timer });
    tell(member, { id, task: job.task });
  };

  const holdsSuspect = ({ underWay }: Member<Task, Result>) => [...underWay.values()].some(({ job }) => job.suspect);

  /** The process with the least to do that may take more; for a suspect, one with nothing to do. */
  const freeMember = (most: number) =>
    [...members]
      .filter((member) => member.ready && member.underWay.size < most && !holdsSuspect(member))
      .sort((a, b) => a.underWay.size - b.underWay.size)[0];

  const distribute = () => {
    if (failure !== undefined) return;
    for (const [jobs, inFlight] of [
      [suspects, 1],
      [queue, IN_FLIGHT],
    ] as const) {
      for (let member = freeMember(inFlight); member && jobs.length > 0; member = freeMember(inFlight)) {
        give(member, jobs.shift() as Job<Task, Result>);
      }
    }
    const starting = [...members].filter(({ ready }) => !ready).length;
    // The first starts before there is work; until it is ready there is nothing to hand to others.
    const wanted = handed === undefined ? 1 : Math.ceil((queue.length + suspects.length) / IN_FLIGHT);
    for (let i = starting; i < wanted && members.size < most; i++) start();
    while (roomWanted.length > 0 && hasRoom()) roomWanted.shift()?.();
  };

  // Each process has its next task waiting when it has done one.
  const hasRoom = () => queue.length < most;

  distribute();
  return {
    handed: handing,
    run: (task) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        queue.push({ task, resolve, reject, suspect: false, timedOut: false });
        distribute();
      }),
    room: () => new Promise((resolve) => (failure !== undefined || hasRoom() ? resolve() : roomWanted.push(resolve))),
    close: () => {
      failure ??= new Error('the pool is closed');
      for (const { child, preparing } of members) {
        clearTimeout(preparing);
        child.kill('SIGKILL');
      }
    },
  };
};

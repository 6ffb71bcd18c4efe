import { UsageError } from '../../errors.js';
import {
  begin,
  end,
  forgetWaiting,
  give,
  type Job,
  type Member,
  putBehind,
  startMember,
  take,
  takeAll,
} from './member.js';
import { newPatience, type Patience } from './patience.js';
import { areSuspects, FALSE_STARTS, fateOf, freeMember, type LostTask, readyOf, toStart } from './policy.js';
import { giveBack, giveUp, letIn, newQueue, type Queue, takeWaiting, untilShort } from './queue.js';
import type { FromWorker } from './serve.js';

export interface PoolPlan<Setup, Task = unknown> {
  /** The module that calls `serve`. */
  readonly worker: URL;
  /** Of node, beside those of all processes. */
  readonly flags?: readonly string[];
  /** Sent to each process before its first task. */
  readonly setup: Setup;
  /** Largest number of processes. The first starts at once. The others start when it is ready and there is more work than it can take. */
  readonly processes: number;
  /** Milliseconds that tasks wait before more processes than one are started. Left out: as `patience.ts` has it. */
  readonly startAfter?: number;
  /** Seconds that preparing a process may take, counted from when it has read its files. */
  readonly timeout: number;
  /** Seconds that a task may take. Left out: as long. */
  taskTimeout?(task: Task): number;
}

export const isLost = (result: object): result is LostTask => 'lost' in result;

export interface Pool<Handed, Task, Result> {
  /** What the first process hands over to the others. Rejects as `run` does. */
  readonly handed: Promise<Handed>;
  /**
   * @param waits whether the task waits for what lies far away before work on it begins. A process has many that wait.
   * @throws UsageError where a worker refuses, or none starts; Error with a worker's stack for a defect.
   */
  readonly run: (task: Task, waits?: boolean) => Promise<Result | LostTask>;
  /** Forgets the tasks on which no work has begun and which wait in a process: they are lost as forgotten. */
  readonly forgetWaiting: () => void;
  /** Resolves when the queue is short. A caller that waits for it before each task bounds the queue. */
  readonly capacity: () => Promise<void>;
  /** Kills the processes. */
  readonly close: () => void;
}

/** State of a running pool. */
interface State {
  readonly plan: PoolPlan<unknown>;
  readonly members: Set<Member>;
  readonly queue: Queue;
  /** Largest number of processes. Below the planned number where the system could not start more. */
  most: number;
  /** Number of processes that ended before they were ready, since one last was ready. */
  falseStarts: number;
  handed: object | undefined;
  readonly patience: Patience;
  /** Why the pool takes no further task. */
  failure: Error | undefined;
  /** The promise of what the first process hands over. */
  readonly handing: Deferred<object>;
}

/** A promise with its resolve and reject functions. */
interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

const defer = <T>(): Deferred<T> => {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((onValue, onError) => {
    [resolve, reject] = [onValue, onError];
  });
  // Avoids an unhandled rejection.
  promise.catch(() => {});
  return { promise, resolve, reject };
};

const secondsFor = ({ task }: Job, plan: PoolPlan<unknown>): number => plan.taskTimeout?.(task) ?? plan.timeout;

const newState = (plan: PoolPlan<unknown>): State => {
  const state: State = {
    plan,
    members: new Set(),
    queue: newQueue(),
    most: plan.processes,
    falseStarts: 0,
    handed: undefined,
    failure: undefined,
    handing: defer(),
    patience: newPatience(() => schedule(state), plan.startAfter),
  };
  return state;
};

const fail = (state: State, error: Error): void => {
  const { members, queue, handing } = state;
  state.failure ??= error;
  state.patience.end();
  handing.reject(error);
  for (const member of members) {
    const { begun, waiting } = takeAll(member);
    for (const job of [...begun, ...waiting]) job.reject(error);
    end(member);
  }
  giveUp(queue, error);
};

/** Handles a process that ended before it was ready. @returns whether the pool goes on. */
const goesOn = (state: State, how: string): boolean => {
  state.falseStarts++;
  if (state.falseStarts < FALSE_STARTS) return true;
  const ready = readyOf(state.members).length;
  if (ready === 0) {
    const message = `The processes that work on photos end as they start (${how}); with fewer --jobs, or more open files (ulimit -n), there may be room for them.`;
    fail(state, new UsageError('no-process', message));
    return false;
  }
  state.most = ready;
  return true;
};

const onExit = (state: State, member: Member, how: string, started: boolean): void => {
  const { members, queue, plan } = state;
  // The system allows no more processes or open files. The running ones go on.
  if (!started && members.size > 1) state.most = members.size - 1;
  const taken = takeAll(member);
  if (!members.delete(member) || state.failure !== undefined) return;
  const together = areSuspects(taken);
  if (!together) giveBack(queue, taken.waiting);
  for (const job of together ? taken.waiting : taken.begun) {
    const fate = fateOf(job, job === member.late, how, secondsFor(job, plan));
    if (fate === 'again') queue.suspects.push({ ...job, suspect: true });
    else job.resolve(fate);
  }
  if (member.ready || goesOn(state, how)) schedule(state);
};

/** Handles a process that is not ready in time. Where others are ready, they go on. */
const onLate = (state: State, member: Member): void => {
  if (readyOf(state.members).length > 0) end(member);
  else {
    const message = `The model could not be prepared within ${state.plan.timeout} s; it may never end, or give it longer with --timeout.`;
    fail(state, new UsageError('prepare-timeout', message));
  }
};

const onMessage = (state: State, member: Member, message: FromWorker<object, object>): void => {
  if ('begun' in message) {
    if (state.failure !== undefined) return;
    member.preparing = setTimeout(() => onLate(state, member), state.plan.timeout * 1000);
  } else if ('ready' in message) {
    clearTimeout(member.preparing);
    member.ready = true;
    state.falseStarts = 0;
    state.handed ??= message.ready;
    if (state.handed !== undefined) state.handing.resolve(state.handed);
  } else if ('refused' in message) {
    fail(state, new UsageError(message.refused.code, message.refused.message));
  } else if ('defect' in message) {
    fail(state, Object.assign(new Error('a worker failed'), { stack: message.defect }));
  } else if ('begins' in message) {
    begin(member, message.id, (job) => secondsFor(job, state.plan));
  } else if ('behind' in message) {
    putBehind(member, message.id, message.behind);
  } else {
    take(member, message.id)?.resolve(message.result);
  }
  schedule(state);
};

const start = (state: State): void => {
  const { worker, setup, flags = [] } = state.plan;
  const member = startMember(
    worker,
    flags,
    { setup, handed: state.handed },
    {
      onMessage: (member, message) => onMessage(state, member, message),
      onExit: (member, how, started) => onExit(state, member, how, started),
    },
  );
  state.members.add(member);
};

/** Gives waiting tasks to processes with free places, and starts processes where more are needed. */
const schedule = (state: State): void => {
  const { members, queue, plan } = state;
  if (state.failure !== undefined) return;
  const assign = (jobs: Job[]) => {
    for (let [job] = jobs; job !== undefined; [job] = jobs) {
      const member = freeMember(members, job, state.most);
      if (member === undefined) return;
      jobs.shift();
      give(member, job, secondsFor(job, plan));
    }
  };
  assign(queue.suspects);
  assign(queue.fresh);
  const tasks = queue.suspects.length + queue.fresh.length;
  // The first starts at once; and what is tried alone may wait for a process that never gets free.
  const canWait = state.patience.lasts(tasks) && queue.suspects.length === 0 && readyOf(members).length > 0;
  const missing = canWait ? 0 : toStart(members, tasks, state.handed !== undefined, state.most);
  for (let i = 0; i < missing; i++) start(state);
  letIn(queue, state.most);
};

/**
 * Starts processes that work on tasks. Where a task crashes its process or exceeds its time, the process is replaced,
 * and each task that it had in flight is tried once more, alone. Only a task that fails again is lost.
 */
export const startPool = <Setup, Handed extends object, Task, Result extends object>(
  plan: PoolPlan<Setup, Task>,
): Pool<Handed, Task, Result> => {
  const state = newState(plan);
  const { queue, handing } = state;
  schedule(state);
  return {
    handed: handing.promise as Promise<Handed>,
    run: (task, waits = false) =>
      new Promise((resolve, reject) => {
        if (state.failure !== undefined) return reject(state.failure);
        queue.fresh.push({ task, resolve: resolve as Job['resolve'], reject, waits, suspect: false });
        schedule(state);
      }),
    capacity: () => (state.failure === undefined ? untilShort(queue, state.most) : Promise.resolve()),
    forgetWaiting: () => {
      const forgotten: LostTask = { lost: 'forgotten', how: 'the run is to end' };
      for (const job of [...takeWaiting(queue), ...[...state.members].flatMap(forgetWaiting)]) job.resolve(forgotten);
      schedule(state);
    },
    close: () => {
      state.failure ??= new Error('the pool is closed');
      state.patience.end();
      for (const member of state.members) end(member);
    },
  };
};

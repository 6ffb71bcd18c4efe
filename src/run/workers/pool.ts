import { UsageError } from '../../errors.js';
import { end, give, type Job, type Member, startMember, take, takeAll } from './member.js';
import { FALSE_STARTS, fateOf, freeMember, IN_FLIGHT, type LostTask, readyOf, toStart } from './policy.js';
import { giveUp, letIn, newQueue, type Queue, untilShort } from './queue.js';
import type { FromWorker } from './serve.js';

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

export const isLost = (result: object): result is LostTask => 'lost' in result;

export interface Pool<Handed, Task, Result> {
  /** What the first process handed over to the others. Rejects as `run` does. */
  readonly handed: Promise<Handed>;
  /** @throws UsageError where a worker refuses, or none starts; Error with a worker's stack for a defect. */
  readonly run: (task: Task) => Promise<Result | LostTask>;
  /** Resolves when a further task would soon be begun: a caller that waits for it keeps the queue short. */
  readonly capacity: () => Promise<void>;
  /** Ends the processes, whatever they do. */
  readonly close: () => void;
}

/** A pool as it runs. */
interface State {
  readonly plan: PoolPlan<unknown>;
  readonly members: Set<Member>;
  readonly queue: Queue;
  /** Largest number of processes, fewer than planned where the system has no room for them. */
  most: number;
  /** Processes that ended before they were ready, since the last that was. */
  falseStarts: number;
  handed: object | undefined;
  /** Why no further task is taken. */
  failure: Error | undefined;
  /** The promise of what the first process hands over. */
  readonly handing: Deferred<object>;
}

/** A promise that is settled from outside. */
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
  // Avoids an unhandled rejection where no caller waits for it.
  promise.catch(() => {});
  return { promise, resolve, reject };
};

const newState = (plan: PoolPlan<unknown>): State => ({
  plan,
  members: new Set(),
  queue: newQueue(),
  most: plan.processes,
  falseStarts: 0,
  handed: undefined,
  failure: undefined,
  handing: defer(),
});

const fail = (state: State, error: Error): void => {
  const { members, queue, handing } = state;
  state.failure ??= error;
  handing.reject(error);
  for (const member of members) {
    for (const job of takeAll(member)) job.reject(error);
    end(member);
  }
  giveUp(queue, error);
};

/** After a process ended before it was ready. @returns whether the others go on. */
const goesOn = (state: State, how: string): boolean => {
  state.falseStarts++;
  if (state.falseStarts < FALSE_STARTS) return true;
  const ready = readyOf(state.members).length;
  if (ready === 0) {
    const message = `The processes that work on photos end as they start (${how}); with fewer --jobs there may be room for them.`;
    fail(state, new UsageError('no-process', message));
    return false;
  }
  state.most = ready;
  return true;
};

const onExit = (state: State, member: Member, how: string, started: boolean): void => {
  const { members, queue, plan } = state;
  // Too many processes or open files: those that run go on.
  if (!started && members.size > 1) state.most = members.size - 1;
  const jobs = takeAll(member);
  if (!members.delete(member) || state.failure !== undefined) return;
  for (const job of jobs) {
    const fate = fateOf(job, job === member.late, how, plan.timeout);
    if (fate === 'again') queue.suspects.push({ ...job, suspect: true });
    else job.resolve(fate);
  }
  if (member.ready || goesOn(state, how)) schedule(state);
};

/** A process that is not ready in time. Where others are, those go on. */
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
  } else {
    take(member, message.id)?.resolve(message.result);
  }
  schedule(state);
};

const start = (state: State): void => {
  const { worker, setup } = state.plan;
  const member = startMember(
    worker,
    { setup, handed: state.handed },
    {
      onMessage: (member, message) => onMessage(state, member, message),
      onExit: (member, how, started) => onExit(state, member, how, started),
    },
  );
  state.members.add(member);
};

/** Gives waiting tasks to processes that have little to do, and starts the processes that are missing. */
const schedule = (state: State): void => {
  const { members, queue, plan } = state;
  if (state.failure !== undefined) return;
  const assign = (jobs: Job[], limit: number) => {
    for (let member = freeMember(members, limit); member; member = freeMember(members, limit)) {
      const job = jobs.shift();
      if (job === undefined) return;
      give(member, job, plan.timeout);
    }
  };
  assign(queue.suspects, 1);
  assign(queue.fresh, IN_FLIGHT);
  const tasks = queue.suspects.length + queue.fresh.length;
  const missing = toStart(members, tasks, state.handed !== undefined, state.most);
  for (let i = 0; i < missing; i++) start(state);
  letIn(queue, state.most);
};

/**
 * Processes that work on tasks. A task that crashes, hangs or exhausts its process costs that task alone: the process is
 * replaced, and all that it had in flight is tried once more, one at a time.
 */
export const startPool = <Setup, Handed extends object, Task, Result extends object>(
  plan: PoolPlan<Setup>,
): Pool<Handed, Task, Result> => {
  const state = newState(plan);
  const { queue, handing } = state;
  schedule(state);
  return {
    handed: handing.promise as Promise<Handed>,
    run: (task) =>
      new Promise((resolve, reject) => {
        if (state.failure !== undefined) return reject(state.failure);
        queue.fresh.push({ task, resolve: resolve as Job['resolve'], reject, suspect: false });
        schedule(state);
      }),
    capacity: () => (state.failure === undefined ? untilShort(queue, state.most) : Promise.resolve()),
    close: () => {
      state.failure ??= new Error('the pool is closed');
      for (const member of state.members) end(member);
    },
  };
};

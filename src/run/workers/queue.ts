import type { Job } from './member.js';
import { hasCapacity } from './policy.js';

/** Tasks that wait for a process, and callers that wait to add a task. */
export interface Queue {
  /** Tasks that have not been tried yet. */
  readonly fresh: Job[];
  /** Tasks that were in flight when a process died. They come first. */
  readonly suspects: Job[];
  /** Callers that wait. Each function is called once, when the queue is short. */
  readonly waiting: (() => void)[];
}

export const newQueue = (): Queue => ({ fresh: [], suspects: [], waiting: [] });

/** Lets waiting callers add tasks while the queue is short. @param most largest number of processes. */
export const letIn = ({ fresh, waiting }: Queue, most: number): void => {
  while (waiting.length > 0 && hasCapacity(fresh.length, most)) waiting.shift()?.();
};

/** Resolves when the queue is short. @param most largest number of processes. */
export const untilShort = (queue: Queue, most: number): Promise<void> =>
  new Promise((resolve) => {
    queue.waiting.push(resolve);
    letIn(queue, most);
  });

/** Puts tasks back that a process had and did not begin, in their order. */
export const giveBack = ({ fresh }: Queue, jobs: readonly Job[]): void => {
  for (const job of [...jobs].reverse()) fresh.unshift(job);
};

/** Takes the tasks out that would wait in a process. */
export const takeWaiting = ({ fresh }: Queue): readonly Job[] => {
  const jobs = fresh.splice(0);
  for (const job of jobs) if (!job.waits) fresh.push(job);
  return jobs.filter(({ waits }) => waits);
};

/** Rejects all tasks and releases all waiting callers. Their next call of `run` rejects. */
export const giveUp = ({ fresh, suspects, waiting }: Queue, error: Error): void => {
  for (const job of [...fresh.splice(0), ...suspects.splice(0)]) job.reject(error);
  for (const resolve of waiting.splice(0)) resolve();
};

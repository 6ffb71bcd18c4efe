import type { Job } from './member.js';
import { hasCapacity } from './policy.js';

/** Tasks that wait for a process, and callers that wait to add one. */
export interface Queue {
  /** Tasks that have not been tried. */
  readonly fresh: Job[];
  /** Tasks that a process died with; they come first. */
  readonly suspects: Job[];
  /** Called once each when the queue is short. */
  readonly waiting: (() => void)[];
}

export const newQueue = (): Queue => ({ fresh: [], suspects: [], waiting: [] });

/** Lets callers that wait add a task, as long as the queue is short. @param most largest number of processes. */
export const letIn = ({ fresh, waiting }: Queue, most: number): void => {
  while (waiting.length > 0 && hasCapacity(fresh.length, most)) waiting.shift()?.();
};

/** Resolves when the queue is short. @param most largest number of processes. */
export const untilShort = (queue: Queue, most: number): Promise<void> =>
  new Promise((resolve) => {
    queue.waiting.push(resolve);
    letIn(queue, most);
  });

/** Rejects all tasks, and lets all callers go on, who find out that the pool failed. */
export const giveUp = ({ fresh, suspects, waiting }: Queue, error: Error): void => {
  for (const job of [...fresh.splice(0), ...suspects.splice(0)]) job.reject(error);
  for (const resolve of waiting.splice(0)) resolve();
};

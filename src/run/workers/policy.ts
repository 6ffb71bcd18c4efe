import type { Job, Member } from './member.js';

/** The pool's decisions, as functions without side effects. */

/**
 * Tasks in flight in a process. While one photo is decoded or encoded by other threads, the network runs on the other.
 */
export const IN_FLIGHT = 2;

/**
 * Once this many processes in a row ended before they were ready, the pool starts no more. It fails if none is ready.
 */
export const FALSE_STARTS = 5;

/** A task with which two processes ended, the second of them with no other task in flight. */
export interface LostTask {
  readonly lost: 'crashed' | 'timeout';
  /** The signal or exit code of the process, or the time that the task exceeded. */
  readonly how: string;
}

/**
 * Decides about a task whose process ended. A suspect is lost. Any other task is tried once more.
 * @param late whether the process was ended because the task took longer than `timeout` seconds.
 */
export const fateOf = (job: Job, late: boolean, how: string, timeout: number): LostTask | 'again' => {
  if (!job.suspect) return 'again';
  return late ? { lost: 'timeout', how: `${timeout} s` } : { lost: 'crashed', how };
};

export const readyOf = (members: Iterable<Member>): readonly Member[] => [...members].filter(({ ready }) => ready);

const holdsSuspect = ({ inFlight }: Member): boolean => [...inFlight.values()].some(({ job }) => job.suspect);

/** The process with the fewest tasks, if fewer than `limit`. A process with a suspect takes no other task. */
export const freeMember = (members: Iterable<Member>, limit: number): Member | undefined =>
  readyOf(members)
    .filter((member) => member.inFlight.size < limit && !holdsSuspect(member))
    .sort((a, b) => a.inFlight.size - b.inFlight.size)[0];

/**
 * Number of processes to start now. The first starts before there is work. The others need what it prepared, so they
 * start once it has handed that over.
 * @param tasks number of waiting tasks.
 * @param most largest number of processes.
 */
export const toStart = (members: ReadonlySet<Member>, tasks: number, handed: boolean, most: number): number => {
  const wanted = handed ? Math.ceil(tasks / IN_FLIGHT) : 1;
  const starting = members.size - readyOf(members).length;
  return Math.max(0, Math.min(wanted - starting, most - members.size));
};

/** Whether the queue should grow. It is full when each process can have its next task waiting. */
export const hasCapacity = (tasks: number, most: number): boolean => tasks < most;

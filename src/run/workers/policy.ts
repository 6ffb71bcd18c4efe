import type { Job, Member } from './member.js';

/** The pool's decisions, as functions without side effects. */

/**
 * Tasks in flight in a process. While one photo is decoded or encoded by other threads, the network runs on the other.
 */
export const IN_FLIGHT = 2;

/** Tasks of a process whose results are being written at once, and bytes of them: a second of latency idles no core. */
export const [BEHIND, BEHIND_BYTES] = [64, 2 ** 26];

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

const holdsSuspect = ({ inFlight, behind }: Member): boolean =>
  [...inFlight.values(), ...behind.values()].some(({ job }) => job.suspect);

const isBehind = ({ behind }: Member): boolean =>
  behind.size >= BEHIND || [...behind.values()].reduce((sum, { bytes }) => sum + bytes, 0) >= BEHIND_BYTES;

/** Free places. A suspect, whose limit is 1, waits until nothing else is under way. */
const placesIn = ({ inFlight, behind }: Member, limit: number): number =>
  limit - inFlight.size - (limit === 1 ? behind.size : 0);

/** The process with the fewest tasks, if fewer than `limit`. A process takes no other task with a suspect, or while much waits to be written. */
export const freeMember = (members: Iterable<Member>, limit: number): Member | undefined =>
  readyOf(members)
    .filter((member) => placesIn(member, limit) > 0 && !holdsSuspect(member) && !isBehind(member))
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

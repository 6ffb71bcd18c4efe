import type { Job, Member, Taken } from './member.js';

/** The pool's decisions, as functions without side effects. */

/**
 * Tasks in flight in a process. While one photo is decoded or encoded by other threads, the network runs on the other.
 */
export const IN_FLIGHT = 2;

/** Tasks of a process that wait for what lies far away: at 100 photos a second, half a second of latency idles no core. */
export const WAITING = 64;

/** Tasks of a process whose results are being written at once, and bytes of them: a second of latency idles no core. */
export const [BEHIND, BEHIND_BYTES] = [64, 2 ** 26];

/**
 * Once this many processes in a row ended before they were ready, the pool starts no more. It fails if none is ready.
 */
export const FALSE_STARTS = 5;

/**
 * A task with which two processes ended, the second of them with no other task in flight; or one on which no work began, as the
 * run is to end.
 */
export interface LostTask {
  readonly lost: 'crashed' | 'timeout' | 'forgotten';
  /** The signal or exit code of the process, or the time that the task exceeded; or why it is forgotten. */
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

const holdsSuspect = ({ waiting, inFlight, behind }: Member): boolean =>
  [...waiting.values(), ...[...inFlight.values(), ...behind.values()].map(({ job }) => job)].some(
    ({ suspect }) => suspect,
  );

const isBehind = ({ behind }: Member): boolean =>
  behind.size >= BEHIND || [...behind.values()].reduce((sum, { bytes }) => sum + bytes, 0) >= BEHIND_BYTES;

/** Whether a task may be given to a process. A suspect waits until nothing else is under way there. */
const hasPlace = ({ waiting, inFlight, behind }: Member, job: Job, most: number): boolean => {
  if (job.suspect) return waiting.size + inFlight.size + behind.size === 0;
  return job.waits ? waiting.size + inFlight.size < most : inFlight.size < IN_FLIGHT;
};

/**
 * The process with the fewest tasks that takes this one. A process takes no other task with a suspect, or while much waits to be
 * written. While not all processes are there, tasks that wait are left for those to come.
 * @param most largest number of processes.
 */
export const freeMember = (members: Iterable<Member>, job: Job, most: number): Member | undefined => {
  const ready = readyOf(members);
  const places = ready.length < most ? IN_FLIGHT : WAITING;
  return ready
    .filter((member) => hasPlace(member, job, places) && !holdsSuspect(member) && !isBehind(member))
    .sort((a, b) => a.waiting.size + a.inFlight.size - b.waiting.size - b.inFlight.size)[0];
};

/**
 * What becomes of tasks that waited in a process that ended: they are given to another, since it was not they that it worked
 * on. Where it worked on none, to fetch one of them may have ended it.
 */
export const areSuspects = ({ begun }: Taken): boolean => begun.length === 0;

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

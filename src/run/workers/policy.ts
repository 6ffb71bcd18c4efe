import type { Job, Member } from './member.js';

/** What the pool decides, apart from how it is done. */

/** Tasks a process has at a time: while one photo is decoded or encoded off the main thread, the network runs the other. */
export const IN_FLIGHT = 2;

/** Processes that end one after the other before any is ready: so many are no accident. */
export const FALSE_STARTS = 5;

/** A task that a process did not survive, twice, the second time alone. */
export interface LostTask {
  readonly lost: 'crashed' | 'timeout';
  /** How the process ended: a signal or an exit code; or the time that was not enough. */
  readonly how: string;
}

/**
 * What becomes of a task whose process ended: a suspect is lost, any other is tried once more.
 * @param late whether the process was ended because the task took longer than `timeout` seconds.
 */
export const fateOf = (job: Job, late: boolean, how: string, timeout: number): LostTask | 'again' => {
  if (!job.suspect) return 'again';
  return late ? { lost: 'timeout', how: `${timeout} s` } : { lost: 'crashed', how };
};

export const readyOf = (members: Iterable<Member>): readonly Member[] => [...members].filter(({ ready }) => ready);

const holdsSuspect = ({ inFlight }: Member): boolean => [...inFlight.values()].some(({ job }) => job.suspect);

/** The process with the least to do among those with fewer tasks than `limit`; a suspect's stays alone. */
export const freeMember = (members: Iterable<Member>, limit: number): Member | undefined =>
  readyOf(members)
    .filter((member) => member.inFlight.size < limit && !holdsSuspect(member))
    .sort((a, b) => a.inFlight.size - b.inFlight.size)[0];

/**
 * How many processes are to be started now. The first starts before there is work; until it has handed over what it
 * prepared, there is nothing for others to start with.
 * @param tasks number of those that wait. @param most largest number of processes.
 */
export const toStart = (members: ReadonlySet<Member>, tasks: number, handed: boolean, most: number): number => {
  const wanted = handed ? Math.ceil(tasks / IN_FLIGHT) : 1;
  const starting = members.size - readyOf(members).length;
  return Math.max(0, Math.min(wanted - starting, most - members.size));
};

/** Whether a further task would soon be begun: each process has its next task waiting when it has done one. */
export const hasCapacity = (tasks: number, most: number): boolean => tasks < most;

import { setTimeout } from 'node:timers/promises';
import { isPassing, isUnconnected, refusedBy, unreachable } from './errors.js';
import type { S3Place } from './place.js';

/** How long a failing service is waited for. Times are in milliseconds. */
export interface Patience {
  /** From a request's first failure to its last. */
  readonly total: number;
  /** The same, where no connection was ever made: then the address is more likely to be wrong than the service to be down. */
  readonly contact: number;
  /** Longest time of one try, but for large bodies. */
  readonly attempt: number;
  /** Longest pause before the second try. It doubles with each, up to `longest`. */
  readonly first: number;
  readonly longest: number;
}

/** A bucket that fails for a minute is waited for, and one that fails for ten minutes is given up. */
export const patience: Patience = { total: 600_000, contact: 90_000, attempt: 30_000, first: 200, longest: 20_000 };

// The slowest line that is waited for, in bytes a millisecond.
const SLOWEST = 50;

/** When a try is given up: its time, and what its bytes take on a slow line. */
export const deadlineOf = ({ attempt }: Patience, bytes: number): AbortSignal =>
  AbortSignal.timeout(Math.ceil(attempt + bytes / SLOWEST));

/**
 * Pause before the next try: anything between half the full one and all of it, so that many clients do not come back
 * together.
 * @param tries number of tries so far.
 */
const pauseAfter = ({ first, longest }: Patience, tries: number, random = Math.random()): number =>
  Math.min(longest, first * 2 ** (tries - 1)) * (0.5 + random / 2);

/** A bucket's failures, over all requests to it. */
export interface Outage {
  /** When the first of them failed since one last succeeded. */
  since: number | undefined;
  /** Whether one of them was given up since. */
  isGivenUp: boolean;
  /** Whether the service ever answered, in whatever way. */
  hasAnswered: boolean;
}

export const newOutage = (): Outage => ({ since: undefined, isGivenUp: false, hasAnswered: false });

/** What the time is told by, in milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

const clockOfSystem: Clock = { now: () => performance.now(), pause: (milliseconds) => setTimeout(milliseconds) };

/** What a request is tried with. */
export interface Trying {
  readonly patience: Patience;
  readonly outage: Outage;
  /** In words, for the sentence, such as "read". */
  readonly action: string;
  readonly place: S3Place;
  /** Whether an error is an answer to the caller, which is thrown as it is. */
  readonly isAnswer: (error: unknown) => boolean;
}

/**
 * Tries again while the failure may pass and time is left: for this request, and for the bucket where nothing succeeds, so that
 * the requests with which a run ends do not wait anew.
 * @param work one try.
 * @throws UsageError `bucket-unreachable`, and what `refusedBy` makes.
 */
export const withPatience = async <T>(
  work: () => Promise<T>,
  { patience, outage, action, place, isAnswer }: Trying,
  clock: Clock = clockOfSystem,
): Promise<T> => {
  let failing: number | undefined;
  for (let tries = 1; ; tries++) {
    try {
      const done = await work();
      outage.since = undefined;
      outage.isGivenUp = false;
      outage.hasAnswered = true;
      return done;
    } catch (error) {
      outage.hasAnswered ||= !isUnconnected(error);
      if (isAnswer(error)) throw error;
      if (!isPassing(error)) throw refusedBy(error, action, place);
      const now = clock.now();
      failing ??= now;
      outage.since ??= now;
      const pause = pauseAfter(patience, tries);
      const waited = now - Math.min(failing, outage.since);
      if (outage.isGivenUp || waited + pause > (outage.hasAnswered ? patience.total : patience.contact)) {
        outage.isGivenUp = true;
        throw unreachable(error, action, place, waited);
      }
      await clock.pause(pause);
    }
  }
};

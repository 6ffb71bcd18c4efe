import { describe, expect, it } from 'vitest';
import type { Job, Member } from '../../../src/run/workers/member.js';
import {
  areSuspects,
  BEHIND,
  BEHIND_BYTES,
  fateOf,
  freeMember,
  hasCapacity,
  toStart,
  WAITING,
} from '../../../src/run/workers/policy.js';

const jobOf = (suspect = false, waits = false): Job => ({
  ...{ task: {}, resolve: () => {}, reject: () => {} },
  ...{ suspect, waits },
});

/** A process with these tasks in flight. */
const memberOf = (jobs: readonly Job[], ready = true): Member => ({
  child: undefined as never,
  ready,
  preparing: undefined,
  waiting: new Map(),
  inFlight: new Map(jobs.map((job, i) => [i, { job, timer: undefined as never }])),
  behind: new Map(),
  late: undefined,
  given: jobs.length,
});

describe('a task', () => {
  it('goes to the ready process with the least to do', () => {
    const [busy, idle, starting] = [memberOf([jobOf()]), memberOf([]), memberOf([], false)];
    expect(freeMember([busy, starting, idle], jobOf(), 3)).toBe(idle);
    expect(freeMember([busy, starting], jobOf(), 3)).toBe(busy);
    expect(freeMember([busy, starting], jobOf(true), 3)).toBeUndefined();
    expect(freeMember([memberOf([jobOf(), jobOf()])], jobOf(), 1)).toBeUndefined();
  });

  it('goes to no process that has a suspect', () => {
    expect(freeMember([memberOf([jobOf(true)])], jobOf(), 1)).toBeUndefined();
  });

  it('goes to a process that only writes, but not where too much waits to be written', () => {
    const writing = (count: number, bytes: number, suspect = false): Member => {
      const member = memberOf([]);
      for (let i = 0; i < count; i++) member.behind.set(i, { job: jobOf(suspect), bytes });
      return member;
    };
    expect(freeMember([writing(BEHIND - 1, 1)], jobOf(), 1)).toBeDefined();
    expect(freeMember([writing(BEHIND, 1)], jobOf(), 1)).toBeUndefined();
    expect(freeMember([writing(1, BEHIND_BYTES - 1)], jobOf(), 1)).toBeDefined();
    expect(freeMember([writing(1, BEHIND_BYTES)], jobOf(), 1)).toBeUndefined();
    // A suspect is alone in its process.
    expect(freeMember([writing(1, 1)], jobOf(true), 1)).toBeUndefined();
    expect(freeMember([writing(1, 1, true)], jobOf(), 1)).toBeUndefined();
  });

  it('that waits goes to a process that works, but not where many wait, nor beside a suspect that waits', () => {
    const waiting = (count: number, suspect = false): Member => {
      const member = memberOf([jobOf(), jobOf()]);
      for (let i = 0; i < count; i++) member.waiting.set(i + 2, jobOf(suspect, true));
      return member;
    };
    const far = jobOf(false, true);
    expect(freeMember([waiting(WAITING - 3)], far, 1)).toBeDefined();
    expect(freeMember([waiting(WAITING - 2)], far, 1)).toBeUndefined();
    expect(freeMember([waiting(1, true)], far, 1)).toBeUndefined();
    // What waits keeps no other from being worked on at once, but for a suspect.
    const idle = memberOf([]);
    idle.waiting.set(0, far);
    expect(freeMember([idle], jobOf(), 1)).toBe(idle);
    expect(freeMember([idle], jobOf(true, true), 1)).toBeUndefined();
    // The process that is still to come gets its share.
    expect(freeMember([waiting(1)], far, 2)).toBeUndefined();
  });

  it('that waited in a process that ended is no suspect, but where it was one of those that alone were there', () => {
    expect(areSuspects({ begun: [jobOf()], waiting: [jobOf()] })).toBe(false);
    expect(areSuspects({ begun: [], waiting: [jobOf()] })).toBe(true);
  });

  it('is tried again when its process ended, and lost when it was alone there', () => {
    expect(fateOf(jobOf(), true, 'SIGKILL', 3)).toBe('again');
    expect(fateOf(jobOf(true), false, 'SIGSEGV', 3)).toEqual({ lost: 'crashed', how: 'SIGSEGV' });
    expect(fateOf(jobOf(true), true, 'SIGKILL', 3)).toEqual({ lost: 'timeout', how: '3 s' });
  });
});

describe('processes are started', () => {
  it('one, before there is work, and no other until it has handed over', () => {
    expect(toStart(new Set(), 0, false, 4)).toBe(1);
    expect(toStart(new Set([memberOf([], false)]), 9, false, 4)).toBe(0);
  });

  it('as many as the tasks that wait take, two each, but no more than may run', () => {
    const ready = memberOf([jobOf(), jobOf()]);
    expect(toStart(new Set([ready]), 3, true, 4)).toBe(2);
    expect(toStart(new Set([ready]), 90, true, 4)).toBe(3);
    expect(toStart(new Set([ready, memberOf([], false)]), 2, true, 4)).toBe(0);
    expect(toStart(new Set([ready, ready]), 0, true, 4)).toBe(0);
  });
});

it('a further task is let in while fewer wait than there may be processes', () => {
  expect([0, 1, 2].map((waiting) => hasCapacity(waiting, 2))).toEqual([true, true, false]);
});

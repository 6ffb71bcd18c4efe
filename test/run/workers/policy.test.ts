import { describe, expect, it } from 'vitest';
import type { Job, Member } from '../../../src/run/workers/member.js';
import { BEHIND, BEHIND_BYTES, fateOf, freeMember, hasCapacity, toStart } from '../../../src/run/workers/policy.js';

const jobOf = (suspect = false): Job => ({ task: {}, resolve: () => {}, reject: () => {}, suspect });

/** A process with these tasks in flight. */
const memberOf = (jobs: readonly Job[], ready = true): Member => ({
  child: undefined as never,
  ready,
  preparing: undefined,
  inFlight: new Map(jobs.map((job, i) => [i, { job, timer: undefined as never }])),
  behind: new Map(),
  late: undefined,
  given: jobs.length,
});

describe('a task', () => {
  it('goes to the ready process with the least to do', () => {
    const [busy, idle, starting] = [memberOf([jobOf()]), memberOf([]), memberOf([], false)];
    expect(freeMember([busy, starting, idle], 2)).toBe(idle);
    expect(freeMember([busy, starting], 2)).toBe(busy);
    expect(freeMember([busy, starting], 1)).toBeUndefined();
  });

  it('goes to no process that has a suspect', () => {
    expect(freeMember([memberOf([jobOf(true)])], 2)).toBeUndefined();
  });

  it('goes to a process that only writes, but not where too much waits to be written', () => {
    const writing = (count: number, bytes: number, suspect = false): Member => {
      const member = memberOf([]);
      for (let i = 0; i < count; i++) member.behind.set(i, { job: jobOf(suspect), bytes });
      return member;
    };
    expect(freeMember([writing(BEHIND - 1, 1)], 2)).toBeDefined();
    expect(freeMember([writing(BEHIND, 1)], 2)).toBeUndefined();
    expect(freeMember([writing(1, BEHIND_BYTES - 1)], 2)).toBeDefined();
    expect(freeMember([writing(1, BEHIND_BYTES)], 2)).toBeUndefined();
    // A suspect is alone in its process.
    expect(freeMember([writing(1, 1)], 1)).toBeUndefined();
    expect(freeMember([writing(1, 1, true)], 2)).toBeUndefined();
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

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newTally, type Tally } from '../../src/run/tally.js';
import { countPhotos, inTime, progressLine, showListing, showProgress } from '../../src/terminal/progress.js';
import { recordingTerminal } from '../helpers/terminal.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts so many seconds after the first photo was begun. */
const tallyAfter = (seconds: number, counts: Partial<Tally> = {}): Tally => {
  const tally = { ...newTally(), start: performance.now(), ...counts };
  vi.advanceTimersByTime(seconds * 1000);
  return tally;
};

describe('how far a run is', () => {
  it('is counted while nobody knows how many photos there are', () => {
    expect(progressLine(tallyAfter(2, { done: 50 }), undefined)).toBe('50 done, 0 failed, 25.0 photos/s');
  });

  it('is told with the time that is left, at the rate of what this run does itself', () => {
    const tally = tallyAfter(10, {
      done: 90,
      skipped: 800,
      failures: new Map([
        ['empty', 7],
        ['missing', 3],
      ]),
    });
    expect(progressLine(tally, 2000)).toBe('900 of 2000 done, 10 failed, 10.0 photos/s, 2 min left');
  });

  it('is told in more digits where a photo takes seconds, as measured ones do', () => {
    expect(progressLine(tallyAfter(60, { done: 3 }), 5)).toBe('3 of 5 done, 0 failed, 0.05 photos/s, 40 s left');
  });

  it('has no time left before the first photo is done', () => {
    expect(progressLine(tallyAfter(3), 40)).toBe('0 of 40 done, 0 failed, 0.0 photos/s');
  });

  it('is never less than nothing, where photos came while it was counted', () => {
    expect(progressLine(tallyAfter(1, { done: 12 }), 10)).toBe('12 of 10 done, 0 failed, 12.0 photos/s, 0 s left');
  });

  it.each([
    [0, '0 s'],
    [0.2, '1 s'],
    [89.9, '90 s'],
    [90, '2 min'],
    [89 * 60, '89 min'],
    [90 * 60, '2 h'],
    [47 * 3600, '47 h'],
    [48 * 3600, '2 days'],
    [1e6, '12 days'],
  ])('is told in the units of people: %s seconds are %s', (seconds, words) => {
    expect(inTime(seconds)).toBe(words);
  });
});

describe('progress', () => {
  it('is a line every five seconds where there is no terminal', async () => {
    const { terminal, notes, statuses } = recordingTerminal();
    const tally = tallyAfter(0);
    const end = showProgress(terminal, tally, Promise.resolve(40));
    await Promise.resolve();
    vi.advanceTimersByTime(4999);
    expect(notes).toEqual([]);
    tally.done = 10;
    vi.advanceTimersByTime(1);
    expect(notes).toEqual(['10 of 40 done, 0 failed, 2.0 photos/s, 15 s left']);
    vi.advanceTimersByTime(10_000);
    expect(notes).toHaveLength(3);
    end();
    vi.advanceTimersByTime(60_000);
    expect(notes).toHaveLength(3);
    expect(statuses).toEqual([]);
  });

  it('is a bar on a terminal, no wider than it, and is taken away in the end', async () => {
    const { terminal, notes, statuses } = recordingTerminal(50);
    const tally = tallyAfter(0);
    const end = showProgress(terminal, tally, Promise.resolve(40));
    await Promise.resolve();
    tally.done = 10;
    vi.advanceTimersByTime(5000);
    expect(statuses).toHaveLength(25);
    expect(statuses[24]).toBe(`${'█'.repeat(6)}${'░'.repeat(18)} 10 of 40 done, 0 failed,`);
    expect(statuses.every((line) => line !== undefined && line.length < 50)).toBe(true);
    end();
    expect(statuses.at(-1)).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    expect(statuses).toHaveLength(26);
    expect(notes).toEqual([]);
  });

  it('tells how many photos were listed before the run, where that takes longer', () => {
    const { terminal, notes } = recordingTerminal();
    const { onListed, stop } = showListing(terminal, 'to choose some');
    vi.advanceTimersByTime(4999);
    expect(notes).toEqual([]);
    for (let i = 0; i < 3; i++) onListed();
    vi.advanceTimersByTime(1);
    expect(notes).toEqual(['3 photos listed to choose some']);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(notes).toHaveLength(1);
  });

  it('counts the photos of the shard alone, and stops counting when the run has ended', async () => {
    const photos = Array.from({ length: 5000 }, (_, i) => ({ photo: `${i}.jpg`, address: '', displayPath: '' }));
    const { signal } = new AbortController();
    expect(await countPhotos(photos, undefined, signal)).toBe(5000);
    const shards = [1, 2, 3].map((index) => countPhotos(photos, { index, count: 3 }, signal));
    expect((await Promise.all(shards)).reduce((a = 0, b = 0) => a + b, 0)).toBe(5000);
    expect(await countPhotos(photos, undefined, AbortSignal.abort())).toBeUndefined();
  });
});

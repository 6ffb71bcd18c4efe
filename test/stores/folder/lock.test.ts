import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folder } from '../../../src/stores/folder/folder.js';
import { lock, release } from '../../../src/stores/folder/lock.js';
import { newMark, parseMark } from '../../../src/stores/mark.js';
import { temporaryFolder } from '../../helpers/folders.js';

const MINUTE = 60_000;

let output: string;
const markFile = (): string => join(output, '.gapcam', 'run');
const ownToken = (): string | undefined => parseMark(readFileSync(markFile(), 'utf8'))?.token;

beforeEach(() => {
  output = temporaryFolder();
});
afterEach(() => release(output));

/** Another run's mark, last touched so many milliseconds ago. */
const leaveMark = (mark: object, age = 0): void => {
  mkdirSync(join(output, '.gapcam'), { recursive: true });
  writeFileSync(markFile(), JSON.stringify({ ...newMark(), token: 'another', host: 'elsewhere', ...mark }));
  const touched = (Date.now() - age) / 1000;
  utimesSync(markFile(), touched, touched);
};

// This process is alive, whatever its number means in the other space.
const inContainer = { space: 'another container' };
const refused = { code: 'output-in-use', message: expect.stringMatching(/Another run is writing to .* on elsewhere/) };

describe('the mark of a run in its folder', () => {
  it('keeps others out until it is released, and leaves nothing', () => {
    lock(output);
    expect(() => lock(output)).toThrow(/Another run is writing/);
    release(output);
    expect(existsSync(join(output, '.gapcam'))).toBe(false);
    lock(output);
  });

  it('of a process that is seen from here counts while that lives, however old the mark', () => {
    leaveMark({}, 10 * MINUTE);
    expect(() => lock(output)).toThrow(expect.objectContaining(refused));
  });

  // Their numbers go up to 2^22 on Linux and 99,998 on macOS.
  it.each([
    { what: 'has ended', mark: { process: 2 ** 30 } },
    { what: 'has ended, and whose number another has by now', mark: { started: 'earlier' } },
  ])('of a process that $what does not count, however new the mark', ({ mark }) => {
    leaveMark(mark);
    lock(output);
    expect(ownToken()).not.toBe('another');
  });

  it('of a process in another container counts while it is touched', () => {
    leaveMark(inContainer, MINUTE / 2);
    expect(() => lock(output)).toThrow(expect.objectContaining(refused));
    leaveMark(inContainer, 2 * MINUTE);
    lock(output);
    expect(ownToken()).not.toBe('another');
  });

  it('is judged by the clock of the disk, not by that of this machine', () => {
    leaveMark(inContainer);
    const ahead = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10 * MINUTE);
    expect(() => lock(output)).toThrow(expect.objectContaining(refused));
    ahead.mockRestore();
  });

  it('that is none of this program is left alone', () => {
    mkdirSync(join(output, '.gapcam'));
    writeFileSync(markFile(), 'my run of 10 km');
    expect(() => lock(output)).toThrow(/run is not this program's own, and is not replaced/);
    expect(readFileSync(markFile(), 'utf8')).toBe('my run of 10 km');
  });

  it.each([
    { what: 'a folder', make: (file: string) => mkdirSync(file) },
    { what: 'a link', make: (file: string) => symlinkSync('/etc/hostname', file) },
    {
      what: 'larger than any text',
      make: (file: string) => {
        writeFileSync(file, '');
        truncateSync(file, 2 ** 33);
      },
    },
  ])('that is $what is no mark, and is not read', ({ make }) => {
    mkdirSync(join(output, '.gapcam'));
    make(markFile());
    expect(() => lock(output)).toThrow(/run is not this program's own, and is not replaced/);
    expect(existsSync(markFile())).toBe(true);
  });

  it('of another machine keeps nobody out for ever where it was left with a time to come, as by a wrong clock', () => {
    leaveMark(inContainer, -MINUTE / 2);
    expect(() => lock(output)).toThrow(expect.objectContaining(refused));
    leaveMark(inContainer, -2 * MINUTE);
    lock(output);
    expect(ownToken()).not.toBe('another');
  });

  describe('while the run goes on', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('is touched, so that the disk notes its own time', () => {
      const lost = lock(output);
      utimesSync(markFile(), 0, 0);
      vi.advanceTimersByTime(MINUTE / 2);
      expect(statSync(markFile()).mtimeMs).toBeGreaterThan(0);
      expect(lost.aborted).toBe(false);
    });

    it.each([
      { what: 'another run has taken over', change: () => leaveMark(inContainer) },
      { what: 'somebody has removed', change: () => unlinkSync(markFile()) },
    ])('ends the run where $what', ({ change }) => {
      const lost = lock(output);
      change();
      vi.advanceTimersByTime(MINUTE / 2);
      expect(lost.reason).toMatchObject({ code: 'output-in-use' });
      const there = existsSync(markFile());
      release(output);
      // What is another's stays.
      expect(existsSync(markFile())).toBe(there);
    });

    it.each([
      { what: 'lets it write where the mark is still its own', takenOver: false },
      { what: 'lets it write nothing where another has taken over meanwhile', takenOver: true },
    ])('and was stopped for an hour, $what', async ({ takenOver }) => {
      const store = folder(output);
      await store.lock();
      await store.put('kept', 'x');
      const lines = await store.append('lines');
      if (takenOver) leaveMark(inContainer);
      // No timer has fired yet when a process goes on.
      const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60 * MINUTE);
      const works = [
        () => store.put('kept', 'y'),
        () => store.create('new', 'y'),
        () => lines.append('y'),
        () => store.remove('kept'),
      ];
      for (const work of works) {
        if (takenOver) await expect(work()).rejects.toMatchObject({ code: 'output-in-use' });
        else await work();
      }
      later.mockRestore();
      await lines.close();
      expect(existsSync(join(output, 'kept'))).toBe(takenOver);
      expect(existsSync(join(output, 'new'))).toBe(!takenOver);
      expect(readFileSync(join(output, 'lines'), 'utf8')).toBe(takenOver ? '' : 'y\n');
    });
  });
});

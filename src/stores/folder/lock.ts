import { closeSync, fstatSync, linkSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, UsageError } from '../../errors.js';
import { hasEnded, type Mark, newMark, parseMark } from '../mark.js';
import { makeFolder } from './atomic.js';
import { nameTaken, writeError } from './errors.js';
import { entryAt } from './inside.js';
import { clearScratch, removeScratch, scratch, temporaryIn, unlinkIfThere } from './scratch.js';

/**
 * One run at a time writes to an output folder. It makes a mark there, which only one can make, and touches it while it runs.
 * Another run's mark counts while its process lives, where that can be seen from here. Elsewhere it counts until a minute after
 * it was last touched, by the clock of the disk alone.
 */

// In milliseconds: how often a run touches its mark, and after which silence its run counts as ended.
const [TOUCHED, FORGOTTEN] = [10_000, 60_000];

const MARK = '.gapcam/run';

const markIn = (output: string): string => join(output, MARK);

// A mark has some 300 bytes.
const LARGEST = 4096;

/** A mark of this process, which it holds. */
interface Held {
  readonly mark: Mark;
  readonly touching: NodeJS.Timeout;
  readonly lost: AbortController;
  /** When the mark was last seen to be this run's, by the clock of this machine. */
  seen: number;
}

/** The marks of this process, by folder. */
const own = new Map<string, Held>();

/** The text of a mark, and when it was touched. Undefined where there is none. What cannot be a mark has no text. */
const readMark = (output: string): { readonly text: string; readonly touched: number } | undefined => {
  const there = entryAt(markIn(output));
  if (there === undefined) return undefined;
  if (!there.isFile() || there.size > LARGEST) return { text: '', touched: there.mtimeMs };
  // Opened, as a network disk may remember an older time of a file that is only looked at.
  const file = openSync(markIn(output), 'r');
  try {
    return { text: readFileSync(file, 'utf8'), touched: fstatSync(file).mtimeMs };
  } finally {
    closeSync(file);
  }
};

/** The time on the disk's own clock, in milliseconds. */
const diskTime = (output: string): number => {
  const probe = temporaryIn(output);
  const file = openSync(probe, 'wx');
  try {
    writeFileSync(file, ' ');
    return fstatSync(file).mtimeMs;
  } finally {
    closeSync(file);
    unlinkIfThere(probe);
  }
};

const inUse = (output: string, { process: id, host }: Mark): UsageError =>
  new UsageError(
    'output-in-use',
    `Another run is writing to ${output} now (process ${id} on ${host}); wait for it, or choose another --output. If it was killed, wait a minute.`,
  );

/** Moves the mark of an ended run away. @throws UsageError `output-in-use` where its run goes on, or another was faster. */
const clearMark = (output: string): void => {
  const found = readMark(output);
  if (found === undefined) return;
  const mark = parseMark(found.text);
  if (mark === undefined) throw nameTaken(output, MARK, "not this program's own");
  // A time to come is of a clock that was wrong, since whoever is there would have touched the mark again.
  if (!(hasEnded(mark) ?? Math.abs(diskTime(output) - found.touched) > FORGOTTEN)) throw inUse(output, mark);
  const aside = temporaryIn(output);
  renameSync(markIn(output), aside);
  const moved = readFileSync(aside, 'utf8');
  if (moved !== found.text) {
    // A run that came between had replaced the mark.
    linkSync(aside, markIn(output));
    unlinkIfThere(aside);
    throw inUse(output, parseMark(moved) ?? mark);
  }
  unlinkIfThere(aside);
};

/** Writes the mark anew, which the disk notes with its own time. @returns whether the mark was still this run's. */
const touch = (output: string, mark: Mark): boolean => {
  try {
    const found = readMark(output);
    if (found !== undefined && parseMark(found.text)?.token !== mark.token) return false;
    const file = openSync(markIn(output), 'r+');
    try {
      writeSync(file, found?.text ?? JSON.stringify(mark), 0);
      return true;
    } finally {
      closeSync(file);
    }
  } catch {
    // The disk is gone for now, or the folder for good. Writing the next picture reports it.
    return entryAt(output) === undefined || entryAt(markIn(output)) !== undefined;
  }
};

/** Makes the mark. @returns it. @throws UsageError `output-in-use` where another run was faster. */
const makeMark = (output: string): Mark => {
  const mark = newMark();
  const temporary = temporaryIn(output);
  writeFileSync(temporary, JSON.stringify(mark), { flag: 'wx' });
  try {
    // Whole from the start, and only where there is none.
    linkSync(temporary, markIn(output));
  } catch (error) {
    const other = readMark(output);
    if (systemCode(error) === 'EEXIST') throw inUse(output, parseMark(other?.text ?? '') ?? mark);
    // A file system without links. Two runs that start in the same moment are told apart when they touch their marks.
    renameSync(temporary, markIn(output));
    return mark;
  }
  unlinkIfThere(temporary);
  return mark;
};

/** Touches the mark. Where it is another run's by now, aborts `lost`. */
const keep = (output: string, held: Held): void => {
  if (touch(output, held.mark)) {
    held.seen = Date.now();
    return;
  }
  clearInterval(held.touching);
  const message = `Another run has taken ${output} over, or the mark in ${scratch(output)} was removed; this one ends. Run it again once no other does.`;
  held.lost.abort(new UsageError('output-in-use', message));
};

const keepTouched = (output: string, mark: Mark): AbortSignal => {
  const touching = setInterval(() => keep(output, held), TOUCHED);
  const held: Held = { mark, touching, lost: new AbortController(), seen: Date.now() };
  touching.unref();
  own.set(output, held);
  return held.lost.signal;
};

/**
 * Looks at the mark before something is written, where the last look is long ago: a run that was stopped, with its machine or
 * alone, may have been taken for ended meanwhile. Does nothing in a process that holds no mark.
 * @throws UsageError `output-in-use` where another run has taken the folder over.
 */
export const requireHeld = (output: string): void => {
  const held = own.get(output);
  if (held === undefined) return;
  if (!held.lost.signal.aborted && Math.abs(Date.now() - held.seen) > 2 * TOUCHED) keep(output, held);
  held.lost.signal.throwIfAborted();
};

/** @see Store.lock */
export const lock = (output: string): AbortSignal => {
  try {
    makeFolder(output);
    const there = entryAt(scratch(output));
    if (there !== undefined && !there.isDirectory()) {
      throw nameTaken(output, '.gapcam', there.isSymbolicLink() ? 'a link' : 'no folder');
    }
    makeFolder(scratch(output));
    clearMark(output);
    const mark = makeMark(output);
    clearScratch(output);
    return keepTouched(output, mark);
  } catch (error) {
    throw writeError(output, error);
  }
};

/** @see Store.release */
export const release = (output: string): void => {
  const held = own.get(output);
  if (held === undefined) return;
  own.delete(output);
  clearInterval(held.touching);
  if (parseMark(readMark(output)?.text ?? '')?.token !== held.mark.token) return;
  unlinkIfThere(markIn(output));
  removeScratch(output);
};

import { setImmediate } from 'node:timers/promises';
import type { Shard } from '../results/settings.js';
import { isInShard } from '../run/shard.js';
import type { Discovery } from '../run/sources/source.js';
import { failedOf, rateOf, type Tally, unreadOf } from '../run/tally.js';
import { nameSet } from '../stores/name-set.js';
import type { Terminal } from './contract.js';

const BAR = 24;

/** Milliseconds between two redraws of the bar; between two lines where there is no terminal. */
const [REDRAW, REPORT] = [200, 5000];

/** Seconds as a person says them. */
export const inTime = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
};

/** Photos that need nothing more. */
const finishedOf = (tally: Tally): number => tally.done + tally.skipped + tally.own + failedOf(tally) + unreadOf(tally);

/** How far a run is. @param total of its photos; undefined while they are still counted. */
export const progressLine = (tally: Tally, total: number | undefined): string => {
  const finished = finishedOf(tally);
  const rate = rateOf(tally);
  const parts = [
    total === undefined ? `${finished} done` : `${finished} of ${total} done`,
    `${failedOf(tally)} failed`,
  ];
  // Photos that are measured take seconds.
  parts.push(`${rate.toFixed(rate > 0 && rate < 1 ? 2 : 1)} photos/s`);
  if (total !== undefined && rate > 0) parts.push(`${inTime(Math.max(0, total - finished) / rate)} left`);
  return parts.join(', ');
};

const barOf = (tally: Tally, total: number | undefined): string => {
  if (total === undefined || total === 0) return '';
  const share = Math.min(1, finishedOf(tally) / total);
  return `${'█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░')} `;
};

/** Counts the photos while the run goes on. It lists them a second time, since a million names are not kept in memory. */
export const countPhotos = async (
  photos: Iterable<Discovery> | AsyncIterable<Discovery>,
  shard: Shard | undefined,
  signal: AbortSignal,
): Promise<number | undefined> => {
  // As in the run itself, a photo that is given twice is one.
  const met = nameSet();
  let count = 0;
  let looked = 0;
  for await (const { photo } of photos) {
    if (++looked % 1000 === 0) await setImmediate();
    if (signal.aborted) return undefined;
    if ((shard === undefined || isInShard(photo, shard)) && met.add(photo)) count++;
  }
  return count;
};

/** Shows a line again and again until it is told to stop: in place on a terminal, elsewhere one every few seconds. */
const shownOf = (terminal: Terminal, bar: () => string, line: () => string): (() => void) => {
  const { note, status } = terminal;
  const show = () => {
    // A window may change its width.
    const { width } = terminal;
    if (width === undefined) note(line());
    else status((bar() + line()).slice(0, width - 1));
  };
  const isTerminal = terminal.width !== undefined;
  const timer = setInterval(show, isTerminal ? REDRAW : REPORT);
  return () => {
    clearInterval(timer);
    if (isTerminal) status(undefined);
  };
};

/** Shows how many photos were listed before a run begins. @param purpose for what they are, in words. */
export const showListing = (terminal: Terminal, purpose: string) => {
  let count = 0;
  return {
    onListed: (): void => {
      count++;
    },
    stop: shownOf(
      terminal,
      () => '',
      () => `${count} photos listed ${purpose}`,
    ),
  };
};

/**
 * Shows how far a run is, until it is told to stop: a bar on a terminal, elsewhere a line every few seconds.
 * @param counting gives the number of photos when it is known.
 */
export const showProgress = (terminal: Terminal, tally: Tally, counting: Promise<number | undefined>): (() => void) => {
  let total: number | undefined;
  counting.then(
    (count) => {
      total = count;
    },
    // What keeps photos from being counted ends the run itself, in a sentence, or has passed by then.
    () => {},
  );
  return shownOf(
    terminal,
    () => barOf(tally, total),
    () => progressLine(tally, total),
  );
};

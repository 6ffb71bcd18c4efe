import { isOrientation } from '../image/orientation.js';
import { type NameTable, nameTable } from '../stores/name-set.js';
import type { Store } from '../stores/store.js';
import { isError, type ManifestLine, parse, UNREAD_FORMAT } from './line.js';
import { wholeLines } from './manifest.js';
import { scan } from './scan.js';
import { isSoundLine } from './sound.js';

/** Whether all of a line can be used elsewhere: its classes are the run's. @param classes number of these. */
const isUsable = (line: ManifestLine, classes: number): boolean =>
  isSoundLine(line) &&
  (isError(line) || (isOrientation(line.orientation ?? 1) && line.maps.every(({ class: index }) => index < classes)));

/** Reads and checks a line. @param classes number of the run's classes. @returns undefined where it cannot be read. */
export const usableLine = (text: string, classes: number): ManifestLine | undefined => {
  const line = parse(text);
  return line !== undefined && isUsable(line, classes) ? line : undefined;
};

/** Which lines count: a run that was killed may leave an older line of a photo before its newest. */
interface Lines {
  readonly count: number;
  readonly newest: number;
  /** For each photo the number of its last line. Undefined: no photo has two. */
  readonly last: NameTable | undefined;
}

const linesIn = async (
  store: Store,
  signal: AbortSignal | undefined,
  onPhoto: (photo: string) => void,
): Promise<Lines> => {
  const last = nameTable();
  let [count, named, newest] = [0, 0, 0];
  for await (const text of wholeLines(store, signal)) {
    const { photo, explained = 0, failure } = scan(text) ?? {};
    newest = Math.max(newest, explained);
    if (photo !== undefined) {
      last.set(photo, count, 0);
      if (failure !== UNREAD_FORMAT) onPhoto(photo);
      named++;
    }
    count++;
  }
  return { count, newest, last: last.size() < named ? last : undefined };
};

/** A line that counts, as it lies in the manifest. */
export interface LatestLine {
  readonly text: string;
  /** The photo's name in the results. Undefined: the line cannot be read. */
  readonly photo: string | undefined;
  /** Whether its file is no photo that is read. */
  readonly isUnread: boolean;
}

/** The lines of a run that count. */
export interface LatestLines {
  /** Number of lines, of photos that have several too. */
  readonly count: number;
  /** When the last of its photos was explained, in milliseconds since 1970. 0: no line tells. */
  readonly newest: number;
  /**
   * Each photo's newest line, in the manifest's order, and those that cannot be read. Each call reads the manifest anew, up to the
   * lines that it has now, whatever the run adds meanwhile.
   * @throws UsageError `damaged-run`, `later-run`; the signal's reason.
   */
  readonly read: () => AsyncGenerator<LatestLine>;
}

/**
 * Looks through a run's manifest once.
 * @param onPhoto told of each photo as it is met, of one with several lines as often.
 * @throws UsageError `damaged-run`, `later-run`.
 */
export const latestLines = async (
  store: Store,
  signal?: AbortSignal,
  onPhoto: (photo: string) => void = () => {},
): Promise<LatestLines> => {
  const { count, newest, last } = await linesIn(store, signal, onPhoto);
  return {
    count,
    newest,
    read: async function* () {
      let number = -1;
      for await (const text of wholeLines(store, signal)) {
        if (++number === count) break;
        const { photo, failure } = scan(text) ?? {};
        if (photo !== undefined && (last?.get(photo)?.value ?? number) !== number) continue;
        yield { text, photo, isUnread: failure === UNREAD_FORMAT };
      }
      // The lines end where the person interrupts: some of the photos must not pass for all.
      signal?.throwIfAborted();
    },
  };
};

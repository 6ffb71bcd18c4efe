import type { PhotoFile } from '../sources/source.js';
import { IN_FLIGHT } from './policy.js';
import type { Says } from './serve.js';

/** Fetching photos ahead in one process, so that none of its time is spent on waiting for bytes. */

// Requests at once, and bytes of photos that are fetched or wait for their turn.
export const [FETCHES, HELD] = [16, 2 ** 26];

// What a photo is taken to have before the first has come: so few are asked for at once that none fills the memory.
const LIKELY = 2 ** 24;

/** A photo whose bytes lie far away. */
export interface Far {
  /** How many there are, where that is known. */
  readonly bytes: number | undefined;
}

/** A photo's turn. */
interface Turn {
  readonly read: () => Promise<PhotoFile>;
  /** Makes room for the next photo. Called once or more often. */
  readonly end: () => void;
}

interface Ahead {
  /**
   * Fetches a photo as soon as there is room, then waits for its turn.
   * @param bytes that it has, where that is known.
   */
  readonly fetched: (read: () => Promise<PhotoFile>, bytes: number | undefined) => Promise<Turn>;
  /** The turn of a photo that need not be waited for: it is begun at once, and others wait. */
  readonly atOnce: (read: () => Promise<PhotoFile>) => Turn;
  /**
   * Works on a photo in its turn, and says when that is. The turn ends with the work, or when only writing is left of it.
   * @param far undefined: it need not be waited for.
   */
  readonly inTurn: <T>(
    read: () => Promise<PhotoFile>,
    far: Far | undefined,
    says: Says,
    work: (read: () => Promise<PhotoFile>, onlyWrites: (bytes: number) => void) => Promise<T>,
  ) => Promise<T>;
  /** None that waits has a turn any more. */
  readonly forget: () => void;
}

/** Callers that wait for room, in their order. */
const waitingList = (hasRoom: (bytes: number) => boolean) => {
  const waiting: { readonly bytes: () => number; readonly go: () => void }[] = [];
  const letIn = (): void => {
    while (waiting.length > 0 && hasRoom(waiting[0].bytes())) waiting.shift()?.go();
  };
  return {
    letIn,
    /** @param enter is called at once when there is room. */
    wait: (bytes: () => number, enter: () => void): Promise<void> =>
      new Promise((resolve) => {
        const go = () => {
          enter();
          resolve();
        };
        waiting.push({ bytes, go });
        letIn();
      }),
    clear: () => waiting.splice(0),
  };
};

const once = (work: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
};

/** @param working photos that are worked on at once. */
export const readAhead = (working = IN_FLIGHT): Ahead => {
  let [fetching, held, begun, usual] = [0, 0, 0, LIKELY];
  const toFetch = waitingList((bytes) => fetching < FETCHES && (held === 0 || held + bytes <= HELD));
  const toBegin = waitingList(() => begun < working);
  const end = () => {
    begun--;
    toBegin.letIn();
  };
  /** Fetches, and holds the bytes until the photo's turn. */
  const fetch = async (read: () => Promise<PhotoFile>, known: number | undefined) => {
    let bytes = 0;
    const expected = () => known ?? usual;
    await toFetch.wait(expected, () => {
      bytes = expected();
      fetching++;
      held += bytes;
    });
    const file = read();
    const size = await file.then(
      (found) => found.bytes.length,
      () => 0,
    );
    fetching--;
    held += size - bytes;
    if (size > 0) usual = size;
    toFetch.letIn();
    return { file, size };
  };
  const fetched: Ahead['fetched'] = async (read, known) => {
    const { file, size } = await fetch(read, known);
    await toBegin.wait(
      () => 0,
      () => {
        begun++;
      },
    );
    held -= size;
    toFetch.letIn();
    return { read: () => file, end: once(end) };
  };
  const atOnce: Ahead['atOnce'] = (read) => {
    begun++;
    return { read, end: once(end) };
  };
  return {
    fetched,
    atOnce,
    inTurn: async (read, far, { begins, onlyWrites }, work) => {
      const turn = far === undefined ? atOnce(read) : await fetched(read, far.bytes);
      if (far !== undefined) begins();
      try {
        return await work(turn.read, (bytes) => {
          turn.end();
          onlyWrites(bytes);
        });
      } finally {
        turn.end();
      }
    },
    forget: () => {
      toFetch.clear();
      toBegin.clear();
    },
  };
};

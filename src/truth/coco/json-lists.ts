import type { Hash } from 'node:crypto';
import { openRegular } from '../../regular-file.js';
import { CLOSE, CLOSE_LIST, COLON, COMMA, isSpace, OPEN, OPEN_LIST, ownValue, valueEnd } from './json-values.js';
import { type Window, windowOf } from './window.js';

/**
 * Reads the lists of a JSON object element by element: of a file of any size, no more than the element and a block are held.
 * A stream of tokens, as libraries make them, takes ten times as long, and would make an object of each number of each
 * polygon, which are most of such a file and are not needed.
 */

/** Where a text lies in the file, in bytes. */
interface TextPlace {
  readonly start: number;
  readonly length: number;
}

/** One element of a list. */
export interface ListElement extends TextPlace {
  readonly list: string;
  /** Its value, where what was cut out of it is null. */
  readonly value: unknown;
  /** What was cut out. Undefined: nothing. */
  readonly cut: TextPlace | undefined;
}

export interface ListRequest {
  /** Lists by name, with the key of each element that is cut out unread; undefined: none. */
  readonly lists: Readonly<Record<string, string | undefined>>;
  readonly visit: (element: ListElement) => void;
  /** Takes all bytes of the file. */
  readonly digest: Hash;
  /** Bytes to read at a time, at least. Undefined: as many as is fast. */
  readonly block?: number | undefined;
}

const MARK = Buffer.from('\ufeff');

/** The element's value, with null for what is cut out of it. */
const elementIn = (bytes: Buffer, start: number, end: number, cutKey: string | undefined) => {
  const cut = cutKey === undefined ? undefined : ownValue(bytes.subarray(start, end), cutKey);
  if (cut === undefined) return { value: JSON.parse(bytes.toString('utf8', start, end)) as unknown };
  const [from, to] = [start + cut.from, start + cut.to];
  const text = `${bytes.toString('utf8', start, from)}null${bytes.toString('utf8', to, end)}`;
  return { value: JSON.parse(text) as unknown, cut: { from, to } };
};

/** Goes through the top of the file: `{`, keys, values, `}`. */
const reader = (window: Window) => {
  let at = 0;
  const isLeft = async () => at < window.bytes().length || (await step());
  const step = async () => {
    const isMore = await window.more(at);
    at = 0;
    return isMore;
  };
  /** The next byte that is no space. -1: the file ends. */
  const peek = async (): Promise<number> => {
    for (;;) {
      if (!(await isLeft())) return -1;
      if (!isSpace(window.bytes()[at])) return window.bytes()[at];
      at++;
    }
  };
  return {
    peek,
    /** The byte order mark that some editors put first. */
    skipMark: async (): Promise<void> => {
      await isLeft();
      if (window.bytes().subarray(0, MARK.length).equals(MARK)) at += MARK.length;
    },
    skip: () => {
      at++;
    },
    /** @throws Error where another character comes. */
    expect: async (wanted: number): Promise<void> => {
      const found = await peek();
      if (found < 0) throw new Error('it ends too early');
      const place = window.placeOf(at);
      if (found !== wanted) {
        throw new Error(`Expected ${String.fromCharCode(wanted)} at byte ${place}, not ${String.fromCharCode(found)}`);
      }
      at++;
    },
    /** Start and end of the next value, in the window. */
    value: async (): Promise<readonly [number, number]> => {
      if ((await peek()) < 0) throw new Error('it ends too early');
      for (;;) {
        const end = valueEnd(window.bytes(), at);
        if (end === at) throw new Error(`a value is missing at byte ${window.placeOf(at)}`);
        if (end > 0) {
          const start = at;
          at = end;
          return [start, end];
        }
        if (!(await step())) throw new Error('it ends too early');
      }
    },
  };
};

type Reader = ReturnType<typeof reader>;

/** Whether another element or key follows. Takes the comma, or the closing character. */
const goesOn = async ({ peek, skip, expect }: Reader, closing: number): Promise<boolean> => {
  if ((await peek()) === closing) {
    skip();
    return false;
  }
  await expect(COMMA);
  return true;
};

/** @param visit called with start and end of each element. */
const readList = async (read: Reader, visit: (start: number, end: number) => void): Promise<void> => {
  await read.expect(OPEN_LIST);
  if ((await read.peek()) === CLOSE_LIST) return read.skip();
  do {
    const [start, end] = await read.value();
    visit(start, end);
  } while (await goesOn(read, CLOSE_LIST));
};

const readObject = async (window: Window, { lists, visit }: ListRequest): Promise<ReadonlySet<string> | undefined> => {
  const read = reader(window);
  await read.skipMark();
  const found = new Set<string>();
  const name = async (): Promise<string> => {
    const [start, end] = await read.value();
    return String(JSON.parse(window.bytes().toString('utf8', start, end)));
  };
  if ((await read.peek()) !== OPEN) return undefined;
  read.skip();
  if ((await read.peek()) === CLOSE) read.skip();
  else {
    do {
      const list = await name();
      await read.expect(COLON);
      const isWanted = Object.hasOwn(lists, list);
      if ((await read.peek()) !== OPEN_LIST) await read.value();
      else {
        if (isWanted && found.has(list)) throw new Error(`it has two lists of ${list}`);
        if (isWanted) found.add(list);
        await readList(read, (start, end) => {
          if (!isWanted) return;
          const { value, cut } = elementIn(window.bytes(), start, end, lists[list]);
          const placed = cut && { start: window.placeOf(cut.from), length: cut.to - cut.from };
          visit({ list, value, cut: placed, start: window.placeOf(start), length: end - start });
        });
      }
    } while (await goesOn(read, CLOSE));
  }
  if ((await read.peek()) >= 0) throw new Error('something follows its end');
  return found;
};

/**
 * Reads lists of the JSON object in a file.
 * @returns the names of those that it has. Undefined: the file holds something else than an object.
 * @throws Error that says why the file is no JSON; what `visit` throws; the system's error.
 */
export const readLists = async (path: string, request: ListRequest): Promise<ReadonlySet<string> | undefined> => {
  const handle = await openRegular(path);
  try {
    return await readObject(windowOf(handle, request.digest, request.block), request);
  } finally {
    await handle.close();
  }
};

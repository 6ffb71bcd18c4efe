import { reasonOf, UsageError } from '../errors.js';
import type { Store } from '../stores/store.js';
import { NUMBERS_VERSION, parse, versionOf } from './line.js';
import { type ScannedLine, scan, scannedOf } from './scan.js';

export const MANIFEST = 'manifest.jsonl';

const [NEWLINE, RETURN] = [10, 13];

// Longest line that is read, in bytes: maps of a thousand classes with ten thousand cells each. Node's longest text is twice that.
const LONGEST = 2 ** 28;

/** A line as it lies in the manifest. */
export interface StoredLine {
  /** Without its line feed. Empty where it is too long to be read. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** Position of its first byte. */
  readonly start: number;
  /** Whether its line feed is there. A last line without one is torn, or somebody removed only that. */
  readonly isEnded: boolean;
}

/** @throws UsageError `later-run`. This version would drop or change fields that it does not know. */
const known = (line: string, { place }: Store): string => {
  const version = versionOf(line);
  if (version <= NUMBERS_VERSION) return line;
  const message = `The ${MANIFEST} of ${place} has lines of version ${version} by a later gapcam, and this one reads up to ${NUMBERS_VERSION}; update gapcam, or choose another --output.`;
  throw new UsageError('later-run', message);
};

async function* pieces(store: Store, start: number): AsyncGenerator<Uint8Array> {
  if (!(await store.has(MANIFEST))) return;
  try {
    yield* store.read(MANIFEST, start);
  } catch (error) {
    const message = `${store.pathOf(MANIFEST) ?? `${store.place}/${MANIFEST}`} cannot be read (${reasonOf(error)}); choose another --output.`;
    throw new UsageError('damaged-run', message, error);
  }
}

/** Text of a line. A manifest that went through Windows may have a carriage return before each line feed. */
const textOf = (bytes: Buffer, from: number, end: number): string =>
  end - from > LONGEST ? '' : bytes.toString('utf8', from, bytes[end - 1] === RETURN ? end - 1 : end);

/**
 * Lines of the manifest, but for empty ones. None where there is no manifest. Stops when the signal is aborted.
 * @param from position of the first byte of a line.
 * @throws UsageError `damaged-run`, `later-run`.
 */
export async function* storedLines(store: Store, signal?: AbortSignal, from = 0): AsyncGenerator<StoredLine> {
  let rest: Buffer[] = [];
  let length = 0;
  let [number, start] = [0, from];
  const lineOf = (bytes: Buffer, begin: number, end: number, isEnded: boolean): readonly StoredLine[] => {
    const text = known(textOf(bytes, begin, end), store);
    number++;
    return text === '' && end - begin <= LONGEST ? [] : [{ text, number, start, isEnded }];
  };
  for await (const piece of pieces(store, from)) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      if (signal?.aborted) return;
      const size = length + end - begin;
      // The first line of a piece may begin in the pieces before.
      if (length === 0) yield* lineOf(bytes, begin, end, true);
      else yield* lineOf(Buffer.concat([...rest, bytes.subarray(0, end)]), 0, size, true);
      start += size + 1;
      begin = end + 1;
      [rest, length] = [[], 0];
    }
    length += bytes.length - begin;
    // Of a line that is too long only the length is kept.
    if (length > LONGEST) rest = [];
    else rest.push(Buffer.from(bytes.subarray(begin)));
  }
  if (length > 0 && !signal?.aborted) yield* lineOf(Buffer.concat(rest), 0, length, false);
}

/** Texts of the manifest's lines. @throws as `storedLines`. */
export async function* wholeLines(store: Store, signal?: AbortSignal): AsyncGenerator<string> {
  for await (const { text } of storedLines(store, signal)) yield text;
}

/** A line as a resumed run needs it. Undefined where it cannot be read. */
export const scanLine = ({ text, isEnded }: StoredLine): ScannedLine | undefined => {
  if (isEnded) return scan(text);
  // It may be torn at any place, which a search does not notice.
  const parsed = parse(text);
  return parsed && scannedOf(parsed);
};

/** The line that begins at a byte. Undefined where it cannot be read. */
export const lineAt = async (store: Store, start: number): Promise<ScannedLine | undefined> => {
  for await (const line of storedLines(store, undefined, start)) return scanLine(line);
  return undefined;
};

/** Writes the manifest anew, without the lines that are not kept. */
export const keepLines = (store: Store, isKept: (line: StoredLine) => boolean): Promise<void> => {
  const kept = async function* () {
    for await (const line of storedLines(store)) if (isKept(line)) yield line.text;
  };
  return store.putLines(MANIFEST, kept());
};

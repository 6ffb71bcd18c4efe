import { addAbortSignal, type Readable } from 'node:stream';
import { reasonOf, UsageError } from '../../errors.js';

/** Bytes of the longest line that may be a path or an address: no system and no server takes longer ones. */
export const LONGEST_LINE = 2 ** 14;

const [LINE_FEED, RETURN] = [0x0a, 0x0d];

/** Without the carriage return of lines that end as on Windows. */
const withoutReturn = (line: Buffer): Buffer => (line.at(-1) === RETURN ? line.subarray(0, -1) : line);

/** Takes bytes as they come; gives the lines that they end. */
const lineSplitter = () => {
  let begun: Buffer[] = [];
  let length = 0;
  // One byte above the limit is kept, by which a line is known to be too long; and one for a carriage return.
  const add = (bytes: Buffer): void => {
    const kept = bytes.subarray(0, LONGEST_LINE + 2 - length);
    begun.push(kept);
    length += kept.length;
  };
  const ended = (): Buffer => {
    const line = withoutReturn(Buffer.concat(begun)).subarray(0, LONGEST_LINE + 1);
    [begun, length] = [[], 0];
    return line;
  };
  const take = function* (bytes: Buffer): Generator<Buffer> {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      add(bytes.subarray(start, end));
      start = end + 1;
      yield ended();
    }
    add(bytes.subarray(start));
  };
  return { take, rest: ended };
};

/** The bytes of a stream as it gives them. Ends when the signal is aborted. @throws UsageError `usage` where it cannot be read. */
async function* bytesFrom(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  addAbortSignal(signal, input);
  try {
    for await (const chunk of input) yield Buffer.from(chunk);
  } catch (error) {
    if (!signal.aborted) throw new UsageError('usage', `Standard input cannot be read (${reasonOf(error)}).`, error);
  }
}

/**
 * Lines as they come, as bytes: names need not be UTF-8. They end in a line feed, with or without a carriage return; the last
 * may lack it. Of a line that is longer than `LONGEST_LINE`, one byte more than that is given. Holds one piece of the input and no
 * more than one line. @throws UsageError `usage` where the input cannot be read.
 */
export async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { take, rest } = lineSplitter();
  for await (const bytes of bytesFrom(input, signal)) yield* take(bytes);
  const last = rest();
  if (last.length > 0 && !signal.aborted) yield last;
}

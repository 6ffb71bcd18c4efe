import { addAbortSignal, type Readable } from 'node:stream';
import { reasonOf, UsageError } from '../../errors.js';

/** Bytes of the longest line. No path and no address is as long. */
export const LONGEST_LINE = 2 ** 20;

const [LINE_FEED, RETURN] = [0x0a, 0x0d];

/** Without the carriage return of lines that end as on Windows. */
const withoutReturn = (line: Buffer): Buffer => (line.at(-1) === RETURN ? line.subarray(0, -1) : line);

/** Takes bytes as they come; gives the lines that they end. */
const lineSplitter = () => {
  let begun: Buffer[] = [];
  let length = 0;
  const take = function* (bytes: Buffer): Generator<Buffer> {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...begun, bytes.subarray(start, end)]);
      [begun, length, start] = [[], 0, end + 1];
      yield withoutReturn(line);
    }
    const rest = bytes.subarray(start);
    begun.push(rest);
    length += rest.length;
    if (length <= LONGEST_LINE) return;
    throw new UsageError(
      'usage',
      `Standard input has a line of more than ${LONGEST_LINE / 2 ** 20} MiB, which is no path.`,
    );
  };
  return { take, rest: (): Buffer => withoutReturn(Buffer.concat(begun)) };
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
 * may lack it. Holds one piece of the input and no more than one line.
 * @throws UsageError `usage` where a line is longer than `LONGEST_LINE`, or the input cannot be read.
 */
export async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { take, rest } = lineSplitter();
  for await (const bytes of bytesFrom(input, signal)) yield* take(bytes);
  const last = rest();
  if (last.length > 0 && !signal.aborted) yield last;
}

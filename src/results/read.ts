import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { reasonOf, UsageError } from '../errors.js';
import { MANIFEST } from './line.js';

// Bytes read at a time; a million lines are about 2 GB.
const BLOCK = 2 ** 22;
const NEWLINE = 10;

/**
 * Whole lines of the manifest; none where there is no manifest. A last line without an end was torn and is left out.
 * @throws UsageError `damaged-run`.
 */
export function* wholeLines(output: string): Generator<string> {
  const path = join(output, MANIFEST);
  if (!existsSync(path)) return;
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const message = `${path} cannot be read (${reasonOf(error)}); choose another --output.`;
    throw new UsageError('damaged-run', message, error);
  }
  try {
    let rest = Buffer.alloc(0);
    const block = Buffer.alloc(BLOCK);
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}

/** The same, at a pace that leaves the program able to listen; they end where the signal is aborted. */
export async function* pacedLines(output: string, signal: AbortSignal): AsyncGenerator<string> {
  let count = 0;
  for (const line of wholeLines(output)) {
    if (++count % 1000 === 0) await setImmediate();
    if (signal.aborted) return;
    yield line;
  }
}

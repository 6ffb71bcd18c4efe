import { once } from 'node:events';
import { clearLine, cursorTo } from 'node:readline';
import { reasonOf } from '../errors.js';
import { type Terminal, UNPRINTABLE } from './contract.js';

const interruption = new AbortController();
const interrupt = () => {
  interruption.abort();
  // A second signal ends the program at once; files are whole at any time.
  process.exitCode = 130;
};
process.once('SIGINT', interrupt);
process.once('SIGTERM', interrupt);

let readerGone = false;
let unwritable: string | undefined;

// The reader has closed the stream, or it cannot be written to. Photos under way are finished; nothing more is written there.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') readerGone = true;
    else if (unwritable === undefined) {
      unwritable = reasonOf(error);
      if (stream === process.stdout) terminal.note(`gapcam: Cannot write to standard output (${unwritable}).`);
    }
    interruption.abort();
  });
}

// Bytes that may wait for the reader; above that, the work waits too.
const WAITING = 2 ** 20;

const printable = (text: string): string => text.replace(UNPRINTABLE, '?');

const { isTTY, columns, rows } = process.stdout;
// Two rows are left for the line that describes the picture.
const screen = isTTY ? { columns, rows: rows - 2, colors: process.stdout.hasColors() } : undefined;

let status: string | undefined;

const showStatus = (line: string | undefined): void => {
  if (status !== undefined || line !== undefined) {
    cursorTo(process.stderr, 0);
    clearLine(process.stderr, 0);
  }
  if (line !== undefined) process.stderr.write(line);
  status = line;
};

/** Prints something above the progress line. */
const above = (say: () => void): void => {
  const line = status;
  showStatus(undefined);
  say();
  if (line !== undefined) showStatus(line);
};

/** The terminal that the command was started in. */
export const terminal: Terminal = {
  stdin: process.stdin,
  print: (line) => above(() => console.log(printable(line))),
  note: (line) => {
    if (!readerGone) above(() => console.error(printable(line)));
  },
  drained: async () => {
    const { stdout } = process;
    if (stdout.writableLength > WAITING && !readerGone)
      await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]);
  },
  status: showStatus,
  get width() {
    if (!process.stderr.isTTY || process.env.TERM === 'dumb') return undefined;
    // Some terminals say 0 columns.
    return process.stderr.columns || 80;
  },
  interactive: process.stdout.isTTY === true,
  environment: process.env,
  paste: (text) => above(() => console.log(text)),
  screen,
  signal: interruption.signal,
};

/** Sets the exit code: 2 where standard output failed, else the command's own. Where its reader left early, that was interrupted. */
export const exitWith = (code: number): void => {
  process.exitCode = unwritable !== undefined ? 2 : code;
};

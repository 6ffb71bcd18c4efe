import { createInterface } from 'node:readline';
import { UsageError } from '../../errors.js';
import { textOf } from '../../stores/paths.js';
import { argumentOf, expandRange } from './arguments.js';
import { discover } from './discover.js';
import { insideOutput } from './inside-output.js';
import { addressBelow, discoveriesIn, readAt, stateAt } from './local-photos.js';
import type { Discovery, Source, SourceRequest } from './source.js';
import { STANDARD_INPUT } from './standard-input.js';

async function* list(request: SourceRequest, folder: string, signal: AbortSignal): AsyncGenerator<Discovery> {
  const { stdin, output, column } = request;
  // Latin-1 keeps every byte as one character. Names need not be UTF-8.
  const input = stdin.setEncoding('latin1');
  const inside = insideOutput(output);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal })) {
    if (line.includes('\0')) {
      throw new UsageError(
        'usage',
        'Paths on standard input end in a zero byte; give one a line: find without -print0.',
      );
    }
    if (line === '') continue;
    const inputs = expandRange(textOf(Buffer.from(line, 'latin1'))).map(argumentOf);
    for (const found of discover(inputs, output, inside)) yield* discoveriesIn(folder, found, column);
  }
}

/** Files, folders and patterns from standard input, one a line. Photos are named from the current folder. */
export const stdin: Source = {
  accepts: (inputs) => {
    const isMeant = inputs.includes(STANDARD_INPUT);
    if (!isMeant || inputs.length === 1) return isMeant;
    throw new UsageError('usage', 'Paths come either from the command line or, with -, from standard input, not both.');
  },
  open: (request) => {
    const folder = process.cwd();
    return {
      folder,
      list: (signal) => list(request, folder, signal),
      addressOf: (photo) => addressBelow(folder, photo, request.column),
      repeatable: false,
      count: undefined,
    };
  },
  read: readAt,
  stateOf: stateAt,
};

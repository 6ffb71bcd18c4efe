import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UsageError } from '../../errors.js';
import { textOf } from '../../stores/paths.js';
import { argumentOf } from './arguments.js';
import { discover } from './discover.js';
import { stateOfFile } from './file-state.js';
import { discoveryIn } from './files.js';
import { insideOutput } from './inside-output.js';
import { fileOf } from './names.js';
import { readPhoto } from './read-photo.js';
import type { Discovery, Source } from './source.js';
import { STANDARD_INPUT } from './standard-input.js';

async function* list(stdin: Readable, folder: string, output: string, signal: AbortSignal): AsyncGenerator<Discovery> {
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
    const argument = argumentOf(textOf(Buffer.from(line, 'latin1')));
    for (const found of discover([argument], output, inside)) yield discoveryIn(folder, found);
  }
}

/** Files, folders and patterns from standard input, one a line. Photos are named from the current folder. */
export const stdin: Source = {
  accepts: (inputs) => {
    const isMeant = inputs.includes(STANDARD_INPUT);
    if (!isMeant || inputs.length === 1) return isMeant;
    throw new UsageError('usage', 'Paths come either from the command line or, with -, from standard input, not both.');
  },
  open: ({ output, stdin }) => {
    const folder = process.cwd();
    return {
      folder,
      list: (signal) => list(stdin, folder, output, signal),
      addressOf: (photo) => fileOf(folder, photo),
      repeatable: false,
      count: undefined,
    };
  },
  read: readPhoto,
  stateOf: stateOfFile,
};

import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { UsageError } from '../../errors.js';
import { textOf } from '../../stores/paths.js';
import { argumentOf } from './arguments.js';
import { discover } from './discover.js';
import { stateOfFile } from './file-state.js';
import { discoveryIn } from './files.js';
import { insideOutput } from './inside-output.js';
import { linesOf } from './lines.js';
import { fileOf, nameBelow } from './names.js';
import { readPhoto } from './read-photo.js';
import type { Discovery, Source } from './source.js';
import { STANDARD_INPUT } from './standard-input.js';

async function* list(stdin: Readable, folder: string, output: string, signal: AbortSignal): AsyncGenerator<Discovery> {
  const inside = insideOutput(output);
  for await (const line of linesOf(stdin, signal)) {
    if (line.includes(0)) {
      throw new UsageError(
        'usage',
        'Paths on standard input end in a zero byte; give one a line: find without -print0.',
      );
    }
    if (line.length === 0) continue;
    const argument = argumentOf(textOf(line));
    for (const found of discover([argument], output, inside)) yield discoveryIn(folder, found);
  }
}

/** What a line names where it is one photo. Whether there is such a file is found where it is read. */
const photoOf = (line: string, folder: string): Discovery => {
  const answer = { line, photo: line, address: line, displayPath: line };
  if (line === '') return { ...answer, problem: { code: 'missing', message: 'The line is empty.' } };
  if (line.includes('\0')) {
    const message = 'The line holds a zero byte, which no path has; give one path a line: find without -print0.';
    return { ...answer, problem: { code: 'missing', message } };
  }
  const file = resolve(line);
  return { ...answer, photo: nameBelow(folder, file), address: file };
};

async function* listEach(stdin: Readable, folder: string, signal: AbortSignal): AsyncGenerator<Discovery> {
  for await (const line of linesOf(stdin, signal)) yield photoOf(textOf(line), folder);
}

/** Files, folders and patterns from standard input, one a line. Photos are named from the current folder. */
export const stdin: Source = {
  accepts: (inputs) => {
    const isMeant = inputs.includes(STANDARD_INPUT);
    if (!isMeant || inputs.length === 1) return isMeant;
    throw new UsageError('usage', 'Paths come either from the command line or, with -, from standard input, not both.');
  },
  open: ({ output, stdin, eachLine }) => {
    const folder = process.cwd();
    return {
      folder,
      list: (signal) => (eachLine ? listEach(stdin, folder, signal) : list(stdin, folder, output, signal)),
      addressOf: (photo) => fileOf(folder, photo),
      repeatable: false,
      count: undefined,
    };
  },
  read: readPhoto,
  stateOf: stateOfFile,
};

import { UsageError } from '../../errors.js';
import { textOf } from '../../stores/paths.js';
import { addressBelow, isFarAt, photosOf, photoThrough, readAt, stateAt } from './addresses.js';
import { expandRange } from './arguments.js';
import { insideOutput } from './inside-output.js';
import { LONGEST_LINE, linesOf } from './lines.js';
import type { Discovery, Source, SourceRequest } from './source.js';
import { STANDARD_INPUT } from './standard-input.js';
import { fileOf, inputOf } from './storage/index.js';

async function* list(request: SourceRequest, folder: string, signal: AbortSignal): AsyncGenerator<Discovery> {
  const { stdin, output, column, allowLocal = false } = request;
  const search = { output, inside: insideOutput(output) };
  for await (const line of linesOf(stdin, signal)) {
    if (line.includes(0)) {
      throw new UsageError(
        'usage',
        'Paths on standard input end in a zero byte; give one a line: find without -print0.',
      );
    }
    if (line.length > LONGEST_LINE) {
      throw new UsageError('usage', `Standard input has a line of more than ${LONGEST_LINE} bytes, which is no path.`);
    }
    if (line.length === 0) continue;
    for (const word of expandRange(textOf(line))) yield* photosOf(inputOf(word, allowLocal), search, folder, column);
  }
}

/** What a line names where it is one photo. Whether there is such a file is found where it is read. */
const photoOf = async (bytes: Buffer, folder: string, request: SourceRequest): Promise<Discovery> => {
  const line = textOf(bytes);
  if (bytes.length > LONGEST_LINE) {
    const start = `${line.slice(0, 100)}...`;
    const message = `The line has more than ${LONGEST_LINE} bytes, which no path has.`;
    const problem = { code: 'missing', message } as const;
    return { line: start, photo: start, address: start, displayPath: start, problem };
  }
  const answer = { line, photo: line, address: line, displayPath: line };
  if (line === '') return { ...answer, problem: { code: 'missing', message: 'The line is empty.' } };
  if (line.includes('\0')) {
    const message = 'The line holds a zero byte, which no path has; give one path a line: find without -print0.';
    return { ...answer, problem: { code: 'missing', message } };
  }
  const { column, allowLocal = false } = request;
  const found = fileOf(line, allowLocal);
  const { displayPath, problem } = found;
  return { ...(await photoThrough(folder, found, column)), line, displayPath, problem };
};

async function* listEach(request: SourceRequest, folder: string, signal: AbortSignal): AsyncGenerator<Discovery> {
  for await (const line of linesOf(request.stdin, signal)) yield await photoOf(line, folder, request);
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
    const { eachLine, column } = request;
    return {
      folder,
      list: (signal) => (eachLine ? listEach(request, folder, signal) : list(request, folder, signal)),
      addressOf: (photo) => addressBelow(folder, photo, column),
      mayBeFar: true,
      repeatable: false,
      count: undefined,
    };
  },
  read: readAt,
  isFar: isFarAt,
  stateOf: stateAt,
};

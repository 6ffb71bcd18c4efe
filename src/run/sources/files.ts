import { type Argument, argumentOf, commonFolder, expandRange, fileCount } from './arguments.js';
import { discover } from './discover.js';
import { insideOutput } from './inside-output.js';
import { addressBelow, discoveriesIn, readAt, stateAt } from './local-photos.js';
import type { Discovery, Source, SourceRequest } from './source.js';

async function* list(
  inputs: readonly Argument[],
  folder: string,
  { output, column }: SourceRequest,
): AsyncGenerator<Discovery> {
  for (const found of discover(inputs, output, insideOutput(output))) yield* discoveriesIn(folder, found, column);
}

/** Files, folders, patterns and archives on this machine. Photos are named from the deepest folder that holds all of them. */
export const files: Source = {
  accepts: () => true,
  open: (request) => {
    // Once: a word that names a picture now would be a pattern after it was removed.
    const inputs = request.inputs.flatMap(expandRange).map(argumentOf);
    const folder = commonFolder(inputs);
    return {
      folder,
      list: () => list(inputs, folder, request),
      addressOf: (photo) => addressBelow(folder, photo, request.column),
      repeatable: true,
      count: fileCount(inputs),
    };
  },
  read: readAt,
  stateOf: stateAt,
};

import { addressBelow, isFarAt, photosOf, readAt, stateAt } from './addresses.js';
import { commonFolder, expandRange } from './arguments.js';
import { insideOutput } from './inside-output.js';
import type { Discovery, Source, SourceRequest } from './source.js';
import { inputOf } from './storage/index.js';
import type { Input } from './storage/storage.js';

async function* list(
  inputs: readonly Input[],
  folder: string,
  { output, column }: SourceRequest,
): AsyncGenerator<Discovery> {
  const search = { output, inside: insideOutput(output) };
  for (const input of inputs) yield* photosOf(input, search, folder, column);
}

// Of photos that are all named by their addresses. `isRemote`, as these are.
const NO_FOLDER = 'addresses://';

const isDefined = (folder: string | undefined): folder is string => folder !== undefined;

/** Files, folders, patterns and archives. Photos of this machine are named from the deepest folder that holds all of them. */
export const files: Source = {
  accepts: () => true,
  open: (request) => {
    const { inputs: words, column, allowLocal = false } = request;
    const inputs = words.flatMap(expandRange).map((word) => inputOf(word, allowLocal));
    const folders = inputs.map((input) => input.folder()).filter(isDefined);
    const folder = folders.length > 0 ? commonFolder(folders) : NO_FOLDER;
    return {
      folder,
      list: () => list(inputs, folder, request),
      addressOf: (photo) => addressBelow(folder, photo, column),
      mayBeFar: folders.length < inputs.length,
      repeatable: inputs.every(({ isCheap }) => isCheap),
      count: inputs.every((input) => input.isOne()) ? inputs.length : undefined,
    };
  },
  read: readAt,
  isFar: isFarAt,
  stateOf: stateAt,
};

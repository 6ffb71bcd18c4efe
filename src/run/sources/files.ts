import { type Argument, argumentOf, commonFolder, fileCount } from './arguments.js';
import { discover, type Found } from './discover.js';
import { stateOfFile } from './file-state.js';
import { insideOutput } from './inside-output.js';
import { fileOf, nameBelow } from './names.js';
import { readPhoto } from './read-photo.js';
import type { Discovery, Source } from './source.js';

/** A found photo with its name below the folder. */
export const discoveryIn = (folder: string, { file, ...found }: Found): Discovery => ({
  photo: nameBelow(folder, file),
  address: file,
  ...found,
});

function* list(inputs: readonly Argument[], folder: string, output: string): Generator<Discovery> {
  for (const found of discover(inputs, output, insideOutput(output))) yield discoveryIn(folder, found);
}

/** Files, folders and patterns on this machine. Photos are named from the deepest folder that holds all of them. */
export const files: Source = {
  accepts: () => true,
  open: ({ inputs: given, output }) => {
    // Once: a word that names a picture now would be a pattern after it was removed.
    const inputs = given.map(argumentOf);
    const folder = commonFolder(inputs);
    return {
      folder,
      list: () => list(inputs, folder, output),
      addressOf: (photo) => fileOf(folder, photo),
      repeatable: true,
      count: fileCount(inputs),
    };
  },
  read: readPhoto,
  stateOf: stateOfFile,
};

import { commonFolder, discover, type Found, fileCount } from './discover.js';
import { nameBelow } from './names.js';
import { readPhoto } from './read-photo.js';
import type { Discovery, Source } from './source.js';

/** A found photo with its name below the folder. */
export const discoveryIn = (folder: string, { file, displayPath, problem }: Found): Discovery => ({
  photo: nameBelow(folder, file),
  address: file,
  displayPath,
  problem,
});

function* list(inputs: readonly string[], folder: string, output: string): Generator<Discovery> {
  for (const found of discover(inputs, output)) yield discoveryIn(folder, found);
}

/** Files, folders and patterns on this machine. Photos are named from the deepest folder that holds all of them. */
export const files: Source = {
  accepts: () => true,
  open: ({ inputs, output }) => {
    const folder = commonFolder(inputs);
    return { folder, list: () => list(inputs, folder, output), repeatable: true, count: fileCount(inputs) };
  },
  read: readPhoto,
};

import { opendirSync, type Stats, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** First looks at what is given as truth. */

/** What is at a path. Undefined: nothing, or nothing that may be looked at. */
const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Too long a name, or a file among its folders.
    return undefined;
  }
};

export const isFile = (path: string): boolean => statOf(path)?.isFile() === true;

export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;

// Names that are looked at. The first of a kind is most often among the first names.
const MOST_NAMES = 2000;

/** Paths of files below a folder, as far as the first names tell; those near the top first. */
function* filesBelow(folder: string): Generator<string> {
  const folders = [folder];
  let left = MOST_NAMES;
  for (let next = folders.shift(); next !== undefined && left > 0; next = folders.shift()) {
    const directory = opendirSync(next);
    try {
      for (let entry = directory.readSync(); entry !== null && left > 0; entry = directory.readSync(), left--) {
        if (entry.isDirectory()) folders.push(join(next, entry.name));
        else yield join(next, entry.name);
      }
    } finally {
      directory.closeSync();
    }
  }
}

const endingOf = (path: string): string => extname(path).toLowerCase();

/** Endings of the files below a folder, lower case, with their dots. */
export const endingsBelow = (folder: string): ReadonlySet<string> => new Set(Array.from(filesBelow(folder), endingOf));

/** Path of a file of this ending below a folder. Undefined: none is among the first. */
export const firstBelow = (folder: string, ending: string): string | undefined => {
  for (const path of filesBelow(folder)) if (endingOf(path) === ending) return path;
  return undefined;
};

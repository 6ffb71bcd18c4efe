import { opendirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** First looks at what is given as truth. */

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

// Names that are looked at. The first of a kind is most often among the first names.
const MOST_NAMES = 2000;

/** Endings of the files below a folder, as far as the first names tell: lower case, with their dots. */
export const endingsBelow = (folder: string): ReadonlySet<string> => {
  const endings = new Set<string>();
  const folders = [folder];
  let left = MOST_NAMES;
  for (let next = folders.shift(); next !== undefined && left > 0; next = folders.shift()) {
    const directory = opendirSync(next);
    try {
      for (let entry = directory.readSync(); entry !== null && left > 0; entry = directory.readSync(), left--) {
        if (entry.isDirectory()) folders.push(join(next, entry.name));
        else endings.add(extname(entry.name).toLowerCase());
      }
    } finally {
      directory.closeSync();
    }
  }
  return endings;
};

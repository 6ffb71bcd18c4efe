import { type Dirent, opendirSync, type Stats, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** First looks at what is given as truth. */

/** Folder in which Pascal VOC has its XML. */
export const ANNOTATIONS = 'Annotations';

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

// Names that are looked at, in all and in each folder. The first of a kind is most often among the first names.
const [MOST_NAMES, MOST_OF_FOLDER] = [2000, 200];

/** The first names in a folder. */
function* namesIn(folder: string): Generator<Dirent> {
  const directory = opendirSync(folder);
  try {
    for (let left = MOST_OF_FOLDER; left > 0; left--) {
      const entry = directory.readSync();
      if (entry === null) return;
      yield entry;
    }
  } finally {
    directory.closeSync();
  }
}

/** Paths of files below a folder, as far as the first names tell; those near the top first. */
function* filesBelow(folder: string): Generator<string> {
  // By its name it is known where it does not come among the first, beside thousands of photos.
  const annotations = join(folder, ANNOTATIONS);
  const folders = [...(isFolder(annotations) ? [annotations] : []), folder];
  let left = MOST_NAMES;
  for (let next = folders.shift(); next !== undefined && left > 0; next = folders.shift()) {
    for (const entry of namesIn(next)) {
      left--;
      const path = join(next, entry.name);
      if (!entry.isDirectory()) yield path;
      else if (path !== annotations) folders.push(path);
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

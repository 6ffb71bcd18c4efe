import { readdirSync } from 'node:fs';
import { basename, posix } from 'node:path';
import type { EntryObject } from '../entry.js';
import type { FormatRequest, TruthFormat, TruthSource } from '../format.js';
import { folderReader } from './folder-classes.js';

/** The word that stands for it. */
const WORD = 'folders';

const ROOT = '.';

/** The folders right below the photos' common one, and itself. */
const foldersIn = (folder: string | undefined): ReadonlySet<string> => {
  if (folder === undefined) return new Set();
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return new Set([ROOT, ...below.map(({ name }) => name)]);
  } catch {
    // In an archive, or in a bucket, folders are known by the photos alone.
    return new Set();
  }
};

/**
 * What a photo's folder says that it shows: the folder's name, and the class where exactly one is called so.
 * @returns from the photo's path. Undefined: it lies in no folder but the common one, which is not called like a class.
 */
export const folderClasses = ({ classes, folder }: FormatRequest) => {
  const common = folder === undefined ? '' : basename(folder);
  const reader = folderReader({ ...classes, common }, foldersIn(folder));
  return (path: string): Pick<EntryObject, 'name' | 'class'> | undefined => {
    const found = reader.classesOf(path);
    const parent = posix.basename(posix.dirname(path));
    const isRoot = parent === ROOT || parent === '';
    if (isRoot && found === undefined) return undefined;
    return { name: isRoot ? common : parent, class: found?.length === 1 ? found[0] : undefined };
  };
};

/** Folders that are called like the classes of the photos in them, as torchvision's ImageFolder has them. No places. */
export const folders: TruthFormat = {
  describe: `the word ${WORD} (the photos' folders name their classes)`,
  accepts: (place) => place === WORD,
  open: async (request: FormatRequest): Promise<TruthSource> => {
    const classOf = folderClasses(request);
    return {
      matchOf: (path) => classOf(path) && { key: path, likeness: 'path' },
      entryOf: async (path) => {
        const named = classOf(path);
        return named && { where: path, objects: [named] };
      },
      count: undefined,
      example: () => undefined,
      identity: WORD,
      title: `--truth ${WORD}`,
      wayOut: 'put them into folders that are called like their classes',
      notes: () => [],
    };
  },
};

import { readdirSync } from 'node:fs';
import { basename, posix } from 'node:path';
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

/** Folders that are called like the classes of the photos in them, as torchvision's ImageFolder has them. No places. */
export const folders: TruthFormat = {
  describe: `the word ${WORD} (the photos' folders name their classes)`,
  accepts: (place) => place === WORD,
  open: async ({ classes, folder }: FormatRequest): Promise<TruthSource> => {
    const common = folder === undefined ? '' : basename(folder);
    const reader = folderReader({ ...classes, common }, foldersIn(folder));
    return {
      entryOf: async (path) => {
        const found = reader.classesOf(path);
        const parent = posix.basename(posix.dirname(path));
        const isRoot = parent === ROOT || parent === '';
        if (isRoot && found === undefined) return undefined;
        const name = isRoot ? common : parent;
        return { where: path, objects: [{ name, class: found?.length === 1 ? found[0] : undefined }] };
      },
      count: undefined,
      example: () => undefined,
      identity: WORD,
      notes: [],
    };
  },
};

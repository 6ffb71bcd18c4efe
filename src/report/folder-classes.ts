import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { IMAGENET_CLASSES } from '../model/labels/imagenet.js';
import { packageFile } from '../package-file.js';
import type { FolderClasses } from './data.js';

/** Names of ImageNet's folders, such as n01440764, in the order of its classes. */
const wordnetIds = (): readonly string[] =>
  readFileSync(packageFile('fixtures/models/wordnet-ids.txt'), 'utf8').trim().split('\n');

/** Only letters and digits, so that "Tiger_cat" equals "tiger cat". */
const plain = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** Reads folders as names of classes, the layout of training data sets (torchvision's ImageFolder). */
export interface FolderReader {
  /**
   * Classes that the photo's nearest folder with a class's name stands for. Two classes may share a name. Undefined:
   * none.
   */
  readonly classesOf: (photo: string) => readonly number[] | undefined;
  /** Counts over the folders of all photos so far. */
  readonly found: () => FolderClasses;
}

/**
 * A folder's name may be a class's label, the label's first name, its WordNet id or its index.
 * @param labels in the order of the classes.
 * @param common name of the photos' common folder, in which photos may lie directly.
 */
export const folderReader = (labels: readonly string[], common: string): FolderReader => {
  const ids = labels.length === IMAGENET_CLASSES ? wordnetIds() : [];
  const byName = new Map<string, number[]>();
  labels.forEach((label, index) => {
    for (const name of new Set([plain(label), plain(label.split(',')[0]), ids[index] ?? ''])) {
      byName.set(name, [...(byName.get(name) ?? []), index]);
    }
  });
  byName.delete('');
  // A label that is a number takes precedence over that number as an index.
  for (const index of labels.keys()) if (!byName.has(String(index))) byName.set(String(index), [index]);
  const folders = new Map<string, readonly number[] | undefined>();
  const read = (folder: string): readonly number[] | undefined => {
    const names = folder.split('/').reverse();
    return names.map((name) => byName.get(plain(name))).find((classes) => classes !== undefined);
  };
  return {
    classesOf: (photo) => {
      const below = posix.dirname(photo);
      const folder = below === '.' ? common : below;
      if (!folders.has(folder)) folders.set(folder, read(folder));
      return folders.get(folder);
    },
    found: () => {
      const named = [...folders.values()].filter((classes) => classes !== undefined).length;
      return { named, folders: folders.size, areClasses: named * 2 > folders.size };
    },
  };
};

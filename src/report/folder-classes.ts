import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { IMAGENET_CLASSES } from '../model/labels/imagenet.js';
import type { FolderClasses } from './data.js';

/** Names of ImageNet's folders, n01440764 and so on, in the order of its classes. */
const wordnetIds = (): readonly string[] =>
  readFileSync(new URL('../../fixtures/models/wordnet-ids.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');

/** Letters and digits alone, so that "Tiger_cat" and "tiger cat" are one name. */
const plain = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** Reads folders as the names of classes, as data sets for training are laid out (torchvision's ImageFolder). */
export interface FolderReader {
  /** Classes that the photo's nearest folder with a class's name stands for: two where two share a name, none: undefined. */
  readonly classesOf: (photo: string) => readonly number[] | undefined;
  /** About all photos asked for so far. */
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
  // A label that is a number wins over the index that it would be.
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

import { posix } from 'node:path';
import { IMAGENET_CLASSES, imagenetIds } from '../../model/labels/imagenet.js';
import { areNameless, classesByPlainName, plainName } from '../class-names.js';
import { numberedFolders } from './numbered-folders.js';

/** How many of the folders with photos name a class. */
export interface FolderClasses {
  readonly named: number;
  readonly folders: number;
  /** Whether folders are read as classes: more than half of them name one. */
  readonly areClasses: boolean;
  /** Whether nobody named the classes, and folders that are numbers were sorted as text, as torchvision's ImageFolder does. */
  readonly sortedAsText?: boolean | undefined;
}

/** Reads folders as names of classes, the layout of training data sets (torchvision's ImageFolder). */
export interface FolderReader {
  /**
   * Classes that the photo stands for, by the WordNet id that its file's name begins with, or by its nearest folder with a
   * class's name. Two classes may share a name. Undefined: none.
   */
  readonly classesOf: (photo: string) => readonly number[] | undefined;
  /** Counts over the folders of all photos so far. */
  readonly found: () => FolderClasses;
}

/** The classes that folders may be named after. */
export interface NamedClasses {
  /** In the order of the classes. Empty where the network has none. */
  readonly labels: readonly string[];
  /** WordNet id of each class. Undefined: they have none, or those of ImageNet's 1000 classes. */
  readonly wordnetIds?: readonly string[] | undefined;
  /** Name of the photos' common folder, in which photos may lie directly. */
  readonly common: string;
}

type ByName = ReadonlyMap<string, readonly number[]>;

const idsOf = ({ labels, wordnetIds }: NamedClasses): readonly string[] =>
  wordnetIds ?? (labels.length === IMAGENET_CLASSES ? imagenetIds() : []);

/** Classes by label, first name, WordNet id and index. A label that is a number takes precedence over it as an index. */
const classesByName = (classes: NamedClasses): Map<string, readonly number[]> => {
  const { labels } = classes;
  const byName = classesByPlainName({ labels, wordnetIds: idsOf(classes) });
  for (const index of labels.keys()) if (!byName.has(String(index))) byName.set(String(index), [index]);
  return byName;
};

/** Classes of the nearest folder with a class's name. */
const nearest = (byName: ByName, folder: string): readonly number[] | undefined => {
  const names = folder.split('/').reverse();
  return names.map((name) => byName.get(plainName(name))).find((classes) => classes !== undefined);
};

/** The class by the id that a file's name begins with, as ImageNet's do: n02124075_1234.JPEG. */
const byFileName = (photo: string, byId: ReadonlyMap<string, number>): readonly number[] | undefined => {
  const index = byId.get(/^(n\d{8})_/.exec(posix.basename(photo))?.[1] ?? '');
  return index === undefined ? undefined : [index];
};

const ROOT = '.';

/** Whether the root's own name is the class of more than half of the folders with photos. The name of a data set is no class. */
const rootCounts = (byName: ByName, common: string, folders: ReadonlySet<string>): boolean => {
  const own = nearest(byName, common)?.join();
  if (own === undefined || !folders.has(ROOT)) return false;
  const alike = [...folders].filter((folder) => folder === ROOT || nearest(byName, folder)?.join() === own);
  return alike.length * 2 > folders.size;
};

/** Whether what some folders stand for depends on all of them, so that the reader must know them beforehand. */
export const needsAllFolders = (classes: NamedClasses): boolean =>
  areNameless(classes.labels) || nearest(classesByName(classes), classes.common) !== undefined;

/** The folder that a photo lies in, below the common folder. */
export const folderOf = (photo: string): string => posix.dirname(photo);

interface Seen {
  readonly classes: readonly number[] | undefined;
  photos: number;
  /** Those of them whose file's name names a class. */
  named: number;
}

/**
 * A folder's name may be a class's label, the label's first name, its WordNet id or its index. Where nobody named the classes,
 * folders that are numbers are sorted as text, as torchvision's ImageFolder does.
 * @param folders all folders with photos, where `needsAllFolders`.
 */
export const folderReader = (classes: NamedClasses, folders: ReadonlySet<string> = new Set()): FolderReader => {
  const { labels, common } = classes;
  const numbered = areNameless(labels) ? numberedFolders(folders, labels.length) : undefined;
  const named = classesByName(classes);
  if (areNameless(labels)) for (const index of labels.keys()) named.delete(String(index));
  const byName: ByName = new Map([...named, ...(numbered ?? [])]);
  const byId = new Map(idsOf(classes).map((id, index) => [id, index]));
  const isRootClass = rootCounts(byName, common, folders);
  const seen = new Map<string, Seen>();
  const read = (folder: string) => {
    if (folder !== ROOT) return nearest(byName, folder);
    return isRootClass ? nearest(byName, common) : undefined;
  };
  return {
    classesOf: (photo) => {
      const folder = folderOf(photo);
      const known = seen.get(folder) ?? { classes: read(folder), photos: 0, named: 0 };
      seen.set(folder, known);
      const own = byFileName(photo, byId);
      known.photos++;
      if (own !== undefined) known.named++;
      return own ?? known.classes;
    },
    found: () => {
      const isNamed = ({ classes: ofFolder, photos, named: ofFiles }: Seen) =>
        ofFolder !== undefined || ofFiles * 2 > photos;
      const count = [...seen.values()].filter(isNamed).length;
      const areClasses = count * 2 > seen.size;
      const sortedAsText = areClasses && numbered !== undefined && numbered.size > 0;
      return { named: count, folders: seen.size, areClasses, ...(sortedAsText && { sortedAsText }) };
    },
  };
};

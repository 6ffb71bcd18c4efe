import { posix } from 'node:path';
import { quoted, reasonOf, UsageError } from '../errors.js';
import { orMissing, orNull } from '../results/checks.js';
import { isNumber, isRecord, isText, parseJson } from '../results/json.js';
import { readText } from './files.js';

/** An image of a data set in COCO's format. */
export interface TruthImage {
  readonly id: number;
  readonly file_name: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A category of a data set in COCO's format. */
export interface TruthCategory {
  readonly id: number;
  readonly name: string;
  readonly supercategory?: string | undefined;
}

/** Whose ids are taken, so that results can be held against it. */
export interface Truth {
  /** Where it was read from, for a message. */
  readonly place: string;
  readonly images: readonly TruthImage[];
  readonly categories: readonly TruthCategory[];
}

const isNumberOrNone = orMissing(orNull(isNumber));
const isTextOrNone = orMissing(orNull(isText));

const isImage = (value: unknown): value is TruthImage =>
  isRecord(value) &&
  Number.isSafeInteger(value.id) &&
  isText(value.file_name) &&
  isNumberOrNone(value.width) &&
  isNumberOrNone(value.height);

const isCategory = (value: unknown): value is TruthCategory =>
  isRecord(value) && Number.isSafeInteger(value.id) && isText(value.name) && isTextOrNone(value.supercategory);

const bad = (place: string, found: string): UsageError =>
  new UsageError('bad-truth', `${place} ${found}; give --truth a data set in COCO's format.`);

const listIn = <T>(
  place: string,
  record: Readonly<Record<string, unknown>>,
  name: string,
  isRight: (value: unknown) => value is T,
): readonly T[] => {
  const list = record[name];
  if (!Array.isArray(list)) throw bad(place, `has no list of ${name}`);
  const wrong = list.findIndex((item) => !isRight(item));
  if (wrong >= 0) throw bad(place, `has ${quoted(list[wrong])} as number ${wrong + 1} of its ${name}`);
  return list;
};

/** Refuses two with one id: results would belong to either. */
const requireOwnIds = (place: string, name: string, list: readonly { readonly id: number }[]): void => {
  const ids = new Set<number>();
  for (const { id } of list) {
    if (ids.has(id)) throw bad(place, `has two ${name} with the id ${id}`);
    ids.add(id);
  }
};

/**
 * Reads the images and categories of a data set in COCO's format.
 * @throws UsageError `unreadable-file`, `bad-truth`.
 */
export const readTruth = (path: string): Truth => {
  const text = readText('truth', path);
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw bad(path, `is no JSON (${reasonOf(error)})`);
  }
  if (!isRecord(json)) throw bad(path, 'holds no JSON object');
  const images = listIn(path, json, 'images', isImage);
  const categories = listIn(path, json, 'categories', isCategory);
  requireOwnIds(path, 'images', images);
  requireOwnIds(path, 'categories', categories);
  // A copy of each: the file's annotations are not kept.
  return {
    place: path,
    images: images.map(({ id, file_name, width, height }) => ({ id, file_name, width, height })),
    categories: categories.map(({ id, name, supercategory }) => ({ id, name, supercategory })),
  };
};

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
};

/**
 * The image that a photo is: the one of the same path, else of the same file name.
 * @returns undefined where the data set has none.
 * @throws UsageError `ambiguous-photo` where several could be meant, or another photo is the same image.
 */
export const imageFinder = ({ place, images }: Truth): ((path: string) => TruthImage | undefined) => {
  const byPath = grouped(images, ({ file_name }) => file_name);
  const byName = grouped(images, ({ file_name }) => posix.basename(file_name));
  const taken = new Map<number, string>();
  return (path) => {
    const found = byPath.get(path) ?? byName.get(posix.basename(path)) ?? [];
    if (found.length > 1) {
      const names = [...new Set(found.map(({ file_name }) => quoted(file_name)))].slice(0, 2).join(' and ');
      const message = `${quoted(path)} may be several images of ${place} (${names}); run gapcam on the folder from which its file_names start.`;
      throw new UsageError('ambiguous-photo', message);
    }
    if (found.length === 0) return undefined;
    const other = taken.get(found[0].id);
    if (other !== undefined) {
      const message = `${quoted(other)} and ${quoted(path)} would both be the image ${quoted(found[0].file_name)} of ${place}; run gapcam on the folder from which its file_names start.`;
      throw new UsageError('ambiguous-photo', message);
    }
    taken.set(found[0].id, path);
    return found[0];
  };
};

const key = (name: string): string => name.trim().toLowerCase();
const firstKey = (name: string): string => key(name.split(',')[0]);

/**
 * The category that a class is: the one of its whole label, else of its label's first name, in upper or lower case.
 * @returns from a class's index and label.
 * @throws UsageError `unknown-category`, `ambiguous-category`.
 */
export const categoryFinder = ({ place, categories }: Truth): ((index: number, label: string) => TruthCategory) => {
  const byName = grouped(categories, ({ name }) => key(name));
  const byFirst = grouped(categories, ({ name }) => firstKey(name));
  const taken = new Map<number, number>();
  return (index, label) => {
    const found = byName.get(key(label)) ?? byName.get(firstKey(label)) ?? byFirst.get(firstKey(label)) ?? [];
    const what = `class ${index}, ${quoted(label)}`;
    const way = 'give its category the label as name, or run gapcam with other --labels';
    if (found.length === 0) throw new UsageError('unknown-category', `${place} has no category for ${what}; ${way}.`);
    const other = taken.get(found[0].id) ?? index;
    if (found.length > 1 || other !== index) {
      const fault =
        found.length > 1
          ? `several categories ${quoted(found[0].name)} for ${what}`
          : `one category ${quoted(found[0].name)} for class ${other} and ${what}`;
      throw new UsageError('ambiguous-category', `${place} has ${fault}; ${way}.`);
    }
    taken.set(found[0].id, index);
    return found[0];
  };
};

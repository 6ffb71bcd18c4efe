import { quoted, UsageError } from '../errors.js';
import { imageMatchOf } from '../truth/coco/coco.js';
import type { CocoCategory, CocoDataSet, CocoImage } from '../truth/coco/data-set.js';
import type { Likeness } from '../truth/likeness.js';

/** How a run's photos and classes are found in a data set whose ids are taken. */

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
};

/** An image that a photo is. */
interface FoundImage {
  readonly image: CocoImage;
  readonly likeness: Likeness;
}

/**
 * The image that a photo is, as `imageMatchOf` finds it.
 * @returns undefined where the data set has none.
 * @throws UsageError `ambiguous-photo` where several could be meant, or another photo is the same image.
 */
export const imageFinder = (data: CocoDataSet): ((path: string) => Promise<FoundImage | undefined>) => {
  const taken = new Map<number, string>();
  return async (path) => {
    const match = await imageMatchOf(data, path);
    if (match === undefined) return undefined;
    const { row, likeness } = match;
    const image = await data.imageAt(row);
    const other = taken.get(row);
    if (other !== undefined) {
      const message = `${quoted(other)} and ${quoted(path)} would both be the image ${quoted(image.file_name)} of ${data.place}; run gapcam on the folder from which its file_names start.`;
      throw new UsageError('ambiguous-photo', message);
    }
    taken.set(row, path);
    return { image, likeness };
  };
};

/** Which class of the network a category's name means, in lower case. */
export type MappedNames = ReadonlyMap<string, number>;

const key = (name: string): string => name.trim().toLowerCase();
const firstKey = (name: string): string => key(name.split(',')[0]);

/**
 * The category that a class is: the one whose name a person mapped to it, else of its whole label, else of its label's first name, in
 * upper or lower case.
 * @returns from a class's index and label.
 * @throws UsageError `unknown-category`, `ambiguous-category`.
 */
export const categoryFinder = (
  { place, categories }: CocoDataSet,
  mapped: MappedNames = new Map(),
): ((index: number, label: string) => CocoCategory) => {
  const others = categories.filter(({ name }) => !mapped.has(key(name)));
  const byClass = grouped(categories, ({ name }) => String(mapped.get(key(name))));
  const byName = grouped(others, ({ name }) => key(name));
  const byFirst = grouped(others, ({ name }) => firstKey(name));
  const taken = new Map<number, number>();
  return (index, label) => {
    const alike = byName.get(key(label)) ?? byName.get(firstKey(label)) ?? byFirst.get(firstKey(label)) ?? [];
    const found = byClass.get(String(index)) ?? alike;
    const what = `class ${index}, ${quoted(label)}`;
    const way = 'say with --map-classes which category it is';
    if (found.length === 0) throw new UsageError('unknown-category', `${place} has no category for ${what}; ${way}.`);
    const other = taken.get(found[0].id) ?? index;
    if (found.length > 1 || other !== index) {
      const fault =
        found.length > 1
          ? `several categories for ${what}, such as ${quoted(found[0].name)} and ${quoted(found[1].name)}`
          : `one category ${quoted(found[0].name)} for class ${other} and ${what}`;
      throw new UsageError('ambiguous-category', `${place} has ${fault}; ${way}.`);
    }
    taken.set(found[0].id, index);
    return found[0];
  };
};

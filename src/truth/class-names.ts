import { UsageError } from '../errors.js';
import { type Classes, findClass } from '../model/labels/find-class.js';
import { isAlike, nearestOf } from '../nearest.js';

/** Only letters and digits, so that "Tiger_cat" equals "tiger cat". */
export const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** Whether nobody named the classes. */
export const areNameless = (labels: readonly string[]): boolean =>
  labels.length > 0 && labels.every((label, index) => label === `class ${index}`);

/** Classes by what a person may call them, lower case letters and digits alone. */
export const classesByPlainName = ({ labels, wordnetIds }: Classes): Map<string, readonly number[]> => {
  const byName = new Map<string, readonly number[]>();
  labels.forEach((label, index) => {
    for (const name of new Set([plainName(label), plainName(label.split(',')[0]), wordnetIds?.[index] ?? ''])) {
      byName.set(name, [...(byName.get(name) ?? []), index]);
    }
  });
  byName.delete('');
  return byName;
};

// Letters of words that may tell what is meant: not "of" and "in".
const LETTERS = 3;

const wordsOf = (name: string): readonly string[] =>
  plainName(name)
    .split(' ')
    .filter(({ length }) => length >= LETTERS);

/** The name of a class that may be meant: one with a word in common, or spelled alike. Undefined: there is none. */
const likelyName = (name: string, labels: readonly string[]): string | undefined => {
  const names = labels.flatMap((label) => label.split(',').map((one) => one.trim()));
  const own = new Set(wordsOf(name));
  const sharing = names.filter((one) => wordsOf(one).some((word) => own.has(word)));
  if (sharing.length > 0) return nearestOf(name, sharing);
  const nearest = nearestOf(name, names);
  return isAlike(name, nearest) ? nearest : undefined;
};

/** What a truth's names of classes are in the network. */
export interface ClassNames {
  /**
   * Index of a class of the network. Undefined: it has none of this name, or several.
   * @param known the class, where the format knows it. A name that the person mapped goes before.
   */
  readonly classOf: (name: string, known?: number) => number | undefined;
  /** Names that the person mapped and nobody asked for, in lower case. */
  readonly unused: () => readonly string[];
  /** Whether the network's classes have no names, but for their numbers: then no name is near to one. */
  readonly areNameless: boolean;
  /** Why a name has no class, with the nearest one: completes a sentence that begins with the name. */
  readonly reasonOf: (name: string) => string;
}

/** The class that findClass finds. Undefined where it refuses. */
const found = (classes: Classes, name: string): number | 'ambiguous' | undefined => {
  try {
    return findClass(classes, name);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.code === 'ambiguous-class' ? 'ambiguous' : undefined;
  }
};

/**
 * Finds classes by index, label, synonym or WordNet id, in upper or lower case, else by letters and digits alone.
 * @param mapped the network's class for some of the truth's names, in lower case.
 */
export const classNames = (classes: Classes, mapped: ReadonlyMap<string, number> = new Map()): ClassNames => {
  const known = new Map<string, number | 'ambiguous' | undefined>();
  const unused = new Set(mapped.keys());
  let byPlain: ReadonlyMap<string, readonly number[]> | undefined;
  const look = (name: string) => {
    const index = found(classes, name);
    if (index !== undefined) return index;
    byPlain ??= classesByPlainName(classes);
    const alike = byPlain.get(plainName(name)) ?? [];
    return alike.length > 1 ? 'ambiguous' : alike[0];
  };
  return {
    classOf: (name, stated) => {
      const key = name.trim().toLowerCase();
      unused.delete(key);
      const given = mapped.get(key) ?? stated;
      if (given !== undefined) return given;
      if (!known.has(name)) known.set(name, look(name));
      const index = known.get(name);
      return typeof index === 'number' ? index : undefined;
    },
    unused: () => [...unused],
    areNameless: areNameless(classes.labels),
    reasonOf: (name) => {
      if (known.get(name) === 'ambiguous') return 'is the name of several classes';
      const nearest = likelyName(name, classes.labels);
      return nearest === undefined ? 'none is called alike' : `the nearest is ${JSON.stringify(nearest)}`;
    },
  };
};

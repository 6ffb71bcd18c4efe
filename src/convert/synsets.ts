import { quoted, UsageError } from '../errors.js';

/** A line of a list of synsets: its WordNet id, where it has one, and its words. */
interface Synset {
  readonly id: string;
  readonly words: string;
  /** Counted from 1, as the challenge's labels. */
  readonly number: number;
}

const key = (name: string): string => name.trim().toLowerCase().replaceAll('_', ' ');
const firstKey = (name: string): string => key(name.split(',')[0]);

/** Lines such as "n01440764", "n01440764 tench, Tinca tinca", "n01440764 1 tench" or "tench". */
const synsetOf = (line: string, at: number): Synset => {
  const [, id = '', words] = /^(n\d{8})?(?:\s+\d+(?=\s))?\s*(.*)$/.exec(line.trim()) ?? [];
  return { id, words: words ?? '', number: at + 1 };
};

const groupsOf = <T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const name of new Set(keysOf(item))) {
      const group = groups.get(name);
      if (name === '') continue;
      if (group === undefined) groups.set(name, [item]);
      else group.push(item);
    }
  }
  return groups;
};

/** Finds the synsets that a label may name: its id, its words, or the first of both. */
const finderIn = (synsets: readonly Synset[]): ((label: string) => readonly Synset[]) => {
  const byWords = groupsOf(synsets, ({ id, words }) => [id, key(words)]);
  const byFirst = groupsOf(synsets, ({ words }) => [firstKey(words)]);
  return (label) => byWords.get(key(label)) ?? byWords.get(firstKey(label)) ?? byFirst.get(firstKey(label)) ?? [];
};

/**
 * The number of each class in a list of synsets, from 1, found by its label. Where several have the same words, as the two cranes
 * of ImageNet, and as many classes have that label, they are taken in the order of their ids, which is ImageNet's own of classes.
 * @returns from a class's index.
 * @throws UsageError `unknown-synset`, `ambiguous-synset`, with the class.
 */
export const synsetNumbers = (lines: readonly string[], labels: readonly string[]): ((index: number) => number) => {
  const find = finderIn(lines.map(synsetOf));
  const same = groupsOf(
    labels.map((label, index) => ({ label, index })),
    ({ label }) => [key(label)],
  );
  return (index) => {
    const label = labels[index];
    const found = find(label);
    const what = `class ${index}, ${quoted(label)}`;
    if (found.length === 1) return found[0].number;
    if (found.length === 0) {
      const message = `The file of --synsets has no line for ${what}; give it one, or run gapcam with other --labels.`;
      throw new UsageError('unknown-synset', message);
    }
    const alike = same.get(key(label)) ?? [];
    if (alike.length !== found.length || found.some(({ id }) => id === '')) {
      const numbers = found.map(({ number }) => number).join(', ');
      const message = `The file of --synsets has ${what}, in lines ${numbers}; run gapcam with the ids of synsets as --labels.`;
      throw new UsageError('ambiguous-synset', message);
    }
    const inOrder = [...found].sort((a, b) => (a.id < b.id ? -1 : 1));
    return inOrder[alike.findIndex((other) => other.index === index)].number;
  };
};

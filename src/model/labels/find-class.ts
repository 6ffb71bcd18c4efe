import { closest } from 'fastest-levenshtein';
import { UsageError } from '../../errors.js';
import { isWordnetId } from './names.js';

/** What a person may call classes by. */
export interface Classes {
  readonly labels: readonly string[];
  /** WordNet id of each class. Undefined: they have none. */
  readonly wordnetIds?: readonly string[] | undefined;
}

/** The synonyms in a label: "tabby, tabby cat" has two. */
const synonyms = (label: string): string[] =>
  [label, ...label.split(',')].map((word) => word.trim().toLowerCase()).filter((word) => word !== '');

// Enough to choose from, few enough to read.
const SHOWN = 5;

const unknown = (sentence: string): UsageError => new UsageError('unknown-class', sentence);
const ambiguous = (sentence: string): UsageError => new UsageError('ambiguous-class', sentence);

const byIndex = ({ labels }: Classes, text: string): number => {
  const index = Number(text);
  if (/^\d+$/.test(text) && index < labels.length) return index;
  const last = labels.length - 1;
  throw unknown(`There is no class ${text}: the model has ${last === 0 ? 'class 0 alone' : `classes 0 to ${last}`}.`);
};

/** Indices of the classes with this label; where none has it, of those with this synonym. In upper or lower case. */
const labelled = ({ labels }: Classes, wanted: string): readonly number[] => {
  const word = wanted.trim().toLowerCase();
  const whole = labels.flatMap((label, index) => (label.toLowerCase() === word ? [index] : []));
  return whole.length > 0 ? whole : labels.flatMap((label, i) => (synonyms(label).includes(word) ? [i] : []));
};

const byLabel = (classes: Classes, wanted: string): number => {
  const { labels } = classes;
  const found = labelled(classes, wanted);
  if (found.length === 1) return found[0];
  const named = JSON.stringify(wanted);
  if (found.length > 1) {
    const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
    const indices = found.slice(0, SHOWN).join(found.length === 2 ? ' and ' : ', ');
    // The index of one may be the label of another.
    const how = /^-?\d+$/.test(wanted.trim()) ? `, as index:${found[0]}` : '';
    throw ambiguous(`${named} is the label of classes ${indices}${more}; give the index${how}.`);
  }
  const word = wanted.trim().toLowerCase();
  const within = word === '' ? [] : labels.filter((label) => label.toLowerCase().includes(word)).slice(0, SHOWN);
  if (within.length > 0) {
    const names = within.map((label) => JSON.stringify(label)).join(', ');
    throw unknown(`The model has no class ${named}; it has ${names}.`);
  }
  const near = closest(word, labels.flatMap(synonyms));
  throw unknown(`The model has no class ${named}; the nearest is ${JSON.stringify(near)}.`);
};

/** A number may be an index or a label. Where it is both, of different classes, nobody but the person knows which is meant. */
const byNumber = (classes: Classes, text: string): number => {
  const [label, ...others] = labelled(classes, text);
  if (label === undefined) return byIndex(classes, text);
  if (others.length > 0) return byLabel(classes, text);
  const index = Number(text);
  if (index === label || index < 0 || index >= classes.labels.length) return label;
  throw ambiguous(
    `"${text}" is the label of class ${label} and the index of class ${index}; give label:${text} or index:${index}.`,
  );
};

const byWordnetId = (classes: Classes, id: string): number => {
  const index = classes.wordnetIds?.indexOf(id) ?? -1;
  if (index >= 0) return index;
  if (labelled(classes, id).length > 0) return byLabel(classes, id);
  const why = classes.wordnetIds
    ? 'none of its classes has it'
    : "its labels are not ImageNet's and have no WordNet ids";
  throw unknown(`The model has no class with the WordNet id ${id}: ${why}.`);
};

/**
 * The class for an index, a label or one of its synonyms, in upper or lower case, or a WordNet id. `index:` or `label:` before
 * it says which it is.
 * @throws UsageError `unknown-class` with the nearest label, `ambiguous-class` with the indices.
 */
export const findClass = (classes: Classes, wanted: string): number => {
  const [, kind, rest = ''] = /^(index|label):(.*)$/s.exec(wanted.trim()) ?? [];
  if (kind === 'index') return byIndex(classes, rest.trim());
  if (kind === 'label') return byLabel(classes, rest);
  if (/^-?\d+$/.test(wanted.trim())) return byNumber(classes, wanted.trim());
  return isWordnetId(wanted.trim()) ? byWordnetId(classes, wanted.trim()) : byLabel(classes, wanted);
};

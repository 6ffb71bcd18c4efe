import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { ModelError, UsageError } from '../../errors.js';
import { type ModelFiles, readSideFile } from '../locate.js';

const LABEL_FILE = 'config.json';

/**
 * The classes' names in order; "class 7" and so on where no file beside the model names them.
 * @param count of classes that the network has.
 * @throws ModelError `label-count`, `bad-side-file`.
 */
export const readLabels = ({ folder }: ModelFiles, count: number): readonly string[] => {
  const file = join(folder, LABEL_FILE);
  const config = readSideFile(folder, LABEL_FILE);
  // Without a file there are no names; a file without them is a mistake to be told.
  if (config === undefined) return Array.from({ length: count }, (_, index) => `class ${index}`);
  const byIndex = config.id2label;
  if (typeof byIndex !== 'object' || byIndex === null) {
    throw new ModelError('bad-side-file', `${file} lacks id2label, an object of class names.`);
  }
  const entries = Object.entries(byIndex);
  if (entries.length !== count) {
    throw new ModelError('label-count', `${file} names ${entries.length} classes, but the model has ${count}.`);
  }
  const labels = Array.from({ length: count }, (_, index) => (byIndex as Record<string, unknown>)[index]);
  return labels.map((label, index) => {
    if (typeof label !== 'string')
      throw new ModelError('bad-side-file', `${file} names no class ${index} in id2label.`);
    return label;
  });
};

/** A label's words for the class: "tabby, tabby cat" has two. */
const synonyms = (label: string): string[] =>
  [label, ...label.split(',')].map((word) => word.trim().toLowerCase()).filter((word) => word !== '');

/**
 * The class that a person means by an index or a label (or one of its synonyms, in any case).
 * @throws UsageError `unknown-class` with the nearest label, `ambiguous-class` with the indices.
 */
export const findClass = (labels: readonly string[], wanted: string): number => {
  if (/^\d+$/.test(wanted) && !labels.includes(wanted)) {
    const index = Number(wanted);
    if (index < labels.length) return index;
    throw new UsageError(
      'unknown-class',
      `There is no class ${wanted}: the model has classes 0 to ${labels.length - 1}.`,
    );
  }
  const word = wanted.trim().toLowerCase();
  const whole = labels.flatMap((label, index) => (label.toLowerCase() === word ? [index] : []));
  const found = whole.length > 0 ? whole : labels.flatMap((label, i) => (synonyms(label).includes(word) ? [i] : []));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new UsageError(
      'ambiguous-class',
      `${wanted} is the label of classes ${found.join(' and ')}; give the index.`,
    );
  }
  const near = closest(word, labels.flatMap(synonyms));
  throw new UsageError(
    'unknown-class',
    `The model has no class ${JSON.stringify(wanted)}; the nearest is ${JSON.stringify(near)}.`,
  );
};

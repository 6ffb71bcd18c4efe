import { closest } from 'fastest-levenshtein';
import { ModelError, UsageError } from '../../errors.js';
import { locateModel, type ModelFiles } from '../locate.js';
import { assumed, originWords } from '../origin.js';
import { IMAGENET_CLASSES } from './imagenet.js';
import { configWithoutLabels, findLabels, type LabelSource, readLabelFile } from './sources.js';

// The built-in model whose classes are ImageNet's 1000.
const IMAGENET_MODEL = 'efficientnet-lite0';

const imagenet = (): LabelSource => ({
  labels: findLabels(locateModel(IMAGENET_MODEL), new Map())?.labels ?? [],
  origin: { source: 'built-in', where: 'the built-in ImageNet names' },
});

const numbered = (count: number): LabelSource => ({
  labels: Array.from({ length: count }, (_, index) => `class ${index}`),
  origin: assumed,
});

const classes = (count: number): string => (count === 1 ? '1 class' : `${count} classes`);

/**
 * The classes' names in order: from the option, else from the model's files or metadata. Without any, 1000 classes get
 * ImageNet's names, and others are "class 7" and so on.
 * @param count of classes that the network has.
 * @param options.wanted a file of labels, or `imagenet`.
 * @param options.oneLogit whether one logit stands for two classes.
 * @throws ModelError `label-count` with both counts, `bad-side-file`, `bad-labels`.
 */
export const readLabels = (
  files: ModelFiles,
  metadata: ReadonlyMap<string, string>,
  count: number,
  { wanted, oneLogit }: { readonly wanted: string | undefined; readonly oneLogit: boolean },
): LabelSource => {
  const source =
    wanted === undefined
      ? findLabels(files, metadata)
      : wanted === 'imagenet'
        ? imagenet()
        : { ...readLabelFile(wanted), origin: { source: 'flag', where: `--labels ${wanted}` } as const };
  if (source === undefined) {
    if (count === IMAGENET_CLASSES)
      return { ...imagenet(), origin: { source: 'assumed', where: imagenet().origin.where } };
    const config = configWithoutLabels(files);
    if (config === undefined) return numbered(count);
    throw new ModelError('bad-side-file', `${config} lacks id2label, an object of class names; give --labels.`);
  }
  // TensorFlow's networks have a background class first.
  if (source.labels.length === IMAGENET_CLASSES && count === IMAGENET_CLASSES + 1) {
    const where = `${source.origin.where}, after a background class`;
    return { labels: ['background', ...source.labels], origin: { ...source.origin, where } };
  }
  if (source.labels.length === count) return source;
  // A network of one logit whose files name only the class that the logit stands for.
  if (oneLogit && source.labels.length === 1) {
    return { labels: [`not ${source.labels[0]}`, source.labels[0]], origin: source.origin };
  }
  throw new ModelError(
    'label-count',
    `${originWords(source.origin)} names ${classes(source.labels.length)}, but the model has ${count}.`,
  );
};

/** The synonyms in a label: "tabby, tabby cat" has two. */
const synonyms = (label: string): string[] =>
  [label, ...label.split(',')].map((word) => word.trim().toLowerCase()).filter((word) => word !== '');

// Enough to choose from, few enough to read.
const SHOWN = 5;

/**
 * The class for an index, a label or one of its synonyms, in upper or lower case.
 * @throws UsageError `unknown-class` with the nearest label, `ambiguous-class` with the indices.
 */
export const findClass = (labels: readonly string[], wanted: string): number => {
  if (/^-?\d+$/.test(wanted) && !labels.includes(wanted)) {
    const index = Number(wanted);
    if (index >= 0 && index < labels.length) return index;
    throw new UsageError(
      'unknown-class',
      `There is no class ${wanted}: the model has classes 0 to ${labels.length - 1}.`,
    );
  }
  const word = wanted.trim().toLowerCase();
  const whole = labels.flatMap((label, index) => (label.toLowerCase() === word ? [index] : []));
  const found = whole.length > 0 ? whole : labels.flatMap((label, i) => (synonyms(label).includes(word) ? [i] : []));
  if (found.length === 1) return found[0];
  const named = JSON.stringify(wanted);
  if (found.length > 1) {
    const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
    const indices = found.slice(0, SHOWN).join(found.length === 2 ? ' and ' : ', ');
    throw new UsageError('ambiguous-class', `${named} is the label of classes ${indices}${more}; give the index.`);
  }
  const within = labels.filter((label) => label.toLowerCase().includes(word)).slice(0, SHOWN);
  if (within.length > 0) {
    const names = within.map((label) => JSON.stringify(label)).join(', ');
    throw new UsageError('unknown-class', `The model has no class ${named}; it has ${names}.`);
  }
  const near = closest(word, labels.flatMap(synonyms));
  throw new UsageError('unknown-class', `The model has no class ${named}; the nearest is ${JSON.stringify(near)}.`);
};

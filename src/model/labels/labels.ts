import { ModelError } from '../../errors.js';
import type { ModelFiles } from '../locate.js';
import { assumed, originWords } from '../origin.js';
import { IMAGENET_CLASSES, imagenetIds, imagenetLabels, namesOfIds, wordnetIdsOf } from './imagenet.js';
import type { NamesInGraph } from './in-graph.js';
import { readLabelFile } from './label-file.js';
import type { LabelSource } from './names.js';
import { findLabels } from './sources.js';

const imagenet = (source: 'built-in' | 'assumed'): LabelSource => ({
  labels: imagenetLabels(),
  wordnetIds: imagenetIds(),
  origin: { source, where: 'the built-in ImageNet names' },
});

/** What a network's last layer gives: a logit for each class; one logit that stands for two classes; or numbers as they are. */
type Kind = 'classes' | 'one-logit' | 'numbers';

const numbered = (count: number, answers: Kind): LabelSource => {
  const word = answers === 'numbers' ? 'output' : 'class';
  return { labels: Array.from({ length: count }, (_, index) => `${word} ${index}`), origin: assumed };
};

const counted = (count: number, word: string): string => {
  const many = word.endsWith('s') ? `${word}es` : `${word}s`;
  return count === 1 ? `1 ${word}` : `${count} ${many}`;
};

/** Numbers in the network that count 1000 classes from 0 say no more than that there are 1000. */
const onlyCount = ({ labels, origin }: LabelSource): boolean =>
  origin.source === 'graph' && labels.every((label, index) => label === String(index));

/** @throws ModelError `label-count` with both counts. */
const fitted = (source: LabelSource, count: number, answers: Kind): LabelSource => {
  const { labels, wordnetIds, origin } = source;
  // TensorFlow's networks have a background class first.
  if (labels.length === IMAGENET_CLASSES && count === IMAGENET_CLASSES + 1) {
    const where = `${origin.where}, after a background class`;
    return {
      labels: ['background', ...labels],
      wordnetIds: wordnetIds && ['', ...wordnetIds],
      origin: { ...origin, where },
    };
  }
  if (labels.length === count) return source;
  // A network of one logit whose files name only the class that the logit stands for.
  if (answers === 'one-logit' && labels.length === 1) return { labels: [`not ${labels[0]}`, labels[0]], origin };
  const [word, has] = answers === 'numbers' ? ['output', 'gives'] : ['class', 'has'];
  const model = answers === 'numbers' ? counted(count, 'number') : count;
  throw new ModelError(
    'label-count',
    `${originWords(origin)} names ${counted(labels.length, word)}, but the model ${has} ${model}; give the right names with --labels.`,
  );
};

interface Wanted {
  /** A file of labels, or `imagenet`. Undefined: what is found. */
  readonly wanted: string | undefined;
  readonly answers: Kind;
  /** Names that the network itself holds. */
  readonly inGraph?: NamesInGraph | undefined;
}

/**
 * The classes' names in order: from the option, else from the model's files, its metadata or the network. Without any, 1000
 * classes get ImageNet's names, and others are "class 7" and so on.
 * @param count of classes that the network has.
 * @throws ModelError `label-count` with both counts, `bad-side-file`, `bad-labels`.
 */
export const readLabels = (
  files: ModelFiles,
  metadata: ReadonlyMap<string, string>,
  count: number,
  { wanted, answers, inGraph }: Wanted,
): LabelSource => {
  const found =
    wanted === undefined
      ? findLabels(files, metadata, inGraph)
      : wanted === 'imagenet'
        ? imagenet('built-in')
        : { ...readLabelFile(wanted), origin: { source: 'flag', where: `--labels ${wanted}` } as const };
  const isImagenets = count === IMAGENET_CLASSES && answers === 'classes';
  if (found === undefined || (isImagenets && onlyCount(found))) {
    return isImagenets ? imagenet('assumed') : numbered(count, answers);
  }
  const wordnetIds = wordnetIdsOf(found);
  return fitted({ labels: namesOfIds(found.labels), wordnetIds, origin: found.origin }, count, answers);
};

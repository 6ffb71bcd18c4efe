import { readFileSync } from 'node:fs';
import { packageFile } from '../../package-file.js';
import { locateModel } from '../locate.js';
import { isWordnetId, type Names } from './names.js';
import { findLabels } from './sources.js';

export const IMAGENET_CLASSES = 1000;

// The built-in model whose classes are ImageNet's 1000.
const IMAGENET_MODEL = 'efficientnet-lite0';

/** Names of ImageNet's 1000 classes, in their order. */
export const imagenetLabels = (): readonly string[] => findLabels(locateModel(IMAGENET_MODEL), new Map())?.labels ?? [];

/** WordNet ids of ImageNet's 1000 classes, such as n01440764, in their order. Its folders are called so. */
export const imagenetIds = (): readonly string[] =>
  readFileSync(packageFile('fixtures/models/wordnet-ids.txt'), 'utf8').trim().split('\n');

export const areImagenetIds = (ids: readonly string[]): boolean =>
  ids.length === IMAGENET_CLASSES && imagenetIds().every((id, index) => ids[index] === id);

const firstName = (label: string): string => label.split(',')[0].trim().toLowerCase().replaceAll('_', ' ');

/** Whether most of 1000 labels name the same class as ImageNet's do: every list of its names writes some in its own way. */
const areImagenets = (labels: readonly string[]): boolean => {
  if (labels.length !== IMAGENET_CLASSES) return false;
  const alike = imagenetLabels().filter((label, index) => firstName(label) === firstName(labels[index]));
  return alike.length * 2 > IMAGENET_CLASSES;
};

/** Each class's WordNet id: its source's own, or ImageNet's where the labels are. Undefined: they have none. */
export const wordnetIdsOf = ({ labels, wordnetIds }: Names): readonly string[] | undefined => {
  if (wordnetIds !== undefined) return wordnetIds;
  if (labels.length > 0 && labels.every(isWordnetId)) return labels;
  return areImagenets(labels) ? imagenetIds() : undefined;
};

/** Labels that are ids alone, as names where ImageNet has the class. */
export const namesOfIds = (labels: readonly string[]): readonly string[] => {
  if (labels.length === 0 || !labels.every(isWordnetId)) return labels;
  const names = imagenetLabels();
  const byId = new Map(imagenetIds().map((id, index) => [id, names[index]]));
  return labels.map((id) => byId.get(id) ?? id);
};

import { join } from 'node:path';
import { ModelError, quoted } from '../../errors.js';
import { isObject } from '../input/json.js';
import { foldersOf, type ModelFiles, readOwnFile, readSideFile } from '../locate.js';
import type { Origin } from '../origin.js';
import type { NamesInGraph } from './in-graph.js';
import { labelsIn } from './label-file.js';
import { fromList, fromObject, isWordnetId, type LabelSource, withIds } from './names.js';

/** timm's list of names. Where those are WordNet ids, it has a description for each beside them. */
const fromTimm = (list: readonly unknown[], descriptions: unknown): LabelSource => {
  const source = fromList(list, { source: 'file', where: 'config.json: label_names' });
  const { labels, origin } = source;
  if (!labels.every(isWordnetId) || !isObject(descriptions)) return source;
  const described = labels.map((id) => descriptions[id]);
  if (!described.every((name) => typeof name === 'string')) return source;
  return { ...withIds(described, labels), origin: { ...origin, where: 'config.json: label_descriptions' } };
};

const fromConfig = (files: ModelFiles): LabelSource | undefined => {
  for (const folder of foldersOf(files)) {
    const config = readSideFile(folder, 'config.json');
    if (config === undefined) continue;
    if (isObject(config.id2label)) {
      return fromObject(config.id2label, { source: 'file', where: 'config.json: id2label' });
    }
    if (config.id2label !== undefined && config.id2label !== null) {
      const found = `${join(folder, 'config.json')} has an id2label that is no object of class names`;
      throw new ModelError('bad-side-file', `${found}: ${quoted(config.id2label)}; give --labels.`);
    }
    const cfg = isObject(config.pretrained_cfg) ? config.pretrained_cfg : {};
    const list = config.label_names ?? config.labels ?? cfg.label_names;
    if (Array.isArray(list)) return fromTimm(list, config.label_descriptions ?? cfg.label_descriptions);
  }
  return undefined;
};

// Of ImageNet's 22,000 classes: 1 MB.
const MAX_METADATA = 2 ** 22;

// Each part ends where the next begins, so that no text of this length takes long.
const dictionaryEntry = /(?<!\d)(\d{1,9})\s*:\s*(?:'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)")/g;

/** Ultralytics writes a Python dictionary: {0: 'cat', 1: "dog's"}. */
const fromDictionary = (names: string, origin: Origin): LabelSource => {
  const entries = [...names.matchAll(dictionaryEntry)];
  const table = Object.fromEntries(
    entries.map(([, index, single, double]) => [index, (single ?? double).replace(/\\(.)/g, '$1')]),
  );
  return fromObject(table, origin);
};

/** PaddlePaddle's exporters write one name a line. A name may be a blank. */
const fromCharacters = (text: string, origin: Origin): LabelSource =>
  fromList(text.replace(/\r?\n$/, '').split(/\r?\n/), origin);

/** The metadata that exporters leave, by their keys, those that say it best first. */
const exporters: Readonly<Record<string, (text: string, origin: Origin) => LabelSource>> = {
  names: fromDictionary,
  character: fromCharacters,
};

const fromMetadata = (metadata: ReadonlyMap<string, string>): LabelSource | undefined => {
  for (const [key, read] of Object.entries(exporters)) {
    const text = metadata.get(key);
    if (text === undefined) continue;
    if (text.length > MAX_METADATA) {
      const found = `The model's metadata ${key} has ${text.length} characters`;
      throw new ModelError('bad-metadata', `${found}, more than the names of any classes; give --labels.`);
    }
    return read(text, { source: 'metadata', where: key });
  }
  return undefined;
};

const FILES = [
  'labels.txt',
  'classes.txt',
  'synset.txt',
  'synset_words.txt',
  'imagenet_class_index.json',
  'labels.json',
  'classes.json',
  'labels.csv',
  'classes.csv',
  'labels.tsv',
  'data.yaml',
  'metadata.yaml',
];

const fromFiles = ({ folder }: ModelFiles): LabelSource | undefined => {
  for (const name of FILES) {
    const found = labelsIn(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
};

/**
 * Class names from the first source that has them: gapcam's own file, config.json, the model's metadata, the network itself,
 * a file of labels beside it. Numbers in the network come last, since they may only count the classes.
 */
export const findLabels = (
  files: ModelFiles,
  metadata: ReadonlyMap<string, string>,
  { names, numbers }: NamesInGraph = {},
): LabelSource | undefined => {
  const { name: ownName, json } = readOwnFile(files);
  if (Array.isArray(json?.labels)) return fromList(json.labels, { source: 'own-file', where: `${ownName}: labels` });
  return fromConfig(files) ?? fromMetadata(metadata) ?? names ?? fromFiles(files) ?? numbers;
};

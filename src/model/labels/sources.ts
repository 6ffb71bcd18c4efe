import { basename, extname, join } from 'node:path';
import { ModelError, quoted } from '../../errors.js';
import { isObject } from '../input/json.js';
import { foldersOf, type ModelFiles, readOwnFile, readSideFile } from '../locate.js';
import { type Origin, originWords } from '../origin.js';
import { isThere, parseSideText, type Refusal, readSideText } from '../side-file.js';

/** Class names and their origin. `labels` are in the order of the classes. */
export interface LabelSource {
  readonly labels: readonly string[];
  readonly origin: Origin;
}

const strings = (values: readonly unknown[], origin: Origin): readonly string[] =>
  values.map((value, index) => {
    // imagenet_class_index.json has [synset, name] for each class.
    const label = Array.isArray(value) ? value.at(-1) : value;
    if (typeof label === 'string') return label;
    const found = label === undefined ? '' : `, but has ${quoted(label)}`;
    throw new ModelError('bad-side-file', `${originWords(origin)} names no class ${index}${found}.`);
  });

/** Names by index, as {"0": "cat", "1": "dog"}, or by name, as {"cat": 0, "dog": 1}. */
const byIndex = (object: Readonly<Record<string, unknown>>, origin: Origin): readonly string[] => {
  const entries = Object.entries(object);
  const indexed = entries.every(([, value]) => typeof value === 'number')
    ? entries.map(([name, index]) => [String(index), name])
    : entries;
  const table = Object.fromEntries(indexed);
  return strings(
    Array.from({ length: entries.length }, (_, index) => table[index]),
    origin,
  );
};

/** Lines of a text file: "tench", "0 tench", "0: tench", or "n01440764 tench, Tinca tinca". */
const byLine = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const numbered = lines.every((line, index) => new RegExp(`^${index}[\\s:,]+\\S`).test(line));
  const synsets = lines.every((line) => /^n\d{8}\s+\S/.test(line));
  return lines.map((line) => {
    if (numbered) return line.replace(/^\d+[\s:,]+/, '');
    return synsets ? line.replace(/^n\d{8}\s+/, '') : line;
  });
};

const badLabels: Refusal = (sentence, cause) => new ModelError('bad-labels', sentence, cause);

/** @throws ModelError `bad-labels`. */
export const readLabelFile = (file: string): LabelSource => {
  const origin: Origin = { source: 'file', where: basename(file) };
  const text = readSideText(file, badLabels);
  if (text === undefined) throw new ModelError('bad-labels', `There is no file of labels ${file}.`);
  if (extname(file) !== '.json') return { labels: byLine(text), origin };
  const json = parseSideText(file, text, badLabels);
  if (Array.isArray(json)) return { labels: strings(json, origin), origin };
  if (isObject(json)) return { labels: byIndex(isObject(json.id2label) ? json.id2label : json, origin), origin };
  throw new ModelError('bad-labels', `${file} holds neither a list nor an object of labels.`);
};

const fromConfig = (files: ModelFiles): LabelSource | undefined => {
  for (const folder of foldersOf(files)) {
    const config = readSideFile(folder, 'config.json');
    if (config === undefined) continue;
    if (isObject(config.id2label)) {
      const origin: Origin = { source: 'file', where: 'config.json: id2label' };
      return { labels: byIndex(config.id2label, origin), origin };
    }
    const cfg = isObject(config.pretrained_cfg) ? config.pretrained_cfg : {};
    const list = config.label_names ?? config.labels ?? cfg.label_names;
    if (Array.isArray(list)) {
      const origin: Origin = { source: 'file', where: 'config.json: label_names' };
      return { labels: strings(list, origin), origin };
    }
  }
  return undefined;
};

/** Path of a model's config.json, for a message where nothing names the classes. */
export const configWithoutLabels = (files: ModelFiles): string | undefined =>
  foldersOf(files)
    .map((folder) => join(folder, 'config.json'))
    .find(isThere);

// Of ImageNet's 22,000 classes: 1 MB.
const MAX_METADATA = 2 ** 22;

// Each part ends where the next begins, so that no text of this length takes long.
const dictionaryEntry = /(?<!\d)(\d{1,9})\s*:\s*(?:'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)")/g;

/** Ultralytics writes a Python dictionary: {0: 'cat', 1: "dog's"}. */
const fromMetadata = (metadata: ReadonlyMap<string, string>): LabelSource | undefined => {
  const names = metadata.get('names');
  if (names === undefined) return undefined;
  const origin: Origin = { source: 'metadata', where: 'names' };
  if (names.length > MAX_METADATA) {
    const found = `The model's metadata names has ${names.length} characters`;
    throw new ModelError('bad-metadata', `${found}, more than the names of any classes; give --labels.`);
  }
  const entries = [...names.matchAll(dictionaryEntry)];
  const table = Object.fromEntries(
    entries.map(([, index, single, double]) => [index, (single ?? double).replace(/\\(.)/g, '$1')]),
  );
  return { labels: byIndex(table, origin), origin };
};

const FILES = [
  'labels.txt',
  'classes.txt',
  'synset.txt',
  'synset_words.txt',
  'imagenet_class_index.json',
  'labels.json',
  'classes.json',
];

/** Class names from the first source that has them: the model's files, then its metadata. */
export const findLabels = (files: ModelFiles, metadata: ReadonlyMap<string, string>): LabelSource | undefined => {
  const { name: ownName, json } = readOwnFile(files);
  const origin: Origin = { source: 'own-file', where: `${ownName}: labels` };
  if (Array.isArray(json?.labels)) return { labels: strings(json.labels, origin), origin };
  const configured = fromConfig(files) ?? fromMetadata(metadata);
  if (configured !== undefined) return configured;
  const file = FILES.map((name) => join(files.folder, name)).find(isThere);
  return file === undefined ? undefined : readLabelFile(file);
};

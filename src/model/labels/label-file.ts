import { basename, extname } from 'node:path';
import { ModelError, reasonOf } from '../../errors.js';
import { depthOf, MAX_DEPTH } from '../../json-depth.js';
import { isObject } from '../input/json.js';
import type { Origin } from '../origin.js';
import { parseSideText, type Refusal, readSideText } from '../side-file.js';
import { fromLines, fromList, fromObject, type LabelSource } from './names.js';
import { fromTable } from './table.js';
import { parseYaml } from './yaml.js';

const badLabels: Refusal = (sentence, cause) => new ModelError('bad-labels', sentence, cause);

// The names of 22,000 classes are less. The reader of YAML takes seconds for as much.
const MAX_YAML = 2 ** 20;

const fromJson = (file: string, text: string, origin: Origin): LabelSource => {
  const json = parseSideText(file, text, badLabels);
  if (Array.isArray(json)) return fromList(json, origin);
  if (isObject(json)) return fromObject(isObject(json.id2label) ? json.id2label : json, origin);
  throw new ModelError('bad-labels', `${file} holds neither a list nor an object of labels.`);
};

/** `names` of a data set's file, as Ultralytics has it: a list, or names by index. Undefined: it has no names. */
const fromYaml = (file: string, text: string, origin: Origin): LabelSource | undefined => {
  if (text.length > MAX_YAML || depthOf(text) > MAX_DEPTH) {
    const found =
      text.length > MAX_YAML ? `has ${text.length} characters` : `holds ${depthOf(text)} lists in each other`;
    const sentence = `${file} ${found}, and of YAML at most ${MAX_YAML} and ${MAX_DEPTH} are read; give a text file.`;
    throw badLabels(sentence, undefined);
  }
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw badLabels(`${file} is not YAML: ${reasonOf(error)}.`, error);
  }
  const names = isObject(value) && 'names' in value ? value.names : value;
  if (Array.isArray(names)) return fromList(names, origin);
  if (!isObject(names) || !Object.keys(names).every((key) => /^\d+$/.test(key))) return undefined;
  return fromObject(names, origin);
};

const withOrigin = (file: string, names: ReturnType<typeof fromTable>, origin: Origin): LabelSource => {
  if (!('miscounted' in names)) return { ...names, origin };
  const column = JSON.stringify(names.miscounted);
  throw badLabels(
    `Column ${column} of ${file} does not count its rows from 0; number them by the network's order.`,
    undefined,
  );
};

/**
 * The class names in a file beside a model, by its ending: JSON, YAML, a table, or lines.
 * @returns undefined where there is no such file, or where a file of YAML is about something else.
 * @throws ModelError `bad-labels`, `bad-side-file`.
 */
export const labelsIn = (file: string): LabelSource | undefined => {
  const origin: Origin = { source: 'file', where: basename(file) };
  const text = readSideText(file, badLabels);
  if (text === undefined) return undefined;
  const ending = extname(file).toLowerCase();
  if (ending === '.json') return fromJson(file, text, origin);
  if (ending === '.yaml' || ending === '.yml') return fromYaml(file, text, origin);
  if (ending === '.csv' || ending === '.tsv') return withOrigin(file, fromTable(text), origin);
  return { ...fromLines(text), origin };
};

/** The same, of a file that a person named. @throws ModelError `bad-labels` also where it is missing, or names no classes. */
export const readLabelFile = (file: string): LabelSource => {
  const found = labelsIn(file);
  if (found !== undefined) return found;
  const isMissing = readSideText(file, badLabels) === undefined;
  throw new ModelError(
    'bad-labels',
    isMissing
      ? `There is no file of labels ${file}.`
      : `${file} has no list of names, nor names by index, under "names".`,
  );
};

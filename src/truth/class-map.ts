import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { ModelError, quoted, reasonOf, UsageError } from '../errors.js';
import { depthOf, MAX_DEPTH } from '../json-depth.js';
import { type Classes, findClass } from '../model/labels/find-class.js';
import { tableRows } from '../model/labels/table.js';
import { parseYaml } from '../model/labels/yaml.js';
import { parseSideText, readSideText } from '../model/side-file.js';
import { isRecord, isText } from '../results/json.js';

/** A file that says which class of the network a truth's name means: `theirs: ours`, in JSON, YAML or CSV. */

const FORM = 'give --map-classes a file of pairs, theirs: ours, in JSON, YAML or CSV';

const bad = (found: string, cause?: unknown): UsageError =>
  new UsageError('bad-class-map', `${found}; ${FORM}.`, cause);

// The reader of YAML takes seconds for as much.
const MAX_YAML = 2 ** 20;

type Pairs = readonly (readonly [theirs: string, ours: string])[];

const fromObject = (file: string, value: unknown): Pairs => {
  if (!isRecord(value)) throw bad(`${file} holds no pairs of names`);
  return Object.entries(value).map(([theirs, ours]) => {
    if (isText(ours) || typeof ours === 'number') return [theirs, String(ours)];
    throw bad(`${file} has ${quoted(ours)} for ${quoted(theirs)}`);
  });
};

const fromYaml = (file: string, text: string): Pairs => {
  if (text.length > MAX_YAML || depthOf(text) > MAX_DEPTH) throw bad(`${file} is too large, or nested too deeply`);
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw bad(`${file} is not YAML (${reasonOf(error)})`, error);
  }
  return fromObject(file, value);
};

const HEADINGS = 'theirs,ours';

const fromCsv = (file: string, text: string): Pairs =>
  tableRows(text).flatMap((row, i): Pairs => {
    const cells = row.map((cell) => cell.trim());
    if (i === 0 && cells.join().toLowerCase() === HEADINGS) return [];
    if (cells.length !== 2) throw bad(`${file} has ${cells.length} columns in row ${i + 1}`);
    return [[cells[0], cells[1]]];
  });

const pairsIn = (file: string): Pairs => {
  const refusal = (sentence: string, cause: unknown) => new ModelError('bad-class-map', sentence, cause);
  const text = readSideText(file, refusal)?.replace(/^\ufeff/, '');
  if (text === undefined) throw bad(`There is no file ${file}`);
  // What is no UTF-8 was read as this sign.
  if (text.includes('\0') || text.includes('\ufffd')) throw bad(`${file} is no text in UTF-8`);
  const ending = extname(file).toLowerCase();
  if (ending === '.json') return fromObject(file, parseSideText(file, text, refusal));
  if (ending === '.yaml' || ending === '.yml') return fromYaml(file, text);
  return fromCsv(file, text);
};

export interface ClassMap {
  /** Index of a class by the truth's name for it, in lower case. */
  readonly indices: ReadonlyMap<string, number>;
  /** The file's name with a digest of what it says. */
  readonly identity: string;
}

/**
 * Reads which of the network's classes a truth's names mean.
 * @returns index by name, in lower case, and what tells the file from another.
 * @throws UsageError, ModelError `bad-class-map`, `unknown-class`, `ambiguous-class`.
 */
export const readClassMap = (file: string, classes: Classes): ClassMap => {
  const mapped = new Map<string, number>();
  for (const [theirs, ours] of pairsIn(file)) {
    const key = theirs.trim().toLowerCase();
    if (mapped.has(key)) throw bad(`${file} has ${quoted(theirs)} twice`);
    try {
      mapped.set(key, findClass(classes, ours));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(error.code, `${file}: ${error.message}`, error);
    }
  }
  if (mapped.size === 0) throw bad(`${file} holds no pairs of names`);
  const digest = createHash('sha256')
    .update(JSON.stringify([...mapped].sort()))
    .digest('hex')
    .slice(0, 8);
  return { indices: mapped, identity: `${basename(file)} (${digest})` };
};

import { join } from 'node:path';
import { ModelError, quoted } from '../errors.js';
import { isNearlyOneOf, nearestOf } from '../nearest.js';
import { isObject, type Json } from './input/json.js';
import { ownInputKeys } from './input/own-input.js';
import { type ModelFiles, readOwnFile } from './locate.js';

/** gapcam's own file of a model, checked for keys and types. The input's values are still as they were written. */
export interface OwnFile {
  readonly name: string;
  readonly file: string;
  /** Whether another program's file has its name. It is not read, and not replaced. */
  readonly isForeign: boolean;
  /** What is known of how photos are fed. */
  readonly input: Json;
  /** The same keys: values that nothing said when the file was saved. Every other source outranks them. */
  readonly assumed: Json;
  readonly labels: readonly unknown[] | undefined;
  readonly outputName: string | undefined;
  /** Where each value came from, in words, for people. */
  readonly origins: Json;
  /** What a person alone writes: kept as it is where the file is saved again. */
  readonly kept: Json;
}

const isText = (value: unknown): value is string => typeof value === 'string';

interface Kind {
  readonly expected: string;
  readonly isRight: (value: unknown) => boolean;
  /** The keys of an object. */
  readonly keys?: readonly string[];
}

const anything: Kind = { expected: 'anything', isRight: () => true };

const inputKind: Kind = { expected: 'an object', isRight: isObject, keys: ownInputKeys };

/** Every key that the file may have. */
const kinds = {
  input: inputKind,
  assumed: inputKind,
  labels: { expected: 'a list of class names', isRight: Array.isArray },
  outputName: { expected: 'the name of an output', isRight: isText },
  origins: { ...inputKind, keys: [...ownInputKeys, 'labels', 'outputName'] },
  // What a person alone writes: the last two are checked where they are read.
  comment: anything,
  problemType: anything,
  unit: anything,
} satisfies Readonly<Record<string, Kind>>;

/** All keys as they are named in errors: `input`, and `input.mean`. */
const allKeys = Object.entries<Kind>(kinds).flatMap(([key, { keys = [] }]) =>
  key === 'origins' || key === 'assumed' ? [key] : [key, ...keys.map((inner) => `${key}.${inner}`)],
);

const known = [...Object.keys(kinds), ...ownInputKeys];

/**
 * Whether a file of this name is gapcam's. Other programs also write x.json beside x.onnx: theirs have none of gapcam's keys,
 * and few that resemble them.
 */
const isOwn = (name: string, json: Json): boolean => {
  const keys = Object.keys(json);
  if (name === 'model.json' && !keys.includes('modelTopology')) return true;
  return (
    keys.some((key) => Object.hasOwn(kinds, key)) ||
    keys.filter((key) => isNearlyOneOf(key, known)).length * 2 >= keys.length
  );
};

const unknownKey = (file: string, within: string, key: string, known: readonly string[]): ModelError => {
  const name = `${within}${quoted(key).slice(1, -1)}`;
  return new ModelError(
    'bad-side-file',
    `${file}, gapcam's own file of the model, may not have the key ${name}; the nearest is ${within}${nearestOf(key, known)}. If it is another program's file, rename it.`,
  );
};

const checkKey = (file: string, key: keyof typeof kinds, value: unknown): void => {
  const { expected, isRight, keys }: Kind = kinds[key];
  if (!isRight(value)) {
    throw new ModelError('bad-side-file', `Expected ${expected} for ${key} in ${file} but found ${quoted(value)}.`);
  }
  if (keys === undefined) return;
  const unknown = Object.keys(value as Json).find((inner) => !keys.includes(inner));
  if (unknown !== undefined) throw unknownKey(file, `${key}.`, unknown, keys);
};

/**
 * A model's own file, or an empty one where there is none.
 * @throws ModelError `bad-side-file` that names a key which it may not have, with the nearest one.
 */
export const ownFileOf = (files: ModelFiles): OwnFile => {
  const { name, json: found = {} } = readOwnFile(files);
  const file = join(files.folder, name);
  const isForeign = !isOwn(name, found);
  const json = isForeign ? {} : found;
  for (const [key, value] of Object.entries(json)) {
    if (!Object.hasOwn(kinds, key)) throw unknownKey(file, '', key, allKeys);
    checkKey(file, key as keyof typeof kinds, value);
  }
  const { input = {}, assumed = {}, origins = {}, labels, outputName, ...kept } = json as Partial<OwnFile>;
  return { name, file, isForeign, input, assumed, origins, labels, outputName, kept };
};

import { ModelError } from '../errors.js';
import type { Scoring } from '../maps/scores.js';
import { readerOf } from './input/json.js';
import { foldersOf, type ModelFiles, readOwnFile, readSideFile } from './locate.js';
import { assumed, type Origin } from './origin.js';

/** What a network was trained for, as transformers calls it. */
const problems = ['single_label_classification', 'multi_label_classification', 'regression'] as const;
type Problem = (typeof problems)[number];

/** What a model's files say of what it was trained for. */
export interface Answers {
  /** Undefined: they do not say. */
  readonly problem: Problem | undefined;
  readonly origin: Origin;
  /** What the numbers are measured in: one unit for all, or one for each. Undefined: it is not said. */
  readonly units: string | readonly string[] | undefined;
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const problemOf = (files: ModelFiles): Pick<Answers, 'problem' | 'origin'> => {
  for (const folder of foldersOf(files)) {
    const value = readSideFile(folder, 'config.json')?.problem_type;
    const problem = problems.find((known) => known === value);
    if (problem !== undefined) return { problem, origin: { source: 'file', where: 'config.json: problem_type' } };
  }
  return { problem: undefined, origin: assumed };
};

/**
 * What gapcam's own file says of it, else config.json.
 * @throws ModelError `bad-side-file`.
 */
export const readAnswers = (files: ModelFiles): Answers => {
  const { name, json = {} } = readOwnFile(files);
  const read = readerOf(json, name);
  const { unit } = json;
  if (read.has('unit') && typeof unit !== 'string' && !isTexts(unit)) {
    throw read.wrong('unit', 'a unit such as "years", or a list of one for each output');
  }
  const units = typeof unit === 'string' || isTexts(unit) ? unit : undefined;
  if (!read.has('problemType')) return { ...problemOf(files), units };
  const origin: Origin = { source: 'own-file', where: `${name}: problemType` };
  return { problem: read.word('problemType', problems), origin, units };
};

/**
 * The unit of each number. Undefined: it is not said.
 * @throws ModelError `bad-side-file` where there are more or fewer than numbers, or where there are scores instead.
 */
export const unitsOf = ({ units }: Answers, scoring: Scoring, count: number): readonly string[] | undefined => {
  if (units === undefined) return undefined;
  if (scoring !== 'none') {
    const sentence = 'A unit is given, but the model gives scores of classes; give problemType "regression" beside it.';
    throw new ModelError('bad-side-file', sentence);
  }
  if (typeof units === 'string') return Array.from({ length: count }, () => units);
  if (units.length === count) return units;
  const numbers = count === 1 ? '1 number' : `${count} numbers`;
  throw new ModelError('bad-side-file', `Units are given for ${units.length} outputs, but the model gives ${numbers}.`);
};

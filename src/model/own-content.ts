import type { Input } from './input/input.js';
import { writeOwnInput } from './input/own-input.js';
import { type Origin, originWords } from './origin.js';
import type { OwnFile } from './own-file.js';

/** What is saved of a model. */
export interface Saved {
  readonly input: Input;
  /** The names of all classes, and where they came from. */
  readonly labels: readonly string[];
  readonly labelOrigin: Origin;
  /** The output that the user asked for. */
  readonly outputName: string | undefined;
  /** What the file said before. */
  readonly before: OwnFile;
}

/** Where a value came from, also where it stood in the file before. Undefined: somebody wrote it there by hand. */
const firstOrigin = (origin: Origin): string | undefined =>
  origin.source === 'own-file' ? origin.from : originWords(origin);

/** Entries of an object, without those that have no value. */
const objectOf = (entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The labels that nothing else would say at the next run: the option's, or those of the file before. */
const labelsOf = ({ labels, labelOrigin, before }: Saved): readonly unknown[] | undefined =>
  labelOrigin.source === 'flag' ? labels : before.labels;

const valueText = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((part) => JSON.stringify(part)).join(', ')}]` : JSON.stringify(value);

// Each value of `input` on a line of its own, and each label.
const asText = (content: Readonly<Record<string, unknown>>): string => {
  const lines = Object.entries(content).map(([key, value]) => {
    if (Array.isArray(value) || typeof value !== 'object' || value === null || key === 'comment') {
      return `  ${JSON.stringify(key)}: ${JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ')}`;
    }
    const inner = Object.entries(value).map(([name, part]) => `    ${JSON.stringify(name)}: ${valueText(part)}`);
    return `  ${JSON.stringify(key)}: {\n${inner.join(',\n')}\n  }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
};

/**
 * The text of a model's own file from which its input is read again, value for value: `input` holds what was found or given,
 * `assumed` what nothing said, `origins` where each value came from.
 */
export const ownContent = (saved: Saved): string => {
  const { before, outputName = before.outputName } = saved;
  const values = writeOwnInput(saved.input);
  const known = values.filter(({ origin }) => origin.source !== 'assumed');
  const unknown = values.filter(({ origin }) => origin.source === 'assumed');
  const pairs = (list: typeof values) => objectOf(list.map(({ key, written }) => [key, written]));
  const labels = labelsOf(saved);
  const origins = objectOf([
    ...known.map(({ key, origin }) => [key, firstOrigin(origin)] as const),
    ['labels', labels === undefined ? undefined : firstOrigin(saved.labelOrigin)],
    ['outputName', saved.outputName === undefined ? before.origins.outputName : '--output-name'],
  ]);
  const content = {
    ...before.kept,
    input: pairs(known),
    assumed: pairs(unknown),
    origins,
    outputName,
    labels,
  };
  return asText(objectOf(Object.entries(content).filter(([, value]) => !isEmpty(value))));
};

import { ModelError, quoted } from '../../errors.js';
import { type Origin, originWords } from '../origin.js';

/** Class names in the order of the classes. */
export interface Names {
  readonly labels: readonly string[];
  /** WordNet id of each class, such as n02124075, where the source has them beside the names, or instead of names. */
  readonly wordnetIds?: readonly string[] | undefined;
}

/** Class names and their origin. */
export interface LabelSource extends Names {
  readonly origin: Origin;
}

export const isWordnetId = (text: string): boolean => /^n\d{8}$/.test(text);

const idOf = (value: unknown): string | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' && isWordnetId(value[0]) ? value[0] : undefined;

/** Adds the ids where each class has one. */
export const withIds = (labels: readonly string[], ids: readonly (string | undefined)[]): Names => {
  const known = ids.filter((id) => id !== undefined);
  return known.length === labels.length && known.length > 0 ? { labels, wordnetIds: known } : { labels };
};

/**
 * A list of names. A name may stand after its WordNet id, as in imagenet_class_index.json.
 * @throws ModelError `bad-side-file` where one is missing or is no text.
 */
export const fromList = (values: readonly unknown[], origin: Origin): LabelSource => {
  const labels = values.map((value, index) => {
    const label = Array.isArray(value) ? value.at(-1) : value;
    if (typeof label === 'string') return label;
    const found = label === undefined ? '' : `, but has ${quoted(label)}`;
    throw new ModelError('bad-side-file', `${originWords(origin)} names no class ${index}${found}.`);
  });
  return { ...withIds(labels, values.map(idOf)), origin };
};

/** Names by index, as {"0": "cat", "1": "dog"}, or by name, as {"cat": 0, "dog": 1}. @throws as `fromList`. */
export const fromObject = (object: Readonly<Record<string, unknown>>, origin: Origin): LabelSource => {
  const entries = Object.entries(object);
  const indexed = entries.every(([, value]) => typeof value === 'number')
    ? entries.map(([name, index]) => [String(index), name])
    : entries;
  const table = Object.fromEntries(indexed);
  return fromList(
    Array.from({ length: entries.length }, (_, index) => table[index]),
    origin,
  );
};

/** Lines of a text file: "tench", "0 tench", "0: tench", or "n01440764 tench, Tinca tinca". */
export const fromLines = (text: string): Names => {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const numbered = lines.every((line, index) => new RegExp(`^${index}[\\s:,]+\\S`).test(line));
  const names = numbered ? lines.map((line) => line.replace(/^\d+[\s:,]+/, '')) : lines;
  if (!names.every((name) => /^n\d{8}\s+\S/.test(name))) return { labels: names };
  return withIds(
    names.map((name) => name.replace(/^n\d{8}\s+/, '')),
    names.map((name) => name.slice(0, 9)),
  );
};

import { UsageError } from '../errors.js';
import { convertOptions } from '../options/convert.js';
import { flagOf, type OptionsOf } from '../options/define.js';
import { keysOf } from '../options/values.js';
import { readCoco } from '../truth/coco/data-set.js';
import { readLines } from './files.js';
import type { ConvertOptions, Format } from './format.js';

const flag = (name: keyof ConvertOptions): string => `--${flagOf(name, convertOptions[name])}`;

const isGiven = (value: unknown): boolean => value !== undefined && value !== false;

/**
 * Refuses options that would do nothing, and those that are missing.
 * @param formats all, by name. @param to the chosen one.
 * @throws UsageError `usage`.
 */
export const requireFitting = <T extends string>(
  formats: Readonly<Record<T, Format>>,
  to: T,
  given: OptionsOf<typeof convertOptions>,
): void => {
  const { takes = [], needs = [] } = formats[to];
  for (const name of keysOf(convertOptions)) {
    if (isGiven(given[name]) && !takes.includes(name)) {
      const others = keysOf(formats).filter((other) => formats[other].takes?.includes(name));
      const message = `${flag(name)} changes nothing in ${to}; leave it out, or write --to ${others.join(' or ')}.`;
      throw new UsageError('usage', message);
    }
    if (!isGiven(given[name]) && needs.includes(name)) {
      const { describe } = convertOptions[name];
      const message = `--to ${to} needs ${flag(name)}, a file: ${describe[0].toLowerCase()}${describe.slice(1)}.`;
      throw new UsageError('usage', message);
    }
  }
  if (isGiven(given.mapClasses) && !isGiven(given.truth)) {
    throw new UsageError('usage', '--map-classes says what categories of a --truth mean; give that too.');
  }
};

/** Reads the files that options name. @throws UsageError `unreadable-file`, `bad-truth`. */
export const readOptions = async ({
  truth,
  ids,
  synsets,
  ...others
}: OptionsOf<typeof convertOptions>): Promise<ConvertOptions> => ({
  ...others,
  truth: truth === undefined ? undefined : await readCoco(truth, { annotations: false }),
  ids: ids === undefined ? undefined : readLines('ids', ids),
  synsets: synsets === undefined ? undefined : readLines('synsets', synsets),
});

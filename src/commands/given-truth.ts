import { UsageError } from '../errors.js';
import type { Model } from '../model/prepare.js';
import type { OpenedTruth } from '../truth/index.js';
import { noneFound, remarksOf } from '../truth/remarks.js';

/** What a person gives of truths. */
interface GivenTruth {
  readonly truth: string | undefined;
  readonly mapClasses: string | undefined;
}

/** @throws UsageError where classes are mapped of no truth. */
export const requireTruth = ({ truth, mapClasses }: GivenTruth): void => {
  if (mapClasses === undefined || truth !== undefined) return;
  throw new UsageError('usage', '--map-classes says what the classes of a truth mean; add --truth, or leave it out.');
};

/**
 * Opens the truth that the person gives.
 * @param folder absolute path of the photos' common folder.
 * @returns undefined where none is given.
 * @throws UsageError where the model gives numbers, which no truth of classes can be held against; as `openTruth`.
 */
export const openGivenTruth = async (
  { truth, mapClasses }: GivenTruth,
  { labels, wordnetIds, scoring }: Pick<Model, 'labels' | 'wordnetIds' | 'scoring'>,
  folder: string,
): Promise<OpenedTruth | undefined> => {
  if (truth === undefined) return undefined;
  if (scoring === 'none') {
    throw new UsageError('usage', '--truth names classes, and the model gives numbers instead of them; leave it out.');
  }
  // Most runs have none, and would wait for its formats.
  const { openTruth } = await import('../truth/index.js');
  return openTruth(truth, { labels, wordnetIds }, { mapClasses, folder });
};

/**
 * Says what of a truth did not match.
 * @param all whether all photos were looked up in it. Else those without an entry may be chance.
 * @returns the error for a truth that has no entry for any of the photos. Undefined: it has one.
 */
export const tellOfTruth = (
  truth: OpenedTruth,
  all: boolean,
  note: (sentence: string) => void,
): UsageError | undefined => {
  for (const sentence of remarksOf(truth, all)) note(sentence);
  return all ? noneFound(truth) : undefined;
};

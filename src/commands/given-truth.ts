import { UsageError } from '../errors.js';
import type { Model } from '../model/prepare.js';
import { isError, type ManifestLine } from '../results/line.js';
import type { OpenedTruth } from '../truth/index.js';
import { reachTally, recordedReach } from '../truth/reach.js';
import { noClassSentence, noneFound, noneSoFar, remarksOf } from '../truth/remarks.js';

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

/** What photos' lines say of the truth, as they come. */
export interface WatchedTruth {
  readonly truth: OpenedTruth;
  readonly add: (line: ManifestLine) => void;
  /** Sentences about its boxes and masks. */
  readonly remarks: () => readonly string[];
}

/**
 * Watches a truth as photos are answered. That it has none of the first ones is said once, while a wrong one costs minutes, and not
 * after a million photos.
 */
export const watchTruth = (truth: OpenedTruth, note: (sentence: string) => void): WatchedTruth => {
  const reach = reachTally();
  let isSaid = false;
  return {
    truth,
    add: (line) => {
      if (!isError(line) && line.truth) reach.add(line.photo, recordedReach(line.truth, line));
      const sentence = isSaid ? undefined : noneSoFar(truth);
      if (sentence === undefined) return;
      isSaid = true;
      note(sentence);
    },
    remarks: () => reach.remarks(truth.boxNumbers),
  };
};

/** What a run leaves, and how much of it is said. */
interface Told {
  /** Whether all photos were looked up in the truth. Else those without an entry may be chance. */
  readonly all: boolean;
  readonly quiet: boolean;
  /** The folder of its maps, as the person would write it. Undefined: there is none that can be evaluated. */
  readonly kept: string | undefined;
}

/**
 * Says what of a truth did not match. That nothing of it is known to the network is said however quiet the run is.
 * @returns the error for a truth that has no entry for any of the photos. Undefined: it has one.
 */
export const tellOfTruth = (
  { truth, remarks }: WatchedTruth,
  { all, quiet, kept }: Told,
  note: (sentence: string) => void,
): UsageError | undefined => {
  const sentences = quiet ? [noClassSentence(truth)] : [...remarksOf(truth, all), ...remarks()];
  for (const sentence of sentences) if (sentence !== undefined) note(sentence);
  const none = all ? noneFound(truth) : undefined;
  if (none === undefined || kept === undefined) return none;
  const message = `${none.message} The run's pictures and numbers are kept: gapcam evaluate ${kept} --truth OTHER holds its maps against another truth without a new run, where they are of its classes.`;
  return new UsageError(none.code, message);
};

import { quoted, UsageError } from '../errors.js';
import type { OpenedTruth } from './opened.js';
import { otherFoldersWords } from './words.js';

/** What must be said of a truth once the photos were looked up in it. */

// Enough to see what kind of names they are.
const SHOWN = 5;

const photosWords = (count: number, first: string): string =>
  count === 1 ? `1 photo, ${quoted(first)}, is` : `${count} photos, such as ${quoted(first)}, are`;

const classesSentence = ({ place, unknownClasses, reasonOf }: OpenedTruth): readonly string[] => {
  const unknown = [...unknownClasses()].sort(([, a], [, b]) => b - a);
  if (unknown.length === 0) return [];
  const shown = unknown
    .slice(0, SHOWN)
    .map(([name, count]) => `${quoted(name)} (${count} ${count === 1 ? 'object' : 'objects'}; ${reasonOf(name)})`);
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : '';
  const kinds = unknown.length === 1 ? 'a class' : `${unknown.length} classes`;
  return [
    `${place} has ${kinds} that the network does not have: ${shown.join(', ')}${more}; --map-classes says which of its classes is meant.`,
  ];
};

const unusedSentence = ({ place, counts, unusedNames }: OpenedTruth): readonly string[] => {
  const [names, { found, read }] = [unusedNames(), counts()];
  // Photos that an earlier run finished may have objects of these names.
  if (names.length === 0 || found === 0 || read < found) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [
    `--map-classes maps ${names.slice(0, SHOWN).map(quoted).join(', ')}${more}, and no object of these photos in ${place} is called so.`,
  ];
};

const foldersSentence = ({ place, otherFolders }: OpenedTruth): readonly string[] => {
  const found = otherFolders();
  return found === undefined ? [] : [otherFoldersWords(place, found.count, found.photo, found.entry)];
};

/**
 * Sentences about what did not match.
 * @param all whether all photos were looked up: then entries without a photo are told too.
 */
export const remarksOf = (truth: OpenedTruth, all: boolean): readonly string[] => {
  const { place, counts, notes } = truth;
  const { found, missing, firstMissing, entries } = counts();
  const sentences = [...notes];
  if (missing > 0 && (found > 0 || !all))
    sentences.push(`${photosWords(missing, firstMissing ?? '')} not in ${place}.`);
  if (all && found > 0 && entries !== undefined && entries > found) {
    sentences.push(`${entries - found} of ${entries} entries of ${place} belong to none of the photos.`);
  }
  return [...sentences, ...foldersSentence(truth), ...classesSentence(truth), ...(all ? unusedSentence(truth) : [])];
};

const WAY_OUT = 'give --truth the data set of these photos, or run gapcam on the folder from which its names start';
const WAY_OUT_OF_ROWS =
  'photos in Parquet files are called by their rows, from 0, so a truth of them must call them so, see docs/truth.md';

const isRow = (photo: string): boolean => /\.parquet\/\d+$/i.test(photo);

/**
 * The error for a truth that has no entry for any photo that was looked up. Undefined: it has one, or several for a photo, which is
 * said of that photo; or none was looked up.
 */
export const noneFound = ({ place, wayOut, counts, metSeveral, example }: OpenedTruth): UsageError | undefined => {
  const { found, missing, firstMissing } = counts();
  if (found > 0 || missing === 0 || metSeveral()) return undefined;
  const entry = example();
  const theirs = entry === undefined ? '' : `, an entry ${quoted(entry)}`;
  const message = `${place} has no entry for any of the photos: a photo is called ${quoted(firstMissing)}${theirs}; ${wayOut ?? (isRow(firstMissing ?? '') ? WAY_OUT_OF_ROWS : WAY_OUT)}.`;
  return new UsageError('no-truth', message);
};

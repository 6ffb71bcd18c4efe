import { quoted, UsageError } from '../errors.js';
import type { OpenedTruth } from './opened.js';
import { otherFoldersWords, photosWords } from './words.js';

/** What must be said of a truth once the photos were looked up in it. */

// Enough to see what kind of names they are.
const SHOWN = 5;

/** Why a name has no class, in brackets after the number of its objects. */
const reasonWords = (name: string, { reasonOf, areClassesNameless, nameless }: OpenedTruth): string =>
  name === nameless ? '; masks alone name no class' : areClassesNameless ? '' : `; ${reasonOf(name)}`;

/** How objects whose names the network lacks come to a class. */
const classesWayOut = ({ unknownClasses, areClassesNameless, nameless }: OpenedTruth): string => {
  if (nameless !== undefined && unknownClasses().has(nameless)) {
    return `in the file of --map-classes a line such as ${nameless},cat makes all of them cats, by a name or index of the network's classes`;
  }
  if (areClassesNameless) {
    return "the network's classes have no names but numbers: explain the photos with --labels, or give --map-classes the index of each";
  }
  return '--map-classes says which of its classes is meant';
};

const classesSentence = (truth: OpenedTruth): readonly string[] => {
  const { place, unknownClasses } = truth;
  const unknown = [...unknownClasses()].sort(([, a], [, b]) => b - a);
  if (unknown.length === 0) return [];
  const shown = unknown
    .slice(0, SHOWN)
    .map(
      ([name, count]) => `${quoted(name)} (${count} ${count === 1 ? 'object' : 'objects'}${reasonWords(name, truth)})`,
    );
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : '';
  const kinds = unknown.length === 1 ? 'a class' : `${unknown.length} classes`;
  return [`${place} has ${kinds} that the network does not have: ${shown.join(', ')}${more}; ${classesWayOut(truth)}.`];
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
 * That nothing is known of any class: then no map is of a true one, however many photos have an entry. Undefined: something is, or
 * no entry that names a class was read.
 */
export const noClassSentence = ({ place, counts, knownObjects, unknownClasses }: OpenedTruth): string | undefined => {
  if (knownObjects() > 0 || unknownClasses().size === 0) return undefined;
  const { read } = counts();
  const photos = read === 1 ? 'the photo that was' : `the ${read} photos that were`;
  return `No object of ${photos} looked up in ${place} has a class of the network, so none of their maps is of a true class.`;
};

/**
 * Sentences about what did not match.
 * @param all whether all photos were looked up: then entries without a photo are told too.
 */
export const remarksOf = (truth: OpenedTruth, all: boolean): readonly string[] => {
  const { place, counts, notes } = truth;
  const { found, missing, firstMissing, entries } = counts();
  const sentences = [...notes()];
  if (missing > 0 && (found > 0 || !all))
    sentences.push(`${photosWords(missing, firstMissing ?? '')} not in ${place}.`);
  if (all && found > 0 && entries !== undefined && entries > found) {
    sentences.push(`${entries - found} of ${entries} entries of ${place} belong to none of the photos.`);
  }
  const noClass = noClassSentence(truth);
  return [
    ...sentences,
    ...foldersSentence(truth),
    ...classesSentence(truth),
    ...(noClass === undefined ? [] : [noClass]),
    ...(all ? unusedSentence(truth) : []),
  ];
};

const WAY_OUT = 'give --truth the data set of these photos, or run gapcam on the folder from which its names start';
const WAY_OUT_OF_ROWS =
  'photos in Parquet files are called by their rows, from 0, so a truth of them must call them so, see docs/truth.md';

/** As many photos as a truth of them may well lack, where they are the first. */
export const FIRST_PHOTOS = 100;

const isRow = (photo: string): boolean => /\.parquet\/\d+$/i.test(photo);

const wayOutOf = ({ wayOut, counts }: OpenedTruth): string =>
  wayOut ?? (isRow(counts().firstMissing ?? '') ? WAY_OUT_OF_ROWS : WAY_OUT);

/** What photos are called on both sides. */
const callsOf = ({ counts, example }: OpenedTruth): string => {
  const entry = example();
  const theirs = entry === undefined ? '' : `, an entry ${quoted(entry)}`;
  return `a photo is called ${quoted(counts().firstMissing)}${theirs}`;
};

const hasNone = ({ counts, metSeveral }: OpenedTruth, least: number): boolean => {
  const { found, missing } = counts();
  return found === 0 && missing >= least && !metSeveral();
};

/**
 * The error for a truth that has no entry for any photo that was looked up. Undefined: it has one, or several for a photo, which is
 * said of that photo; or none was looked up.
 */
export const noneFound = (truth: OpenedTruth): UsageError | undefined => {
  if (!hasNone(truth, 1)) return undefined;
  const message = `${truth.place} has no entry for any of the photos: ${callsOf(truth)}; ${wayOutOf(truth)}.`;
  return new UsageError('no-truth', message);
};

/**
 * The same in the middle of a run, which may take hours after it: a sentence, once the truth lacks each of the first hundred photos.
 * Undefined: it has one, or fewer were looked up.
 */
export const noneSoFar = (truth: OpenedTruth): string | undefined => {
  if (!hasNone(truth, FIRST_PHOTOS)) return undefined;
  const begin = `${truth.place} has no entry for any of the first ${truth.counts().missing} photos`;
  return `${begin}: ${callsOf(truth)}. The run goes on; if none of the others has one either, interrupt it, and ${wayOutOf(truth)}.`;
};

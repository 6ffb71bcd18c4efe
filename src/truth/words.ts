import { quoted } from '../errors.js';

/** Photos that a sentence goes on about, the first by name. */
export const photosWords = (count: number, first: string): string =>
  count === 1 ? `1 photo, ${quoted(first)}, is` : `${count} photos, such as ${quoted(first)}, are`;

/**
 * What must be said of photos that were found by the ends of their paths alone.
 * @param photo the first of them, and how the truth calls it.
 */
export const otherFoldersWords = (place: string, count: number, photo: string, theirs: string | undefined): string => {
  const [who, first] =
    count === 1 ? ['1 photo was', `${quoted(photo)} is`] : [`${count} photos were`, `the first, ${quoted(photo)}, is`];
  return `${who} found in ${place} by the end of the path alone, in another folder: ${first} ${quoted(theirs)} there. Where that is another photo, run gapcam on the folder from which its names start.`;
};

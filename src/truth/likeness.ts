/**
 * How the path of a photo and that of an entry are alike: `path`, they are the same; `end`, one is the end of the other, as x/a.jpg is
 * of images/x/a.jpg; `name`, they end alike, and their folders before that differ.
 */
export type Likeness = 'path' | 'end' | 'name';

/** Of two photos that would be one entry, the one that is more alike is. */
export const closeness: Readonly<Record<Likeness, number>> = { name: 0, end: 1, path: 2 };

// Folders of a path that are looked at, from its end. Hostile paths have millions.
const MOST_FOLDERS = 16;

/** A path, and what is left of it without its first folder, its first two, and so on: the longest first, the file's name last. */
export const endsOf = (path: string): readonly string[] => {
  const ends: string[] = [];
  let at = path.length;
  while (ends.length <= MOST_FOLDERS && at > 0) {
    at = path.lastIndexOf('/', at - 1);
    const end = path.slice(at + 1);
    if (at >= 0 && end !== '' && !end.startsWith('/')) ends.push(end);
  }
  return [path, ...ends.reverse()];
};

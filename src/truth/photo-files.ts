import { posix } from 'node:path';
import { endsOf, type Likeness } from './likeness.js';
import { isFile } from './probe.js';

/** A truth's file of each photo: looked up when the photo is asked for, so that nothing is held. */

const stemOf = (path: string): string => {
  const { dir, name } = posix.parse(path);
  return posix.join(dir, name);
};

/** Whether a path leads nowhere but below the folder that it is looked for in. */
export const isBelow = (path: string): boolean => !path.startsWith('/') && !path.split('/').includes('..');

/** A name as it is, and with letters and their accents as one or as two, as macOS writes them. */
const formsOf = (name: string): readonly string[] => [name, name.normalize('NFC'), name.normalize('NFD')];

/** A truth's file of a photo. */
export interface FoundFile {
  readonly path: string;
  readonly likeness: Likeness;
}

/**
 * The file that is called like a photo, but for its ending: nested as the photos are, else in fewer of their folders, from the last.
 * @param folders in which it may lie, the first first.
 * @param endings after the photo's name without its own ending, or the whole one.
 * @returns undefined where there is none.
 */
export const fileOfPhoto = (
  folders: readonly string[],
  path: string,
  ending: string,
  withWholeName = false,
): FoundFile | undefined => {
  const ends = endsOf(path).filter(isBelow);
  for (const end of ends) {
    const names = [...new Set(formsOf(end))].flatMap((name) => [
      ...(withWholeName ? [name + ending] : []),
      stemOf(name) + ending,
    ]);
    const found = names.flatMap((name) => folders.map((folder) => posix.join(folder, name))).find(isFile);
    if (found !== undefined) return { path: found, likeness: end === path ? 'path' : 'end' };
  }
  return undefined;
};

import { posix } from 'node:path';
import { isFile } from './probe.js';

/** A truth's file of each photo: looked up when the photo is asked for, so that nothing is held. */

const stemOf = (path: string): string => {
  const { dir, name } = posix.parse(path);
  return posix.join(dir, name);
};

const isBelow = (path: string): boolean => !path.startsWith('/') && !path.split('/').includes('..');

/**
 * Path of the file that is called like a photo, but for its ending: nested as the photos are, else by the photo's name alone.
 * @param folders in which it may lie, the first first.
 * @param endings after the photo's name without its own ending, or the whole one.
 * @returns undefined where there is none.
 */
export const fileOfPhoto = (
  folders: readonly string[],
  path: string,
  ending: string,
  withWholeName = false,
): string | undefined => {
  const paths = [...new Set([...(isBelow(path) ? [path] : []), posix.basename(path)])];
  const names = paths.flatMap((name) => [...(withWholeName ? [name + ending] : []), stemOf(name) + ending]);
  return names.flatMap((name) => folders.map((folder) => posix.join(folder, name))).find(isFile);
};

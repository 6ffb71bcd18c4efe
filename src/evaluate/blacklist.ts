import { posix } from 'node:path';
import { readLines } from '../convert/files.js';
import { stemOf } from '../convert/names.js';

/**
 * Reads a list of photos that are left out: a name a line, with or without its ending; or, as ILSVRC's own list, the number of a
 * photo, which is that at the end of its name: 36 of ILSVRC2012_val_00000036.JPEG.
 * @returns whether a photo is on it. @throws UsageError `unreadable-file`.
 */
export const readBlacklist = (file: string): ((photo: string) => boolean) => {
  const listed = new Set(readLines('blacklist', file).map((line) => line.trim()));
  return (photo) => {
    const stem = posix.basename(stemOf(photo));
    const number = /_0*(\d+)$/.exec(stem)?.[1];
    const names = [photo, stemOf(photo), posix.basename(photo), stem];
    return names.some((name) => listed.has(name)) || (number !== undefined && listed.has(number));
  };
};

import { extname } from 'node:path';
import { photoFormats } from '../../image/formats.js';
import { notReadWords, unreadEndings } from '../../image/kinds.js';
import { UNREAD_FORMAT } from '../../results/line.js';
import type { Problem } from './source.js';

const endings = new Set(Object.values(photoFormats).flat());
const endingOf = (name: string): string => extname(name).toLowerCase();

/** Whether a file is called like a photo of a format that is read. */
export const isPhotoName = (name: string): boolean => endings.has(endingOf(name));

/** What is wrong with a file of this name: a picture of a format that is not read. 'other': it is called like no picture. */
export const problemOfName = (name: string): Problem | 'other' | undefined => {
  if (isPhotoName(name)) return undefined;
  const kind = unreadEndings.get(endingOf(name));
  return kind === undefined ? 'other' : { code: UNREAD_FORMAT, message: notReadWords(kind), kind };
};

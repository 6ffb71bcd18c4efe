import { readRegularPartSync } from '../regular-file.js';

/** What a file is, by its first bytes, that cannot be read as text. Completes "it is ..." and "give --truth ...". */
export interface StrangeFile {
  readonly kind: string;
  readonly instead: string;
}

const UTF_8 = { kind: 'text in UTF-16', instead: 'the file saved as UTF-8' };
const PICTURE = { kind: 'a picture', instead: 'the folder of all masks' };
const UNPACKED = 'what is in it, unpacked';

const marks: readonly (readonly [start: string, StrangeFile])[] = [
  ['\xff\xfe', UTF_8],
  ['\xfe\xff', UTF_8],
  ['\x1f\x8b', { kind: 'packed by gzip', instead: UNPACKED }],
  ['PK\x03\x04', { kind: 'a ZIP archive', instead: UNPACKED }],
  ['PAR1', { kind: 'a Parquet file', instead: "a data set in COCO's format" }],
  ['\x89PNG', PICTURE],
  ['\xff\xd8\xff', PICTURE],
];

/** By a file's first bytes. Undefined: it may be text. */
export const strangeStart = (bytes: Buffer): StrangeFile | undefined => {
  const text = bytes.toString('latin1', 0, 4);
  // Each second letter of Western text in UTF-16 is 0.
  const isWide = text.length === 4 && text.split('\0').length === 3 && /^(?:\0[^\0]|[^\0]\0)/.test(text);
  return isWide ? UTF_8 : marks.find(([start]) => text.startsWith(start))?.[1];
};

const FIRST = 16;

/** What a file is that holds no JSON object. Undefined: nothing that is known, or it cannot be read. */
export const strangeFile = (path: string): StrangeFile | undefined => {
  let bytes: Buffer;
  try {
    bytes = readRegularPartSync(path, 0, FIRST);
  } catch {
    return undefined;
  }
  const [first] = bytes.toString('latin1').trimStart();
  if (first === undefined) return { kind: 'empty', instead: "a data set in COCO's format" };
  if (first === '<') return { kind: 'XML', instead: 'the folder of all XML files' };
  if (first === '[') return { kind: 'a list, as results are', instead: 'the data set, with its images and categories' };
  return strangeStart(bytes);
};

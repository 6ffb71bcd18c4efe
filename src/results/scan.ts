import { type FileState, isError, type ManifestLine, parse } from './line.js';
import { type Packed, packedIn } from './packed.js';

/** Reads what a resumed run needs of a line, without parsing all of it. Relies on the order in which `toText` writes the keys. */

/** What a resumed run needs from a line. */
export interface ScannedLine {
  readonly photo: string;
  /** Undefined: the line does not tell. */
  readonly source: FileState | undefined;
  /** In milliseconds since 1970. Undefined: the line does not tell. */
  readonly explained: number | undefined;
  /** Code of its failure. Undefined: the photo was explained. */
  readonly failure: string | undefined;
  /** Paths of all its pictures below the output folder, as the line names them. A line may name anything. */
  readonly files: readonly string[];
  /** Where they lie in a tar. Undefined: they are files of their own, or there are none. */
  readonly packed: Packed | undefined;
}

/** What a resumed run needs from a line that was parsed. */
export const scannedOf = (line: ManifestLine): ScannedLine => {
  const { photo, source, explained } = line;
  const failure = isError(line) ? line.error.code : undefined;
  const files = isError(line) ? [] : [...line.maps.flatMap((map) => map.files), ...line.files];
  const packed = isError(line) ? undefined : line.packed;
  return { photo, source, explained, failure, files, packed };
};

const string = '"(?:[^"\\\\]|\\\\.)*"';
const start = new RegExp(
  String.raw`^\{(?:"version":\d+,)?"photo":(${string}),` +
    String.raw`(?:"source":\{"size":(\d+),"modified":(-?\d+)(?:,"etag":(${string}))?\},)?(?:"explained":(\d+),)?"width":`,
  's',
);
const lists = new RegExp(String.raw`"files":\[((?:${string},?)+)\]`, 'g');

/** Whether another line begins within a line: one of the two was torn. Inside a string its quotes would be escaped. */
const holdsTwo = (text: string): boolean => text.indexOf('{"version":', 1) >= 0 || text.indexOf('{"photo":', 1) >= 0;

/** The line of an explained photo whose keys are in the order of `toText`. Undefined: it is another line. */
const search = (text: string): ScannedLine | undefined => {
  const [, name, size, modified, etag, explained] = start.exec(text) ?? [];
  if (name === undefined || !text.endsWith('}')) return undefined;
  const files = [...text.matchAll(lists)].flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]);
  const tag = etag === undefined ? {} : { etag: JSON.parse(etag) as string };
  return {
    photo: JSON.parse(name),
    source: size === undefined ? undefined : { size: Number(size), modified: Number(modified), ...tag },
    explained: explained === undefined ? undefined : Number(explained),
    failure: undefined,
    files,
    packed: packedIn(text),
  };
};

/**
 * Reads a line's photo and pictures. Searches the text of a finished photo instead of parsing it, which takes six times
 * as long. JSON escapes quotes inside strings, so no label is mistaken for a key.
 * @param text of a line that ends in a line feed; where one lacks it, only `parse` tells whether the line is whole.
 * @returns undefined where the line is damaged.
 */
export const scan = (text: string): ScannedLine | undefined => {
  try {
    if (holdsTwo(text)) return undefined;
    const found = search(text);
    if (found !== undefined) return found;
  } catch {
    // A broken escape, or a string that is too long to be searched.
    return undefined;
  }
  const parsed = parse(text);
  return parsed && scannedOf(parsed);
};

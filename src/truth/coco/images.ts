import { posix } from 'node:path';
import { readRegularPartSync } from '../../regular-file.js';
import { orMissing, orNull } from '../../results/checks.js';
import { isNumber, isRecord, isText } from '../../results/json.js';
import { type NameTable, nameTable } from '../../stores/name-set.js';
import { numberIndex, realNumbers, wholeNumbers } from '../columns.js';
import { badTruth } from '../errors.js';
import type { ListElement } from './json-lists.js';

/** An image of a data set in COCO's format. */
export interface CocoImage {
  readonly id: number;
  readonly file_name: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The images of a data set, by their rows in the file: their names as digests, and where their texts lie. */
export interface ImageTable {
  readonly count: number;
  /** An id that two images have. Undefined: none. */
  readonly twice: number | undefined;
  readonly rowOf: (id: number) => number | undefined;
  /** Reads an image's text again. @throws UsageError `bad-truth` where the file has changed. */
  readonly imageAt: (row: number) => Promise<CocoImage>;
  /** Rows of the images that a photo may be: of those with its path, else of those with its file name; at most two. */
  readonly find: (path: string) => readonly number[];
}

const isNumberOrNone = orMissing(orNull(isNumber));

const isImage = (value: unknown): value is CocoImage =>
  isRecord(value) &&
  Number.isSafeInteger(value.id) &&
  isText(value.file_name) &&
  isNumberOrNone(value.width) &&
  isNumberOrNone(value.height);

/** Rows that were added under a name, at most two. */
const rowsIn = (table: NameTable, name: string): readonly number[] => {
  const found = table.get(name);
  if (found === undefined) return [];
  return found.tag === 0 ? [found.value] : [found.value, found.tag - 1];
};

/** A file's path as names of photos are written: with slashes, and none of "./" before it. */
const plainPath = (name: string): string => name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');

/** The images, as the file is read. @param place path of the file. */
export const images = (place: string) => {
  const [ids, starts, lengths] = [realNumbers(), realNumbers(), wholeNumbers()];
  // Names without a folder are in the first table alone.
  const [byPath, byName] = [nameTable(), nameTable()];
  const imageAt = async (row: number): Promise<CocoImage> => {
    const bytes = readRegularPartSync(place, starts.values()[row], lengths.values()[row]);
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString());
    } catch {
      value = undefined;
    }
    if (isImage(value) && value.id === ids.values()[row]) return value;
    throw badTruth(`${place} was changed while it was used`, 'run gapcam again');
  };
  const find = (path: string): readonly number[] => {
    const exact = rowsIn(byPath, path);
    if (exact.length > 0) return exact;
    const name = posix.basename(path);
    return [...rowsIn(byPath, name), ...rowsIn(byName, name)].slice(0, 2);
  };
  return {
    /** @returns `wrong` where it is no image. */
    add: ({ value, start, length }: ListElement): string | undefined => {
      if (!isImage(value)) return 'wrong';
      const row = ids.length();
      ids.add(value.id);
      starts.add(start);
      lengths.add(length);
      const path = plainPath(value.file_name);
      byPath.add(path, row);
      if (path.includes('/')) byName.add(posix.basename(path), row);
      return undefined;
    },
    settled: (): ImageTable => {
      starts.trimmed();
      lengths.trimmed();
      const { rowOf, twice } = numberIndex(ids.trimmed());
      return { count: ids.length(), rowOf, twice, imageAt, find };
    },
  };
};

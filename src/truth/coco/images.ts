import { readRegularPartSync } from '../../regular-file.js';
import { orMissing, orNull } from '../../results/checks.js';
import { isNumber, isText } from '../../results/json.js';
import { numberIndex, realNumbers, wholeNumbers } from '../columns.js';
import { badTruth } from '../errors.js';
import { type Fields, haveFields, wrongField } from '../fields.js';
import { type PhotoIndex, photoIndex } from '../photo-index.js';
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
  readonly find: PhotoIndex['find'];
}

const isNumberOrNone = orMissing(orNull(isNumber));

const fields: Fields = {
  id: [Number.isSafeInteger, 'a whole number'],
  file_name: [isText, 'a text'],
  width: [isNumberOrNone, 'a number'],
  height: [isNumberOrNone, 'a number'],
};

const isImage = (value: unknown): value is CocoImage => haveFields(value, fields);

/** A file's path as names of photos are written: with slashes, and none of "./" before it. */
const plainPath = (name: string): string => name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');

/** The images, as the file is read. @param place path of the file. */
export const images = (place: string) => {
  const [ids, starts, lengths] = [realNumbers(), realNumbers(), wholeNumbers()];
  const index = photoIndex();
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
  return {
    /** @returns what is wrong with it, where it is no image. */
    add: ({ value, start, length }: ListElement): string | undefined => {
      if (!isImage(value)) return wrongField(value, fields);
      const row = ids.length();
      ids.add(value.id);
      starts.add(start);
      lengths.add(length);
      index.add(plainPath(value.file_name), row);
      return undefined;
    },
    settled: (): ImageTable => {
      starts.trimmed();
      lengths.trimmed();
      const { rowOf, twice } = numberIndex(ids.trimmed());
      return { count: ids.length(), rowOf, twice, imageAt, find: index.find };
    },
  };
};

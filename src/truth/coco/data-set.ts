import { createHash } from 'node:crypto';
import { reasonOf, systemCode, UsageError } from '../../errors.js';
import { UnfitFile } from '../../regular-file.js';
import { orMissing, orNull } from '../../results/checks.js';
import { isText } from '../../results/json.js';
import { badTruth } from '../errors.js';
import { type Fields, haveFields, wrongField } from '../fields.js';
import { strangeFile } from '../first-bytes.js';
import { type AnnotationTable, annotations, type CocoObject } from './annotations.js';
import { type CocoImage, type ImageTable, images } from './images.js';
import { type ListElement, readLists } from './json-lists.js';

/** A category of a data set in COCO's format. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
  readonly supercategory?: string | undefined;
}

/** A data set in COCO's format. Of a million images and boxes some 150 bytes each are held; the rest is read again. */
export interface CocoDataSet {
  /** Where it was read from, for a message. */
  readonly place: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
  readonly categories: readonly CocoCategory[];
  /** Number of images. */
  readonly count: number;
  /** @throws UsageError `bad-truth` where the file has changed. */
  readonly imageAt: ImageTable['imageAt'];
  readonly find: ImageTable['find'];
  /** Annotations of an image. Empty where they were not asked for. */
  readonly objectsAt: (row: number) => readonly CocoObject[];
  /** Number of annotations of images that it does not list. */
  readonly strays: number;
}

/** Asked of `readCoco`. */
export interface CocoRequest {
  /** Whether annotations are kept. */
  readonly annotations: boolean;
}

// ImageNet's whole has 22,000.
const MOST_CATEGORIES = 100_000;

const isTextOrNone = orMissing(orNull(isText));

const fields: Fields = {
  id: [Number.isSafeInteger, 'a whole number'],
  name: [isText, 'a text'],
  supercategory: [isTextOrNone, 'a text'],
};

const isCategory = (value: unknown): value is CocoCategory => haveFields(value, fields);

const bad = (place: string, found: string, cause?: unknown): UsageError =>
  badTruth(`${place} ${found}`, "give --truth a data set in COCO's format", cause);

const damaged = (place: string, found: string): UsageError =>
  badTruth(`${place} has ${found}`, "mend it, or give --truth another data set in COCO's format");

/** @param found what is wrong, where the file is nothing that is known by its first bytes. */
const notCoco = (place: string, found: string, cause?: unknown): UsageError => {
  const strange = strangeFile(place);
  return strange === undefined
    ? bad(place, found, cause)
    : badTruth(
        `${place} is ${strange.kind}, and no data set in COCO's format`,
        `give --truth ${strange.instead}`,
        cause,
      );
};

const categoryList = () => {
  const byId = new Map<number, CocoCategory>();
  return {
    list: () => [...byId.values()],
    /** @returns what is wrong with it, in words. Undefined: nothing. */
    add: (value: unknown): string | undefined => {
      if (!isCategory(value)) return wrongField(value, fields);
      if (byId.has(value.id)) return `has the id ${value.id}, as another has`;
      if (byId.size === MOST_CATEGORIES) return `is one of more than ${MOST_CATEGORIES}`;
      const { id, name, supercategory } = value;
      byId.set(id, { id, name, supercategory });
      return undefined;
    },
  };
};

/** The known error for what kept the file from being read. */
const unreadable = (place: string, error: unknown): unknown => {
  if (error instanceof UsageError) return error;
  if (error instanceof UnfitFile || systemCode(error) !== undefined) {
    const message = `${place} cannot be read (${reasonOf(error)}); give --truth another file.`;
    return new UsageError('unreadable-file', message, error);
  }
  return error instanceof Error ? notCoco(place, `is no JSON (${reasonOf(error)})`, error) : error;
};

/** Reads the file once, element by element, into the tables. @returns its digest. */
const fill = async (place: string, add: Readonly<Record<string, (element: ListElement) => string | undefined>>) => {
  const digest = createHash('sha256');
  const counts = new Map<string, number>();
  const visit = (element: ListElement): void => {
    const { list } = element;
    const number = (counts.get(list) ?? 0) + 1;
    counts.set(list, number);
    const fault = add[list](element);
    if (fault === undefined) return;
    throw badTruth(
      `${place} is damaged: number ${number} of its ${list} ${fault}`,
      "mend it, or give --truth another data set in COCO's format",
    );
  };
  const lists = Object.fromEntries(Object.keys(add).map((list) => [list, 'segmentation']));
  let found: ReadonlySet<string> | undefined;
  try {
    found = await readLists(place, { lists, visit, digest });
  } catch (error) {
    throw unreadable(place, error);
  }
  if (found === undefined) throw notCoco(place, 'holds no JSON object');
  const missing = Object.keys(add).find((list) => !found.has(list));
  if (missing !== undefined) throw bad(place, `has no list of ${missing}`);
  return digest.digest('hex');
};

/**
 * Reads a data set in COCO's format. Its lists may come in any order.
 * @param place path of the file.
 * @throws UsageError `unreadable-file`, `bad-truth`.
 */
export const readCoco = async (place: string, request: CocoRequest): Promise<CocoDataSet> => {
  const [table, categories, boxes] = [images(place), categoryList(), annotations(place)];
  const digest = await fill(place, {
    images: table.add,
    categories: ({ value }) => categories.add(value),
    ...(request.annotations && { annotations: boxes.add }),
  });
  const settled: ImageTable = table.settled();
  if (settled.twice !== undefined) throw damaged(place, `two images with the id ${settled.twice}`);
  const list = categories.list();
  const objects: AnnotationTable = boxes.settled(settled, list);
  if (objects.unlisted !== undefined) {
    throw damaged(place, `an annotation of category ${objects.unlisted}, which is not among its categories`);
  }
  const { imageAt, find, count } = settled;
  return { place, digest, categories: list, count, imageAt, find, objectsAt: objects.at, strays: objects.strays };
};

export type { CocoImage, CocoObject };

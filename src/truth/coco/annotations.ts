import type { Box } from '../../maps/box.js';
import { orMissing, orNull } from '../../results/checks.js';
import { isNumber } from '../../results/json.js';
import { column, groupsOf, realNumbers, wholeNumbers } from '../columns.js';
import type { MaskSource } from '../entry.js';
import { type Fields, haveFields, wrongField } from '../fields.js';
import type { CocoCategory } from './data-set.js';
import type { ImageTable } from './images.js';
import type { ListElement } from './json-lists.js';

/** An annotation: an object of a category, or a crowd of such, which counts neither as object nor as background. */
export interface CocoObject {
  readonly name: string;
  readonly crowd: boolean;
  /** In the image's pixels. Undefined: none is stated. */
  readonly box: Box | undefined;
  readonly mask: MaskSource | undefined;
}

/** The annotations of a data set, by their images. */
export interface AnnotationTable {
  readonly at: (row: number) => readonly CocoObject[];
  /** Number of annotations of images that are not listed. */
  readonly strays: number;
  /** A category that an annotation has and the data set does not list. Undefined: none. */
  readonly unlisted: number | undefined;
}

type Four = readonly [number, number, number, number];

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox?: Four | readonly [] | null | undefined;
  readonly iscrowd?: unknown;
}

/** Some tools write an empty list where there is no box. */
const isBox = orMissing(
  orNull((value) => Array.isArray(value) && (value.length === 4 || value.length === 0) && value.every(isNumber)),
);

const fields: Fields = {
  image_id: [Number.isSafeInteger, 'a whole number'],
  category_id: [Number.isSafeInteger, 'a whole number'],
  bbox: [isBox, 'four numbers, x, y, width and height'],
};

const isAnnotation = (value: unknown): value is Annotation => haveFields(value, fields);

// Of `segmentation`, what says that there is none: null, [] or "".
const SHORTEST = 5;

const rowsOf = () => ({
  imageIds: realNumbers(),
  categoryIds: realNumbers(),
  // Four numbers each; NaN: there is no box.
  boxes: realNumbers(),
  crowds: column((length) => new Uint8Array(length)),
  starts: realNumbers(),
  // 0: there is no mask.
  lengths: wholeNumbers(),
});

/** The annotations, as the file is read. @param file path of it. */
export const annotations = (file: string) => {
  const rows = rowsOf();
  const objectOf = (row: number, name: string): CocoObject => {
    const [x, y, width, height] = rows.boxes.values().subarray(row * 4, row * 4 + 4);
    const length = rows.lengths.values()[row];
    return {
      name,
      crowd: rows.crowds.values()[row] === 1,
      box: Number.isNaN(x) ? undefined : { x, y, width, height },
      mask: length === 0 ? undefined : { kind: 'coco', file, start: rows.starts.values()[row], length },
    };
  };
  return {
    /** @returns what is wrong with it, where it is no annotation. */
    add: ({ value, cut }: ListElement): string | undefined => {
      if (!isAnnotation(value)) return wrongField(value, fields);
      rows.imageIds.add(value.image_id);
      rows.categoryIds.add(value.category_id);
      for (let i = 0; i < 4; i++) rows.boxes.add(value.bbox?.[i] ?? Number.NaN);
      rows.crowds.add(value.iscrowd === 1 || value.iscrowd === true ? 1 : 0);
      rows.starts.add(cut?.start ?? 0);
      rows.lengths.add(cut === undefined || cut.length < SHORTEST ? 0 : cut.length);
      return undefined;
    },
    settled: (images: ImageTable, categories: readonly CocoCategory[]): AnnotationTable => {
      const indices = new Map(categories.map(({ id }, index) => [id, index]));
      const unlisted = rows.categoryIds.values().find((id) => !indices.has(id));
      const categoryOf = Uint32Array.from(rows.categoryIds.values(), (id) => indices.get(id) ?? 0);
      // Those of images that are not listed are a group of their own, the last.
      const groupOf = Uint32Array.from(rows.imageIds.values(), (id) => images.rowOf(id) ?? images.count);
      const { rowsOf } = groupsOf(groupOf, images.count + 1);
      // A million of them are held from here on.
      for (const column of [rows.imageIds, rows.categoryIds]) column.clear();
      for (const column of [rows.boxes, rows.crowds, rows.starts, rows.lengths]) column.trimmed();
      return {
        at: (image) => Array.from(rowsOf(image), (row) => objectOf(row, categories[categoryOf[row]].name)),
        strays: rowsOf(images.count).length,
        unlisted,
      };
    },
  };
};

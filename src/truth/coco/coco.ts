import { basename } from 'node:path';
import { quoted, UsageError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import type { Entry, EntryObject, MaskSource } from '../entry.js';
import { badTruth } from '../errors.js';
import type { FormatRequest, TruthFormat, TruthSource } from '../format.js';
import type { Likeness } from '../likeness.js';
import { matchIn } from '../photo-index.js';
import { isFile } from '../probe.js';
import { type CocoDataSet, type CocoImage, type CocoObject, readCoco } from './data-set.js';

/** @throws UsageError for a photo that may be several images. */
const ambiguousImage = (place: string, path: string, images: readonly CocoImage[]): UsageError => {
  const names = [...new Set(images.map(({ file_name }) => quoted(file_name)))];
  const message =
    names.length === 1
      ? `${place} has several images called ${names[0]}; leave one of them there.`
      : `${quoted(path)} may be several images of ${place} (${names.join(' and ')}); run gapcam on the folder from which its file_names start.`;
  return new UsageError('ambiguous-photo', message);
};

/** The row of an image that a photo is. */
interface ImageMatch {
  readonly row: number;
  readonly likeness: Likeness;
}

/**
 * The image that a photo is: the one of the same path, else the one whose path ends most alike.
 * @returns undefined where the data set has none.
 * @throws UsageError `ambiguous-photo` where several could be meant.
 */
export const imageMatchOf = async (data: CocoDataSet, path: string): Promise<ImageMatch | undefined> => {
  const { rows, likeness } = data.find(path);
  const [row] = rows;
  if (rows.length < 2) return row === undefined ? undefined : { row, likeness };
  throw ambiguousImage(data.place, path, await Promise.all(rows.map(data.imageAt)));
};

const sizeOf = ({ width, height }: CocoImage): Size | undefined =>
  typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0 ? { width, height } : undefined;

/** A crowd is ignored where its mask is, or in its whole box. */
const ignoredIn = ({ mask, box }: CocoObject): readonly MaskSource[] =>
  mask !== undefined ? [mask] : box !== undefined ? [{ kind: 'box', box }] : [];

const entryAt = async (data: CocoDataSet, row: number): Promise<Entry> => {
  const image = await data.imageAt(row);
  const all = data.objectsAt(row);
  const objects: readonly EntryObject[] = all
    .filter(({ crowd }) => !crowd)
    .map(({ name, box, mask }) => ({ name, box, mask }));
  const ignored = all.filter(({ crowd }) => crowd).flatMap(ignoredIn);
  const where = `${data.place}: ${image.file_name}`;
  return { where, name: image.file_name, size: sizeOf(image), objects, ...(ignored.length > 0 && { ignored }) };
};

// Digits of the digest that tell one file from another, as for labels.
const SHOWN = 8;

/** A COCO data set: one JSON file with images, annotations and categories. */
export const coco: TruthFormat = {
  describe: 'a COCO data set (a JSON file)',
  accepts: (place) => isFile(place),
  open: async ({ place }: FormatRequest): Promise<TruthSource> => {
    const data = await readCoco(place, { annotations: true });
    if (data.count === 0) {
      const wayOut = "give --truth a data set in COCO's format that lists the photos";
      throw badTruth(`${place} is empty: its list of images has none`, wayOut);
    }
    const first = (await data.imageAt(0)).file_name;
    const { strays, count, digest } = data;
    return {
      matchOf: (path) => matchIn(data.find(path)),
      entryOf: async (path) => {
        const match = await imageMatchOf(data, path);
        return match && entryAt(data, match.row);
      },
      count,
      example: () => first,
      identity: `${basename(place)} (${digest.slice(0, SHOWN)})`,
      boxNumbers: "COCO's are x, y, width and height, in pixels",
      notes: () =>
        strays === 0
          ? []
          : [`${place} has annotations of images that it does not list (${strays}), which are passed over.`],
    };
  },
};

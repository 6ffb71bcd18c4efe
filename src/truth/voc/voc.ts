import { join, relative, resolve } from 'node:path';
import { quoted, reasonOf, type UsageError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import { readRegular } from '../../regular-file.js';
import type { Entry, EntryObject } from '../entry.js';
import { badTruth } from '../errors.js';
import type { FormatRequest, TruthFormat, TruthSource } from '../format.js';
import { fileOfPhoto } from '../photo-files.js';
import { ANNOTATIONS, endingsBelow, firstBelow, isFolder } from '../probe.js';
import { isWsol } from '../wsol/files.js';
import { allOf, numberOf, oneOf, parseXml, textOf, type Xml, xmlText } from './xml.js';

// A file of a photo is some kilobytes.
const LARGEST = 2 ** 22;

const bad = (found: string, cause?: unknown): UsageError => badTruth(found, 'mend it, or leave it out', cause);

/**
 * What is taken off the corners' numbers. VOC counts pixels from 1, as do the tools that write its XML; ILSVRC's numbers are
 * taken as they are by its own evaluations, as counted from 0.
 */
const firstPixelOf = (xml: unknown): number =>
  /^ILSVRC/i.test(textOf(oneOf(xml, 'source'), 'database') ?? '') ? 0 : 1;

/** The photo's size, which some tools leave at 0. */
const sizeIn = (xml: unknown): Size | undefined => {
  const size = oneOf(xml, 'size');
  const [width, height] = [numberOf(size, 'width') ?? 0, numberOf(size, 'height') ?? 0];
  return width > 0 && height > 0 ? { width, height } : undefined;
};

const objectIn = (xml: unknown, first: number, where: string): EntryObject => {
  const name = textOf(xml, 'name');
  if (name === undefined) throw bad(`${where} has an object with no name, or with several`);
  const corners = oneOf(xml, 'bndbox');
  const [left, top, right, bottom] = ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => numberOf(corners, key));
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
    throw bad(`${where} has no box of four numbers for ${quoted(name)}`);
  }
  // The last pixel belongs to the box.
  const box = { x: left - first, y: top - first, width: right - left + 1, height: bottom - top + 1 };
  return { name, box, difficult: textOf(xml, 'difficult')?.trim() === '1' };
};

/** Counts boxes that begin at pixel 0, where pixels are counted from 1. @param place folder of the files. */
const startsOf = (place: string) => {
  let [boxes, early] = [0, 0];
  let first: string | undefined;
  return {
    add: (objects: readonly EntryObject[], where: string): void => {
      const found = objects.filter(({ box }) => box !== undefined && (box.x === -1 || box.y === -1)).length;
      boxes += objects.length;
      early += found;
      if (found > 0) first ??= relative(place, where);
    },
    remarks: (): readonly string[] => {
      if (early === 0) return [];
      const have = `${early} of ${boxes} ${boxes === 1 ? 'box has' : 'boxes have'} xmin or ymin 0, the first in ${quoted(first)}`;
      return [`${have}; Pascal VOC counts pixels from 1, so where a tool counted from 0, all boxes lie a pixel off.`];
    },
  };
};

type Starts = Pick<ReturnType<typeof startsOf>, 'add'>;

/** @throws UsageError `bad-truth`. */
const readEntry = async (where: string, starts: Starts): Promise<Entry> => {
  let xml: Xml;
  try {
    xml = await parseXml(xmlText((await readRegular(where, LARGEST)).bytes));
  } catch (error) {
    throw bad(`${where} cannot be read as XML (${reasonOf(error)})`, error);
  }
  const annotation = oneOf(xml, 'annotation');
  if (annotation === undefined) throw bad(`${where} has no annotation`);
  const first = firstPixelOf(annotation);
  const objects = allOf(annotation, 'object').map((object) => objectIn(object, first, where));
  starts.add(objects, where);
  return { where, size: sizeIn(annotation), objects };
};

/** A folder of XML files as Pascal VOC and ILSVRC have them, one a photo, called like the photo. */
export const voc: TruthFormat = {
  describe: "a folder of Pascal VOC's or ILSVRC's XML files",
  accepts: (place) => isFolder(place) && !isWsol(place) && endingsBelow(place).has('.xml'),
  open: async ({ place }: FormatRequest): Promise<TruthSource> => {
    const starts = startsOf(place);
    const fileOf = (path: string) => fileOfPhoto([place, join(place, ANNOTATIONS)], path, '.xml');
    return {
      matchOf: (path) => {
        const file = fileOf(path);
        return file && { key: file.path, likeness: file.likeness };
      },
      entryOf: async (path) => {
        const file = fileOf(path);
        return file && readEntry(file.path, starts);
      },
      count: undefined,
      example: () => {
        const first = firstBelow(place, '.xml');
        return first && relative(place, first);
      },
      identity: resolve(place),
      notes: starts.remarks,
      boxNumbers: "they are xmin, ymin, xmax and ymax, in pixels, Pascal VOC's counted from 1",
    };
  },
};

import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { quoted, reasonOf, UsageError } from '../../errors.js';
import type { Box, Size } from '../../maps/box.js';
import { readRegularPartSync } from '../../regular-file.js';
import { column, groupsOf, realNumbers, wholeNumbers } from '../columns.js';
import { badTruth } from '../errors.js';
import { strangeFile } from '../first-bytes.js';
import { eachLine } from '../lines.js';
import { type PhotoIndex, photoIndex } from '../photo-index.js';
import { isFile } from '../probe.js';
import { WSOL_FILES } from './files.js';

/** A place in a photo: a box, or names of pictures. */
type WsolPlace = { readonly box: Box } | { readonly mask: string; readonly ignored: string | undefined };

/** The metadata in memory: some 150 bytes a photo. */
export interface WsolTables {
  readonly count: number;
  /** Tells these files from others. */
  readonly digest: string;
  /** By their ids, which are paths. */
  readonly find: PhotoIndex['find'];
  readonly idAt: (row: number) => string;
  readonly classAt: (row: number) => number;
  readonly sizeAt: (row: number) => Size | undefined;
  readonly placesAt: (row: number) => readonly WsolPlace[];
}

const bad = (file: string, found: string, cause?: unknown): UsageError =>
  badTruth(`${file} ${found}`, "give --truth a folder of wsolevaluation's metadata", cause);

/** @throws UsageError `unreadable-file`, `bad-truth`. */
const readLines = async (file: string, digest: Hash, visit: Parameters<typeof eachLine>[2]): Promise<void> => {
  try {
    const strange = strangeFile(file);
    if (strange !== undefined && strange.kind !== 'empty') throw bad(file, `is ${strange.kind}`);
    await eachLine(file, digest, visit);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'unreadable-file',
      `${file} cannot be read (${reasonOf(error)}); give --truth another.`,
      error,
    );
  }
};

/** The id at a line's beginning, and what follows it: a path may have commas in it. @param fields that follow. */
const split = (line: string, fields: number): readonly [string, readonly string[]] => {
  const all = line.split(',');
  return [all.slice(0, -fields).join(','), all.slice(-fields).map((field) => field.trim())];
};

const areWhole = (fields: readonly string[]): boolean => fields.every((field) => /^\d{1,15}$/.test(field));

/** Of class_labels.txt: the photos, by their ids, and their classes. */
const readPhotos = async (file: string, digest: Hash) => {
  const [classes, starts, lengths] = [wholeNumbers(), realNumbers(), wholeNumbers()];
  const index = photoIndex();
  await readLines(file, digest, (line, start, length) => {
    const [id, fields] = split(line, 1);
    if (id === '' || !areWhole(fields)) throw bad(file, `has ${quoted(line)} for an id and a class's index`);
    const row = classes.length();
    index.add(id, row);
    classes.add(Number(fields[0]));
    starts.add(start);
    lengths.add(length);
  });
  const idAt = (row: number): string => {
    const line = readRegularPartSync(file, starts.values()[row], lengths.values()[row]).toString();
    return split(line.replace(/^\ufeff|\r$/g, ''), 1)[0];
  };
  if (index.size() < classes.length()) {
    const twice = classes.values().findIndex((_, row) => index.rowsAt(idAt(row)).length > 1);
    throw bad(file, `has the photo ${quoted(idAt(twice))} twice`);
  }
  return {
    count: classes.length(),
    idAt,
    classAt: (row: number) => classes.values()[row],
    rowOf: (id: string): number | undefined => index.rowsAt(id)[0],
    find: index.find,
  };
};

type Photos = Awaited<ReturnType<typeof readPhotos>>;

const unlisted = (file: string, id: string): UsageError =>
  bad(file, `has the photo ${quoted(id)}, which ${WSOL_FILES.labels} does not have`);

/** Of image_sizes.txt. */
const readSizes = async (file: string, digest: Hash, { rowOf, count }: Photos) => {
  const sizes = new Uint32Array(count * 2);
  await readLines(file, digest, (line) => {
    const [id, fields] = split(line, 2);
    const row = rowOf(id);
    if (row === undefined) throw unlisted(file, id);
    if (!areWhole(fields)) throw bad(file, `has ${quoted(line)} for an id, a width and a height`);
    sizes.set(fields.map(Number), row * 2);
  });
  return sizes;
};

/** Of localization.txt: boxes, or where the lines with names of masks lie. */
const readPlaces = async (file: string, digest: Hash, { rowOf, count }: Photos) => {
  const [photos, corners, starts, lengths] = [wholeNumbers(), realNumbers(), realNumbers(), wholeNumbers()];
  const areMasks = column((length) => new Uint8Array(length));
  await readLines(file, digest, (line, start, length) => {
    const [ofBox, ofMask] = [split(line, 4), split(line, 2)];
    const isBox = areWhole(ofBox[1]) && ofBox[0] !== '';
    const id = isBox ? ofBox[0] : ofMask[0];
    if (id === '') throw bad(file, `has ${quoted(line)} for an id and a box, or an id and masks`);
    const row = rowOf(id);
    if (row === undefined && !isBox) {
      throw bad(
        file,
        `has ${quoted(line)}, which is neither a box of whole numbers nor a mask of a photo that ${WSOL_FILES.labels} has`,
      );
    }
    if (row === undefined) throw unlisted(file, id);
    photos.add(row);
    areMasks.add(isBox ? 0 : 1);
    for (let i = 0; i < 4; i++) corners.add(isBox ? Number(ofBox[1][i]) : 0);
    starts.add(start);
    lengths.add(length);
  });
  const { rowsOf } = groupsOf(photos.values(), count);
  const placeAt = (place: number): WsolPlace => {
    if (areMasks.values()[place] === 1) {
      const line = readRegularPartSync(file, starts.values()[place], lengths.values()[place]).toString();
      const [mask, ignored] = split(line.replace(/\r$/, ''), 2)[1];
      return { mask, ignored: ignored === '' ? undefined : ignored };
    }
    const [x, y, right, bottom] = corners.values().subarray(place * 4, place * 4 + 4);
    // The last pixel belongs to the box.
    return { box: { x, y, width: right - x + 1, height: bottom - y + 1 } };
  };
  return (row: number): readonly WsolPlace[] => Array.from(rowsOf(row), placeAt);
};

/**
 * Reads the metadata in a folder. Sizes and places may be missing.
 * @throws UsageError `unreadable-file`, `bad-truth`.
 */
export const readWsol = async (folder: string): Promise<WsolTables> => {
  const digest = createHash('sha256');
  const [labels, sizeFile, placeFile] = [WSOL_FILES.labels, WSOL_FILES.sizes, WSOL_FILES.places].map((name) =>
    join(folder, name),
  );
  const photos = await readPhotos(labels, digest);
  const sizes = isFile(sizeFile) ? await readSizes(sizeFile, digest, photos) : undefined;
  const placesAt = isFile(placeFile) ? await readPlaces(placeFile, digest, photos) : () => [];
  const sizeAt = (row: number): Size | undefined => {
    const [width, height] = sizes?.subarray(row * 2, row * 2 + 2) ?? [0, 0];
    return width > 0 && height > 0 ? { width, height } : undefined;
  };
  const { count, find, idAt, classAt } = photos;
  return { count, digest: digest.digest('hex'), find, idAt, classAt, sizeAt, placesAt };
};

import { quoted, reasonOf } from '../errors.js';
import type { Box, Size } from '../maps/box.js';
import { readRegularPartSync } from '../regular-file.js';
import { isNumber, isRecord, isText, parseJson } from '../results/json.js';
import type { MaskSource } from './entry.js';
import { fillPolygon } from './polygon.js';
import { isBeyond } from './reach.js';
import { maskOfRuns } from './run-lengths.js';

// More than any real mask has. The time to draw one grows with both.
const [MOST_POLYGONS, FARTHEST] = [4096, 1e6];

// As long a text as Node parses in a moment: a polygon of a million corners.
const LONGEST = 2 ** 26;

/** A part of a file's text. Read at once: a mask is asked for as a plain value. */
const textPart = (file: string, start: number, length: number): string => {
  if (length > LONGEST) throw new Error(`has more than ${LONGEST / 2 ** 20} MiB`);
  return readRegularPartSync(file, start, length).toString('latin1');
};

const isCorners = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length >= 6 &&
  value.length % 2 === 0 &&
  value.every((corner) => isNumber(corner) && Math.abs(corner) <= FARTHEST);

const isCounts = (value: unknown): value is readonly number[] | string =>
  isText(value) || (Array.isArray(value) && value.every(isNumber));

const reachBeyond = (polygons: readonly (readonly number[])[], size: Size): boolean =>
  polygons.some((corners) =>
    corners.some((at, i) => (i % 2 === 0 ? isBeyond(at, 0, at, 0, size) : isBeyond(0, at, 0, at, size))),
  );

/** COCO's `segmentation`: a list of polygons, or run lengths with their size. @throws Error that completes "the mask ...". */
export const cocoMask = (segmentation: unknown, size: Size, onBeyond: () => void = () => {}): Uint8Array => {
  if (isRecord(segmentation)) {
    const { counts, size: stated } = segmentation;
    if (!isCounts(counts)) throw new Error('has no run lengths');
    const [height, width] = Array.isArray(stated) ? stated : [];
    if (height !== size.height || width !== size.width) {
      throw new Error(`is of ${quoted(width)} x ${quoted(height)} pixels, its image of ${size.width} x ${size.height}`);
    }
    return maskOfRuns(counts, size);
  }
  if (!Array.isArray(segmentation)) throw new Error('is neither a list of polygons nor of run lengths');
  if (segmentation.length > MOST_POLYGONS) throw new Error(`has more than ${MOST_POLYGONS} polygons`);
  const wrong = segmentation.findIndex((polygon) => !isCorners(polygon));
  if (wrong >= 0) throw new Error(`has no polygon of three or more corners as number ${wrong + 1}`);
  const mask = new Uint8Array(size.width * size.height);
  const polygons: readonly (readonly number[])[] = segmentation;
  if (reachBeyond(polygons, size)) onBeyond();
  for (const corners of polygons) fillPolygon(corners, size, mask);
  return mask;
};

/** A box as the pixels whose middles lie in it. */
const filledBox = ({ x, y, width, height }: Box, size: Size): Uint8Array => {
  const mask = new Uint8Array(size.width * size.height);
  const [left, right] = [x, x + width].map((edge) => Math.min(Math.max(Math.ceil(edge - 0.5), 0), size.width));
  const [top, bottom] = [y, y + height].map((edge) => Math.min(Math.max(Math.ceil(edge - 0.5), 0), size.height));
  for (let row = top; row < bottom; row++) mask.fill(1, row * size.width + left, row * size.width + right);
  return mask;
};

/**
 * Reads a mask that is not a picture.
 * @param size of the pixels that the truth lies in. @param onBeyond called where the mask reaches beyond them by more than rounding.
 * @returns [height, width], 1 inside and 0 outside.
 * @throws Error, whose message completes "the mask ...", where it is damaged or of another size.
 */
export const maskFrom = (
  source: Exclude<MaskSource, { readonly kind: 'picture' }>,
  size: Size,
  onBeyond?: () => void,
): Uint8Array => {
  if (source.kind === 'box') return filledBox(source.box, size);
  const text = textPart(source.file, source.start, source.length);
  let segmentation: unknown;
  try {
    segmentation = parseJson(text);
  } catch (error) {
    throw new Error(`is no JSON (${reasonOf(error)})`, { cause: error });
  }
  return cocoMask(segmentation, size, onBeyond);
};

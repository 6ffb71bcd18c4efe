import type { Box, Size } from '../maps/box.js';
import type { Rgb } from './decoders/decoder.js';
import { TAG } from './decoders/tiff-kinds.js';
import { tiffTags } from './decoders/tiff-tags.js';

/** How a camera was held, as EXIF counts it, 1 to 8. 1: upright. Exif 2.32, tag 0x0112. */

/** For each orientation: whether the stored pixels are first mirrored left to right, and then turned by quarters clockwise. */
const turns: readonly (readonly [mirrored: boolean, quarters: number])[] = [
  [false, 0],
  [true, 0],
  [false, 2],
  [true, 2],
  [true, 3],
  [false, 1],
  [true, 1],
  [false, 3],
];

/** Whether a number is an orientation. */
export const isOrientation = (value: number): boolean => turns[value - 1] !== undefined;

/** The picture that is stored of a photo. */
export interface Stored {
  readonly size: Size;
  /** A box of the upright photo, as it is stored. */
  readonly boxOf: (box: Box) => Box;
  /** Index of the stored pixel that is shown first, and the steps to those that are shown right of it and below it. */
  readonly first: number;
  readonly across: number;
  readonly down: number;
}

/** A box turned back, a quarter at a time: what was at the top comes to the left. */
const turnedBack = (box: Box, upright: Size, [mirrored, quarters]: readonly [boolean, number]): Box => {
  let { x, y, width, height } = box;
  let size: Size = { width: upright.width, height: upright.height };
  for (let i = 0; i < quarters; i++) {
    [x, y, width, height] = [y, size.width - x - width, height, width];
    size = { width: size.height, height: size.width };
  }
  return { x: mirrored ? size.width - x - width : x, y, width, height };
};

const turnedSize = ({ width, height }: Size, orientation: number): Size =>
  turns[orientation - 1][1] % 2 === 1 ? { width: height, height: width } : { width, height };

/** @param upright size of the photo as it is seen. @param orientation 1 to 8. */
export const storedOf = (upright: Size, orientation: number): Stored => {
  const size = turnedSize(upright, orientation);
  const boxOf = (box: Box) => turnedBack(box, upright, turns[orientation - 1]);
  // Neighbouring pixels of a row stay neighbours, in a row or a column.
  const placeOf = (x: number, y: number) => {
    const at = boxOf({ x, y, width: 1, height: 1 });
    return at.y * size.width + at.x;
  };
  const first = placeOf(0, 0);
  return { size, boxOf, first, across: placeOf(1, 0) - first, down: placeOf(0, 1) - first };
};

/** The picture turned upright. Of any number that is no orientation: as it is. */
export const upright = ({ width, height, data }: Rgb, orientation: number): Rgb => {
  if (orientation === 1 || !isOrientation(orientation)) return { width, height, data };
  const size = turnedSize({ width, height }, orientation);
  const { first, across, down } = storedOf(size, orientation);
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, to += 3) {
      const at = (first + x * across + y * down) * 3;
      turned[to] = data[at];
      turned[to + 1] = data[at + 1];
      turned[to + 2] = data[at + 2];
    }
  }
  return { ...size, data: turned };
};

/** Orientation that XMP states, as Pillow looks for it. Undefined: none. */
export const orientationOfXmp = (xmp: Uint8Array): number | undefined => {
  const [, digit] = /tiff:Orientation(?:="|>)([0-9])/.exec(Buffer.from(xmp).toString('latin1')) ?? [];
  return digit === undefined ? undefined : Number(digit);
};

/** Orientation of EXIF, which is a small TIFF after six bytes. Undefined: none. */
const orientationOfExif = (exif: Buffer): number | undefined =>
  tiffTags(exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0)).get(TAG.orientation)?.[0];

/**
 * Orientation in a PNG's text "Raw profile type exif", as ImageMagick writes it: the name, the length, and hexadecimal digits,
 * a line each. Undefined: none.
 */
export const orientationOfRawProfile = (text: string): number | undefined =>
  orientationOfExif(Buffer.from(text.split('\n').slice(3).join(''), 'hex'));

/** The orientation that turns back: a quarter the other way; all others turn themselves back. */
const backFrom = (orientation: number): number => (orientation === 6 ? 8 : orientation === 8 ? 6 : orientation);

/** A box of the stored picture, as it lies in the upright photo. @param stored size of the picture. */
export const uprightBox = (box: Box, stored: Size, orientation: number): Box =>
  turnedBack(box, stored, turns[backFrom(orientation) - 1]);

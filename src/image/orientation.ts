import type { Rgb } from './decoders/decoder.js';

/** Orientations as EXIF counts them, 1 to 8. 1: as it is. */

/** Position of the stored pixel that is shown at column x and row y of the upright picture. */
type From = (x: number, y: number, width: number, height: number) => readonly [x: number, y: number];

const sources: Readonly<Record<number, From>> = {
  2: (x, y, width) => [width - 1 - x, y],
  3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  4: (x, y, _, height) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _, height) => [y, height - 1 - x],
  7: (x, y, width, height) => [width - 1 - y, height - 1 - x],
  8: (x, y, width) => [width - 1 - y, x],
};

/** The picture turned upright. Of any other number than 2 to 8: as it is. */
export const upright = ({ width, height, data }: Rgb, orientation: number): Rgb => {
  const from = sources[orientation];
  if (from === undefined) return { width, height, data };
  const [wide, high] = orientation >= 5 ? [height, width] : [width, height];
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < high; y++) {
    for (let x = 0; x < wide; x++, to += 3) {
      const [column, row] = from(x, y, width, height);
      const at = (row * width + column) * 3;
      turned[to] = data[at];
      turned[to + 1] = data[at + 1];
      turned[to + 2] = data[at + 2];
    }
  }
  return { width: wide, height: high, data: turned };
};

/** Orientation that XMP states, as Pillow looks for it. Undefined: none. */
export const orientationOfXmp = (xmp: Uint8Array): number | undefined => {
  const [, digit] = /tiff:Orientation(?:="|>)([0-9])/.exec(Buffer.from(xmp).toString('latin1')) ?? [];
  return digit === undefined ? undefined : Number(digit);
};

const ORIENTATION = 0x112;

/** Orientation of EXIF, which is a small TIFF after six bytes. Undefined: none. */
const orientationOfExif = (exif: Buffer): number | undefined => {
  const tiff = exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  try {
    const start = view.getUint32(4, isLittle);
    const entries = view.getUint16(start, isLittle);
    for (let at = start + 2; at < start + 2 + entries * 12; at += 12) {
      if (view.getUint16(at, isLittle) === ORIENTATION) return view.getUint16(at + 8, isLittle);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
};

/**
 * Orientation in a PNG's text "Raw profile type exif", as ImageMagick writes it: the name, the length, and hexadecimal digits,
 * a line each. Undefined: none.
 */
export const orientationOfRawProfile = (text: string): number | undefined =>
  orientationOfExif(Buffer.from(text.split('\n').slice(3).join(''), 'hex'));

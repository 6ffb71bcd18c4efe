/** What a BMP says of itself: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether the first row that is stored is the top one. */
  readonly fromTop: boolean;
  readonly bits: number;
  readonly compression: 'none' | 'rle8' | 'rle4';
  /** Which bits of a pixel of 16 or more bits hold red, green, blue and opacity. 0: none do. */
  readonly masks: readonly [number, number, number, number];
  /** Three bytes of RGB for each colour. Empty from 16 bits on. */
  readonly palette: Uint8Array;
  /** Where the pixels begin. */
  readonly start: number;
}

/** Why a BMP is not read, in words. */
export class UnreadBmp extends Error {}

/** Bytes before the header. */
export const FILE = 14;
// Sizes of the headers of OS/2 1.x; and of Windows and OS/2 2.x.
const OS2 = 12;
const sizes: readonly number[] = [OS2, 40, 52, 56, 64, 108, 124];

const BITFIELDS = 3;
const compressions: Readonly<Record<number, BmpHeader['compression']>> = { 0: 'none', 1: 'rle8', 2: 'rle4' };

const plainMasks: Readonly<Record<number, BmpHeader['masks']>> = {
  16: [0x7c00, 0x3e0, 0x1f, 0],
  24: [0xff0000, 0xff00, 0xff, 0],
  32: [0xff0000, 0xff00, 0xff, 0],
};

const masksOf = (view: DataView, size: number, bits: number, compression: number): BmpHeader['masks'] => {
  const plain = plainMasks[bits] ?? [0, 0, 0, 0];
  if (compression !== BITFIELDS || bits === 24) return plain;
  const mask = (index: number) => view.getUint32(FILE + 40 + index * 4, true);
  const masks = [mask(0), mask(1), mask(2), size >= 56 ? mask(3) : 0] as const;
  return masks.every((one) => one === 0) ? plain : masks;
};

const paletteOf = (bytes: Uint8Array, at: number, count: number, width: 3 | 4): Uint8Array => {
  const palette = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [blue = 0, green = 0, red = 0] = bytes.subarray(at + i * width, at + i * width + 3);
    palette.set([red, green, blue], i * 3);
  }
  return palette;
};

/** @throws UnreadBmp; RangeError where the file ends within its header. */
export const bmpHeader = (bytes: Uint8Array): BmpHeader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(FILE, true);
  if (!sizes.includes(size)) throw new UnreadBmp(`a header of ${size} bytes`);
  const isOld = size === OS2;
  const [width, signed] = isOld
    ? [view.getUint16(FILE + 4, true), view.getUint16(FILE + 6, true)]
    : [view.getInt32(FILE + 4, true), view.getInt32(FILE + 8, true)];
  const bits = view.getUint16(FILE + (isOld ? 10 : 14), true);
  const code = isOld ? 0 : view.getUint32(FILE + 16, true);
  const compression = code === BITFIELDS ? 'none' : compressions[code];
  if (compression === undefined) throw new UnreadBmp(`compression ${code}`);
  // Run lengths are of colours of one size.
  const sound = { none: [1, 2, 4, 8, 16, 24, 32], rle8: [8], rle4: [4] }[compression];
  if (!sound.includes(bits)) throw new UnreadBmp(`${bits} bits a pixel`);
  const most = bits <= 8 ? 1 << bits : 0;
  const colors = Math.min(most, (isOld ? 0 : view.getUint32(FILE + 32, true)) || most);
  const afterHeader = FILE + size + (code === BITFIELDS && size === 40 ? 12 : 0);
  const width0 = isOld ? 3 : 4;
  const stated = view.getUint32(10, true);
  // Some writers leave the palette out of the offset, as Pillow knows too.
  const start = stated === 0 || (stated === FILE + size && most > 0) ? afterHeader + colors * width0 : stated;
  return {
    width,
    height: Math.abs(signed),
    fromTop: signed < 0,
    bits,
    compression,
    masks: masksOf(view, size, bits, code),
    palette: paletteOf(bytes, afterHeader, colors, width0),
    start,
  };
};

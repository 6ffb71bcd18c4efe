import { starts } from '../signatures.js';

/** What the first picture of a TIFF says of itself: its numbers by their tags. Of a list, the first four. */
export type TiffTags = ReadonlyMap<number, readonly number[]>;

// Bytes of each number, by TIFF's types: byte, short, long, and long of BigTIFF. Others are of no interest here.
const sizes: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
const VALUES = 4;

/** Reads numbers of a TIFF by its order of bytes. Throws RangeError beyond its end. */
const readerOf = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = view.getUint8(0) === 0x49;
  return (at: number, size: 1 | 2 | 4 | 8): number => {
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, isLittle);
    return size === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle));
  };
};

/** TIFF or BigTIFF, in either order of bytes. */
const isTiff = starts('II*\0', 'II+\0', 'MM\0*', 'MM\0+');

const first = (bytes: Uint8Array): TiffTags => {
  const read = readerOf(bytes);
  const isBig = read(2, 2) === 43;
  // Widths of an offset or count, and of the number of entries.
  const [width, counted] = isBig ? ([8, 8] as const) : ([4, 2] as const);
  const start = read(isBig ? 8 : 4, width);
  const entry = 4 + 2 * width;
  const tags = new Map<number, readonly number[]>();
  const end = start + counted + read(start, counted) * entry;
  for (let at = start + counted; at < end && at + entry <= bytes.length; at += entry) {
    const size = sizes[read(at + 2, 2)];
    if (size === undefined) continue;
    const count = read(at + 4, width);
    const from = count * size <= width ? at + 4 + width : read(at + 4 + width, width);
    if (from + Math.min(count, VALUES) * size > bytes.length) continue;
    tags.set(
      read(at, 2),
      Array.from({ length: Math.min(count, VALUES) }, (_, i) => read(from + i * size, size)),
    );
  }
  return tags;
};

/** @returns no tags where it is no TIFF, or its directory lies beyond its end. */
export const tiffTags = (bytes: Uint8Array): TiffTags => {
  if (!isTiff(bytes) || bytes.length < 8) return new Map();
  try {
    return first(bytes);
  } catch (error) {
    if (error instanceof RangeError) return new Map();
    throw error;
  }
};

import { withoutAlpha } from '../alpha.js';
import { type BmpHeader, bmpHeader, FILE, UnreadBmp } from './bmp-header.js';
import { runLengths } from './bmp-rle.js';
import { type Decoded, type DecodeRules, type Decoder, isDamaged, notReadHere, requireSize } from './decoder.js';

/** Where the stored row lies in the picture. */
const rowOf = ({ height, fromTop }: BmpHeader, stored: number): number => (fromTop ? stored : height - 1 - stored);

/** Bytes of a stored row: a multiple of four. */
const stride = ({ width, bits }: BmpHeader): number => ((width * bits + 31) >> 5) * 4;

/** Whether the file ends before its pixels do. Without run lengths the header tells. */
const isCut = (bytes: Uint8Array, header: BmpHeader): boolean => bytes.length < stride(header) * header.height;

interface Pixels {
  readonly data: Uint8Array;
  readonly cut: boolean;
}

/** Index of a pixel's colour, by its stored row and its column. */
type IndexOf = (row: number, x: number) => number;

const packed = (bytes: Uint8Array, header: BmpHeader): IndexOf => {
  const { bits } = header;
  const length = stride(header);
  const mask = (1 << bits) - 1;
  return (row, x) => (bytes[row * length + ((x * bits) >> 3)] >> (8 - bits - ((x * bits) & 7))) & mask;
};

const indexed = (bytes: Uint8Array, header: BmpHeader, rules: DecodeRules): Pixels => {
  const { width, height, compression, palette } = header;
  const runs = compression === 'none' ? undefined : runLengths(bytes, width, height, compression === 'rle4');
  const cut = runs?.cut ?? isCut(bytes, header);
  if (cut && !rules.acceptDamaged) throw isDamaged(rules);
  const indexOf: IndexOf = runs === undefined ? packed(bytes, header) : (row, x) => runs.data[row * width + x];
  const data = new Uint8Array(width * height * 3);
  for (let stored = 0; stored < height; stored++) {
    let to = rowOf(header, stored) * width * 3;
    for (let x = 0; x < width; x++, to += 3) {
      const color = indexOf(stored, x) * 3;
      data[to] = palette[color];
      data[to + 1] = palette[color + 1];
      data[to + 2] = palette[color + 2];
    }
  }
  return { data, cut };
};

/** From a pixel's number to the level of the channel that a mask names, 0 to 255, rounded down as Pillow does. */
const levelOf = (mask: number) => {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const largest = mask === 0 ? 1 : mask >>> shift;
  return (pixel: number): number => Math.floor((((pixel & mask) >>> shift) * 255) / largest);
};

/** Three bytes a pixel; four where the file states opacity. */
const direct = (bytes: Uint8Array, header: BmpHeader, rules: DecodeRules): Pixels => {
  const { width, height, bits, masks } = header;
  const cut = isCut(bytes, header);
  if (cut && !rules.acceptDamaged) throw isDamaged(rules);
  const channels = masks[3] === 0 ? 3 : 4;
  const levels = masks.slice(0, channels).map(levelOf);
  const data = new Uint8Array(width * height * channels);
  const size = bits >> 3;
  for (let stored = 0; stored < height; stored++) {
    let from = stored * stride(header);
    let to = rowOf(header, stored) * width * channels;
    for (let x = 0; x < width && from + size <= bytes.length; x++, from += size) {
      let pixel = 0;
      for (let i = size - 1; i >= 0; i--) pixel = (pixel << 8) | bytes[from + i];
      for (const level of levels) data[to++] = level(pixel);
    }
  }
  return { data, cut };
};

const read = (bytes: Uint8Array, rules: DecodeRules): Decoded => {
  const header = bmpHeader(bytes);
  const { width, height, bits, masks, start } = header;
  if (width < 1 || height < 1) throw isDamaged(rules);
  requireSize(width, height);
  const stored = bytes.subarray(start);
  const { data, cut } = bits <= 8 ? indexed(stored, header, rules) : direct(stored, header, rules);
  const isOpaque = bits <= 8 || masks[3] === 0;
  return {
    width,
    height,
    data: isOpaque ? data : withoutAlpha(data, rules.alpha),
    format: 'bmp',
    orientation: 1,
    damaged: cut,
  };
};

const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** Whether it is a BMP without the part that names it, as some .dib are: a header of 40 bytes and one plane. */
const isBare = (bytes: Uint8Array): boolean =>
  bytes[0] === 40 && bytes[1] + bytes[2] + bytes[3] === 0 && bytes[12] === 1 && bytes[13] === 0;

/**
 * BMP of Windows and OS/2, with and without run lengths. The decoders that npm offers read palettes in wrong colours, or take
 * a terabyte for a photo that is stored from the top.
 */
export const bmp: Decoder = {
  recognises: (bytes) => isBmp(bytes) || isBare(bytes),
  decode: (bytes, rules) => {
    try {
      return read(isBmp(bytes) ? bytes : Buffer.concat([new Uint8Array(FILE), bytes]), rules);
    } catch (error) {
      if (error instanceof UnreadBmp) throw notReadHere(`This kind of BMP (${error.message})`, error);
      if (error instanceof RangeError) throw isDamaged(rules, error);
      throw error;
    }
  },
};

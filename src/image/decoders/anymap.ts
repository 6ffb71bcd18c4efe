import { halfEven } from '../../rounding.js';
import { matches } from '../signatures.js';
import { type Decoded, type DecodeRules, type Decoder, isDamaged, requireSize } from './decoder.js';

/** PBM, PGM and PPM, in letters (P1 to P3) and in bytes (P4 to P6): https://netpbm.sourceforge.net/doc/ */

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Undefined: bits, of which 1 is black. */
  readonly largest: number | undefined;
  readonly inLetters: boolean;
  /** Where the pixels begin. */
  readonly start: number;
}

const [SPACE, HASH, ZERO, NINE, NEWLINE, RETURN] = [0x20, 0x23, 0x30, 0x39, 10, 13];
const isSpace = (byte: number): boolean => byte === SPACE || (byte >= 9 && byte <= RETURN);

// Digits of a number. Pillow refuses longer ones too.
const LONGEST = 10;

/** Reads whole numbers in letters, one after the other, without the comments between them. Undefined: none is left. */
const numbersFrom = (bytes: Uint8Array, start: number) => {
  let at = start;
  const skip = (): void => {
    for (; at < bytes.length; at++) {
      if (bytes[at] === HASH) while (at < bytes.length && bytes[at] !== NEWLINE && bytes[at] !== RETURN) at++;
      else if (!isSpace(bytes[at])) return;
    }
  };
  return {
    next: (digits = LONGEST): number | undefined => {
      skip();
      let value: number | undefined;
      for (let read = 0; read < digits && bytes[at] >= ZERO && bytes[at] <= NINE; read++, at++) {
        value = (value ?? 0) * 10 + bytes[at] - ZERO;
      }
      return value;
    },
    position: () => at,
  };
};

const headerOf = (bytes: Uint8Array): Header | undefined => {
  const kind = bytes[1] - ZERO;
  const numbers = numbersFrom(bytes, 2);
  const [width, height] = [numbers.next(), numbers.next()];
  const isBits = kind === 1 || kind === 4;
  const largest = isBits ? undefined : numbers.next();
  if (!width || !height || (!isBits && !(largest !== undefined && largest >= 1 && largest < 2 ** 16))) return undefined;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  // One space stands between the header and the bytes.
  return { width, height, channels, largest, inLetters: kind <= 3, start: numbers.position() + 1 };
};

/** Levels of 255 by the file's own. */
const levelsOf = (largest: number): Uint8Array =>
  Uint8Array.from({ length: largest + 1 }, (_, value) => halfEven((value / largest) * 255));

/** The values in order, in 255 levels. Undefined: the file has ended. */
type Values = () => number | undefined;

const inLetters = (bytes: Uint8Array, { largest, start }: Header): Values => {
  const numbers = numbersFrom(bytes, start - 1);
  // Bits need no space between them.
  if (largest === undefined) {
    return () => {
      const bit = numbers.next(1);
      return bit === undefined || bit > 1 ? undefined : bit === 1 ? 0 : 255;
    };
  }
  const levels = levelsOf(largest);
  return () => {
    const value = numbers.next();
    return value === undefined ? undefined : levels[value];
  };
};

const inBits = (bytes: Uint8Array, { width, start }: Header): Values => {
  const row = (width + 7) >> 3;
  let i = 0;
  return () => {
    const byte = bytes[start + Math.floor(i / width) * row + ((i % width) >> 3)];
    const bit = (byte >> (7 - ((i % width) & 7))) & 1;
    i++;
    return byte === undefined ? undefined : bit === 1 ? 0 : 255;
  };
};

const inBytes = (bytes: Uint8Array, { start }: Header, largest: number): Values => {
  const levels = levelsOf(largest);
  let at = start;
  if (largest < 256) return () => (at < bytes.length ? levels[Math.min(largest, bytes[at++])] : undefined);
  return () => {
    if (at + 1 >= bytes.length) return undefined;
    const value = bytes[at] * 256 + bytes[at + 1];
    at += 2;
    return levels[Math.min(largest, value)];
  };
};

const valuesOf = (bytes: Uint8Array, header: Header): Values => {
  if (header.inLetters) return inLetters(bytes, header);
  return header.largest === undefined ? inBits(bytes, header) : inBytes(bytes, header, header.largest);
};

/** Fewest bytes that all pixels take. A value in letters takes one, and one between it and the next. */
const leastBytes = ({ width, height, channels, largest, inLetters }: Header): number => {
  if (inLetters) return width * height * channels * (largest === undefined ? 1 : 2) - 1;
  if (largest === undefined) return ((width + 7) >> 3) * height;
  return width * height * channels * (largest < 256 ? 1 : 2);
};

const decode = (bytes: Uint8Array, rules: DecodeRules): Decoded => {
  const header = headerOf(bytes);
  if (header === undefined) throw isDamaged(rules);
  const { width, height, channels } = header;
  requireSize(width, height);
  // Before memory is taken: a header may state any size.
  if (bytes.length - header.start < leastBytes(header) && !rules.acceptDamaged) throw isDamaged(rules);
  const data = new Uint8Array(width * height * 3);
  const next = valuesOf(bytes, header);
  let damaged = false;
  for (let to = 0; to < data.length && !damaged; to += 3) {
    const red = next();
    const green = channels === 1 ? red : next();
    const blue = channels === 1 ? red : next();
    if (red === undefined || green === undefined || blue === undefined) damaged = true;
    else {
      data[to] = red;
      data[to + 1] = green;
      data[to + 2] = blue;
    }
  }
  if (damaged && !rules.acceptDamaged) throw isDamaged(rules);
  return { width, height, data, format: 'ppm', orientation: 1, damaged };
};

export const anymap: Decoder = {
  recognises: matches(/^P[1-6][\s#]/),
  decode,
};

import { textOf } from '../../../stores/paths.js';

/** Bytes of a header, and of what all data are filled up to. */
export const BLOCK = 512;

/** A tar's header block, as POSIX (ustar) and GNU tar write it. */
export interface TarHeader {
  readonly name: string;
  /** Bytes that follow, without what fills the last block. */
  readonly size: number;
  readonly type: string;
  /** Sum of the header's bytes, which stands in it: tells one header from another. */
  readonly sum: number;
  /** Whether more blocks of a sparse file's map follow, before its data. */
  readonly isExtended: boolean;
}

const fieldOf = (block: Buffer, start: number, length: number): Buffer => {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
};

/** A number in octal digits; or, where its first bit is set, in bytes. NaN where it is neither. */
const numberOf = (block: Buffer, start: number, length: number): number => {
  if (block[start] === 0x80) {
    let value = 0;
    for (const byte of block.subarray(start + 1, start + length)) value = value * 256 + byte;
    return value;
  }
  const digits = fieldOf(block, start, length).toString('latin1').trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
};

const CHECKSUM = { start: 148, length: 8 };

/** The checksum's own bytes count as spaces. */
const sumOf = (block: Buffer): number => {
  let sum = CHECKSUM.length * 0x20;
  for (let i = 0; i < BLOCK; i++) sum += block[i];
  for (let i = CHECKSUM.start; i < CHECKSUM.start + CHECKSUM.length; i++) sum -= block[i];
  return sum;
};

/** @returns undefined where the block is no header. */
export const parseHeader = (block: Buffer): TarHeader | undefined => {
  const sum = sumOf(block);
  const size = numberOf(block, 124, 12);
  if (block.length !== BLOCK || numberOf(block, CHECKSUM.start, CHECKSUM.length) !== sum) return undefined;
  if (!Number.isSafeInteger(size)) return undefined;
  // GNU tar has times where POSIX has the beginning of a long name.
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? fieldOf(block, 345, 155) : Buffer.alloc(0);
  const name = fieldOf(block, 0, 100);
  const path = prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name;
  return { name: textOf(path), size, type: String.fromCharCode(block[156]), sum, isExtended: block[482] === 1 };
};

/** The records of a pax header. @returns undefined where they are not whole. */
export const paxRecords = (data: Buffer): ReadonlyMap<string, string> | undefined => {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length && data[at] !== 0; ) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(data.toString('latin1', at, space));
    const end = at + length;
    if (!Number.isInteger(length) || end > data.length || data[end - 1] !== 0x0a) return undefined;
    const equals = data.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) return undefined;
    records.set(data.toString('latin1', space + 1, equals), textOf(data.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
};

/** The name that a header of GNU tar's long names holds. */
export const longName = (data: Buffer): string => textOf(fieldOf(data, 0, data.length));

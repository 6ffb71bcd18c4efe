import { promisify } from 'node:util';
import { deflate, type ZlibOptions } from 'node:zlib';
import type { Size } from '../maps/box.js';
import { crc32 } from './crc.js';

/**
 * 16-bit gray PNG with words in it, which sharp cannot write. PNG specification (third edition): 5.3 chunks, 11.2.1 IHDR,
 * 11.3.3.2 tEXt, 9.2 filters.
 */

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const [DEPTH, GRAY] = [16, 0];
// Each byte less that of the pixel before it: along a row of an enlarged map the differences hardly change.
const SUB = 1;
// Of zlib: the usual level takes twice as long, and saves 2 % of a small map. A smaller window and table are sooner ready.
const DEFLATE = { level: 3, windowBits: 13, memLevel: 7, chunkSize: 2 ** 15 };

const deflated = promisify<Uint8Array, ZlibOptions, Buffer>(deflate);

const chunk = (type: string, data: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
};

const headerOf = ({ width, height }: Size): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([DEPTH, GRAY], 8);
  return header;
};

/** The rows, each with its filter before it. */
const filtered = ({ width, height }: Size, values: Uint16Array): Uint8Array => {
  const rows = new Uint8Array(height * (width * 2 + 1));
  let at = 0;
  for (let row = 0; row < height; row++) {
    rows[at++] = SUB;
    let left = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const value = values[i];
      rows[at++] = (value >> 8) - (left >> 8);
      rows[at++] = value - left;
      left = value;
    }
  }
  return rows;
};

/**
 * @param values [height, width].
 * @param texts words by keyword, both of ASCII.
 */
export const png16 = async (
  size: Size,
  values: Uint16Array,
  texts: Readonly<Record<string, string>>,
): Promise<Uint8Array> =>
  Buffer.concat([
    SIGNATURE,
    chunk('IHDR', headerOf(size)),
    ...Object.entries(texts).map(([keyword, text]) => chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))),
    chunk('IDAT', await deflated(filtered(size, values), DEFLATE)),
    chunk('IEND', new Uint8Array()),
  ]);

import { BLOCK, parseHeader, paxRecords } from '../sources/archives/tar-header.js';

/**
 * Members of a tar as POSIX has them (ustar, with pax headers for long names). The first header is for the tar as a whole, and
 * says whose it is.
 */

// Longer names have a header of their own.
const NAME = 100;

/** Bytes before the first member. */
export const HEAD = 2 * BLOCK;

/** What ends a tar. */
export const END = Buffer.alloc(2 * BLOCK);

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

const headerOf = (name: Buffer, size: number, type: string, seconds: number): Buffer => {
  const header = Buffer.alloc(BLOCK);
  name.copy(header, 0, 0, NAME);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(seconds, 11), 136);
  // While it is counted, the sum is spaces.
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return header;
};

const filled = (data: Uint8Array): readonly Uint8Array[] => [
  data,
  Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK),
];

/** A record of a pax header, which begins with its own length. */
const record = (key: string, value: string): Buffer => {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
};

/**
 * A member: its header, and its data filled up.
 * @param name with slashes, of any length, in UTF-8.
 * @param seconds since 1970, when it was made.
 */
export const memberOf = (name: string, data: Uint8Array, seconds: number): Buffer => {
  const bytes = Buffer.from(name);
  const pieces: Uint8Array[] = [];
  if (bytes.length > NAME) {
    const path = record('path', name);
    pieces.push(headerOf(Buffer.from('././@PaxHeader'), path.length, 'x', seconds), ...filled(path));
  }
  pieces.push(headerOf(bytes, data.length, '0', seconds), ...filled(data));
  return Buffer.concat(pieces);
};

const commentOf = (id: string): string => `gapcam ${id}`;

/** What a run's tars begin with. @param id that only its tars have, some 16 characters. */
export const markOf = (id: string): Buffer => {
  const comment = record('comment', commentOf(id));
  return Buffer.concat([headerOf(Buffer.from('pax_global_header'), comment.length, 'g', 0), ...filled(comment)]);
};

/** Whether a tar begins with the mark of one of these runs. @param head its first bytes, `HEAD` or more. */
export const isMarked = (head: Buffer, ids: readonly string[]): boolean => {
  const header = head.length < HEAD ? undefined : parseHeader(head.subarray(0, BLOCK));
  if (header?.type !== 'g' || header.size > HEAD - BLOCK) return false;
  const comment = paxRecords(head.subarray(BLOCK, BLOCK + header.size))?.get('comment');
  return ids.some((id) => comment === commentOf(id));
};

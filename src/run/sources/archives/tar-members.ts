import { fstatSync, readSync } from 'node:fs';
import { BLOCK, longName, parseHeader, paxRecords, type TarHeader } from './tar-header.js';

/** What a tar has under one name: a file, folder, link... */
export interface Member {
  readonly name: string;
  readonly type: 'file' | 'sparse' | 'link' | 'other';
  /** Where the header begins that the data follow. */
  readonly at: number;
  readonly size: number;
  readonly sum: number;
}

/** Why a tar cannot be read any further. Completes "The archive x ..." */
export interface Damage {
  readonly damage: string;
  /** Whether the file is no tar at all. */
  readonly none?: boolean;
}

// A name of a longer one is no name, and no writer fills up the end with more zeros.
const [MOST_EXTENSION, MOST_ZEROS] = [2 ** 20, 2 ** 21];

const typeOf = ({ type, name }: TarHeader): Member['type'] => {
  if (type === 'S') return 'sparse';
  if (type === '1' || type === '2') return 'link';
  return '0\x007'.includes(type) && !name.endsWith('/') ? 'file' : 'other';
};

// Their size says nothing of data that would follow: links, devices, folders, pipes.
const withoutData = '123456';

// Headers that say more of the member after them.
const extensions = 'xgLK';

const filledUp = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/** What extension headers say of the member that follows them. */
interface Extension {
  name?: string | undefined;
  size?: number | undefined;
  isSparse?: boolean | undefined;
}

const extend = (extension: Extension, type: string, data: Buffer): string | undefined => {
  if (type === 'L') extension.name = longName(data);
  if (type !== 'x') return undefined;
  const records = paxRecords(data);
  const size = Number(records?.get('size') ?? 0);
  if (records === undefined || !Number.isSafeInteger(size) || size < 0) return 'has a damaged pax header';
  if (records.has('size')) extension.size = size;
  extension.isSparse = ['GNU.sparse.major', 'GNU.sparse.map', 'GNU.sparse.size'].some((key) => records.has(key));
  extension.name = records.get('GNU.sparse.name') ?? records.get('path') ?? extension.name;
  return undefined;
};

/** Reads blocks of an open file. Blocks at its end may be short. */
const blocksOf = (descriptor: number) => {
  const block = Buffer.allocUnsafe(BLOCK);
  return (at: number, into: Buffer = block): Buffer => into.subarray(0, readSync(descriptor, into, 0, into.length, at));
};

/** Where the data of a sparse file begin: after the blocks of its map. */
const afterMap = (read: (at: number) => Buffer, header: TarHeader, at: number): number => {
  let end = at + BLOCK;
  let more = header.type === 'S' && header.isExtended;
  while (more) {
    more = read(end)[504] === 1;
    end += BLOCK;
  }
  return end;
};

/** A header with where its data begin, and where the next header does. */
interface Placed {
  readonly header: TarHeader;
  readonly at: number;
  readonly start: number;
  readonly next: number;
  readonly size: number;
}

const placed = (read: (at: number) => Buffer, header: TarHeader, at: number, size: number): Placed => {
  const start = afterMap(read, header, at);
  return { header, at, start, next: start + filledUp(size), size };
};

/**
 * The headers of an open tar, in their order. Tars that were put one after the other are read as one.
 * @param sizeOf bytes that follow a header, as an earlier one may say them.
 */
function* headersOf(
  read: (at: number) => Buffer,
  length: number,
  sizeOf: (header: TarHeader) => number,
): Generator<Placed | Damage> {
  // Bytes of zeros, which end a tar, before the next header.
  let zeros = 0;
  for (let at = 0; at < length; ) {
    const block = read(at);
    if (block.length === BLOCK && block.every((byte) => byte === 0)) {
      zeros += BLOCK;
      at += BLOCK;
      if (zeros > MOST_ZEROS) return;
      continue;
    }
    const header = parseHeader(block);
    if (header === undefined) {
      // After its end a tar may have anything.
      if (zeros === 0)
        yield at === 0 ? { none: true, damage: noTar(block) } : { damage: `is damaged or cut off at byte ${at}` };
      return;
    }
    zeros = 0;
    const found = placed(read, header, at, sizeOf(header));
    yield found;
    if (found.start + found.size > length) return;
    at = found.next;
  }
  if (zeros === 0) yield { damage: `ends at byte ${length} without a mark of its end, and may be cut off` };
}

const noTar = (block: Buffer): string =>
  ['1f8b', '425a', '28b5', 'fd37'].includes(block.toString('hex', 0, 2))
    ? 'is compressed, which is not read; unpack it first, as with gunzip'
    : 'is no tar, and nothing of it is read';

const memberOf = ({ header, at, size }: Placed, { name, isSparse }: Extension): Member => {
  const type = isSparse ? 'sparse' : typeOf(header);
  return { name: name ?? header.name, type, at, size, sum: header.sum };
};

/**
 * The members of an open tar, in their order. Of their data nothing is read. Ends with the damage where the tar is not whole.
 */
export function* membersOf(descriptor: number): Generator<Member | Damage> {
  const { size: length } = fstatSync(descriptor);
  const read = blocksOf(descriptor);
  let extension: Extension = {};
  const sizeOf = ({ type, size }: TarHeader): number => {
    if (extensions.includes(type)) return size;
    return withoutData.includes(type) ? 0 : (extension.size ?? size);
  };
  for (const found of headersOf(read, length, sizeOf)) {
    if ('damage' in found) {
      yield found;
      return;
    }
    const { header, at, start, size } = found;
    if (start + size > length) {
      yield { damage: `is cut off at byte ${length}, in the midst of ${extension.name ?? header.name}` };
      return;
    }
    if (!extensions.includes(header.type)) {
      yield memberOf(found, extension);
      extension = {};
      continue;
    }
    const damage =
      size > MOST_EXTENSION
        ? `has a name of ${size} bytes`
        : extend(extension, header.type, read(start, Buffer.alloc(size)));
    if (damage !== undefined) {
      yield { damage: `${damage} at byte ${at}` };
      return;
    }
  }
}

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

/** Bytes that are wanted next. They may be fewer where the tar ends. */
interface Wanted {
  readonly from: number;
  readonly length: number;
}

/**
 * Reads a tar without knowing where it lies: it yields what bytes it wants, and is given them by `next`. So a file is read at once
 * and what is far away is waited for, by the same rules.
 */
type Reading<Found, Result = void> = Generator<Wanted | Found, Result, Buffer>;

function* blockAt(from: number): Reading<never, Buffer> {
  return yield { from, length: BLOCK };
}

/** Where the data of a sparse file begin: after the blocks of its map. */
function* afterMap(header: TarHeader, at: number): Reading<never, number> {
  let end = at + BLOCK;
  let more = header.type === 'S' && header.isExtended;
  while (more) {
    more = (yield* blockAt(end))[504] === 1;
    end += BLOCK;
  }
  return end;
}

/** A header with where its data begin, and where the next header does. */
interface Placed {
  readonly header: TarHeader;
  readonly at: number;
  readonly start: number;
  readonly next: number;
  readonly size: number;
}

function* placed(header: TarHeader, at: number, size: number): Reading<never, Placed> {
  const start = yield* afterMap(header, at);
  return { header, at, start, next: start + filledUp(size), size };
}

/**
 * The headers of a tar, in their order. Tars that were put one after the other are read as one.
 * @param sizeOf bytes that follow a header, as an earlier one may say them.
 */
function* headersOf(length: number, sizeOf: (header: TarHeader) => number): Reading<Placed | Damage> {
  // Bytes of zeros, which end a tar, before the next header.
  let zeros = 0;
  for (let at = 0; at < length; ) {
    const block = yield* blockAt(at);
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
    const found = yield* placed(header, at, sizeOf(header));
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

/** Notes what an extension header says. @returns what is wrong with it. */
function* extendBy({ header, at, start, size }: Placed, extension: Extension): Reading<never, string | undefined> {
  if (size > MOST_EXTENSION) return `has a name of ${size} bytes at byte ${at}`;
  const damage = extend(extension, header.type, Buffer.from(yield { from: start, length: size }));
  return damage && `${damage} at byte ${at}`;
}

/**
 * The members of a tar, in their order. Of their data nothing is read. Ends with the damage where the tar is not whole.
 * @param length of the tar, in bytes.
 */
export function* membersOf(length: number): Reading<Member | Damage> {
  let extension: Extension = {};
  const sizeOf = ({ type, size }: TarHeader): number => {
    if (extensions.includes(type)) return size;
    return withoutData.includes(type) ? 0 : (extension.size ?? size);
  };
  const headers = headersOf(length, sizeOf);
  let step = headers.next();
  while (!step.done) {
    const found = step.value;
    if ('from' in found) {
      step = headers.next(yield found);
      continue;
    }
    if ('damage' in found) {
      yield found;
      return;
    }
    const { header, start, size } = found;
    if (start + size > length) {
      yield { damage: `is cut off at byte ${length}, in the midst of ${extension.name ?? header.name}` };
      return;
    }
    if (extensions.includes(header.type)) {
      const damage = yield* extendBy(found, extension);
      if (damage !== undefined) {
        yield { damage };
        return;
      }
    } else {
      yield memberOf(found, extension);
      extension = {};
    }
    step = headers.next();
  }
}

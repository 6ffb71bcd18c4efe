import { BLOCK, parseHeader, paxRecords, type TarHeader } from '../sources/archives/tar-header.js';

/** Reads tars as `tar-entry.ts` writes them from first to last byte, from any store. */

export interface StreamedMember {
  readonly name: string;
  /** Undefined: it was not wanted. */
  readonly data: Buffer | undefined;
  /** Where it ends. */
  readonly end: number;
}

/** Bytes of a stream, one after the other. */
export const takerOf = (pieces: AsyncIterable<Uint8Array>) => {
  const source = pieces[Symbol.asyncIterator]();
  let [rest, at]: [Buffer, number] = [Buffer.alloc(0), 0];
  const more = async (): Promise<boolean> => {
    const { value, done } = await source.next();
    // A copy: the next piece may overwrite this one.
    if (done !== true) rest = Buffer.concat([rest, value]);
    return done !== true;
  };
  const drop = (bytes: number) => {
    rest = rest.subarray(bytes);
    at += bytes;
  };
  return {
    /** Number of bytes taken or skipped. */
    at: () => at,
    /** The next bytes. Fewer: the stream ends. */
    take: async (bytes: number): Promise<Buffer> => {
      while (rest.length < bytes && (await more()));
      const taken = rest.subarray(0, bytes);
      drop(taken.length);
      return taken;
    },
    skip: async (bytes: number): Promise<void> => {
      for (let left = bytes; left > 0; ) {
        if (rest.length === 0 && !(await more())) return;
        const dropped = Math.min(left, rest.length);
        drop(dropped);
        left -= dropped;
      }
    },
    end: async (): Promise<void> => void (await source.return?.()),
  };
};

/** Why a tar cannot be read any further. */
export class TarDamage extends Error {}

const filledUp = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

const headerIn = (block: Buffer): TarHeader | undefined => {
  if (block.length === 0 || block.every((byte) => byte === 0)) return undefined;
  const header = parseHeader(block);
  if (header === undefined || !'xg0'.includes(header.type))
    throw new TarDamage('a header is damaged, or of no packed run');
  return header;
};

/**
 * The members of a tar, or of a part of one, up to its end.
 * @param isWanted whether the data of a member are wanted.
 * @throws TarDamage.
 */
export async function* membersIn(
  pieces: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): AsyncGenerator<StreamedMember> {
  const taker = takerOf(pieces);
  const dataOf = async (size: number): Promise<Buffer> => {
    const data = await taker.take(size);
    await taker.skip(filledUp(size) - size);
    if (data.length < size) throw new TarDamage('it is cut off');
    return data;
  };
  let long: string | undefined;
  try {
    for (;;) {
      const header = headerIn(await taker.take(BLOCK));
      if (header === undefined) return;
      if (header.type !== '0') {
        const path = paxRecords(await dataOf(header.size))?.get('path');
        if (header.type === 'x') long = path;
        continue;
      }
      const name = long ?? header.name;
      long = undefined;
      if (isWanted(name)) {
        const data = await dataOf(header.size);
        yield { name, data, end: taker.at() };
      } else {
        await taker.skip(filledUp(header.size));
        yield { name, data: undefined, end: taker.at() };
      }
    }
  } finally {
    await taker.end();
  }
}

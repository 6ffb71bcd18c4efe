import type { FilePart } from '../storage/storage.js';

// Bytes that are fetched at once. What is skipped in one go, such as a large photo's data, makes windows small again.
const [SMALLEST, USUAL, LARGEST] = [2 ** 14, 2 ** 16, 2 ** 20];

/** Bytes of a file from some place on. */
interface Piece {
  readonly start: number;
  readonly bytes: Buffer;
}

const endOf = ({ start, bytes }: Piece): number => start + bytes.length;

/** Bytes from `from` on that two pieces hold, the second of which begins where the first ends. */
const joined = (first: Piece, second: Piece, from: number): Piece => {
  if (from >= second.start) return second;
  return { start: from, bytes: Buffer.concat([first.bytes.subarray(from - first.start), second.bytes]) };
};

/**
 * Gives bytes of a far file in their order, a few at a time, out of windows. The next window is fetched while one is read, as
 * long as nothing larger than a window is skipped. Holds three windows at most, and what is asked for.
 * @param part fetches bytes. @param length of the file, in bytes.
 */
export const windowsOf = (
  part: (start: number, length: number) => Promise<FilePart>,
  length: number,
): ((from: number, wanted: number) => Promise<Buffer>) => {
  let size = USUAL;
  let held: Piece = { start: 0, bytes: Buffer.alloc(0) };
  let coming: { readonly start: number; readonly end: number; readonly piece: Promise<Piece> } | undefined;
  const fetch = (start: number, most: number) => {
    const end = Math.min(length, start + most);
    const piece = part(start, end - start).then(({ bytes }) => ({ start, bytes }));
    // It may never be asked for.
    piece.catch(() => {});
    return { start, end, piece };
  };
  const fetchNext = (after: number) => {
    coming = after < length ? fetch(after, size) : undefined;
  };
  /** Where the bytes lie in none of both: beyond, or before after a jump. */
  const jump = async (from: number, wanted: number): Promise<void> => {
    const isNear = from - endOf(held) < LARGEST;
    size = isNear ? Math.min(LARGEST, 4 * size) : SMALLEST;
    const { piece, end } = fetch(from, Math.max(size, wanted));
    coming = undefined;
    if (isNear) fetchNext(end);
    held = await piece;
  };
  return async (from, wanted) => {
    const end = Math.min(length, from + wanted);
    while (from < held.start || end > endOf(held)) {
      if (coming === undefined || from < held.start || from > coming.end) await jump(from, wanted);
      else {
        const { piece, end: next } = coming;
        size = Math.min(LARGEST, 2 * size);
        fetchNext(next);
        held = joined(held, await piece, from);
      }
    }
    return held.bytes.subarray(from - held.start, Math.max(from, end) - held.start);
  };
};

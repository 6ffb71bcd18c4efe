import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

// Bytes read at a time, and the longest value: a polygon of a million corners has less.
const [BLOCK, LONGEST] = [2 ** 20, 2 ** 26];

/** The part of a file that is looked at, which moves on. */
export interface Window {
  readonly bytes: () => Buffer;
  /** Place in the file of a byte of the window. */
  readonly placeOf: (at: number) => number;
  /** Reads on, and drops what is before `from`, which comes to 0. @returns false at the end of the file. */
  readonly more: (from: number) => Promise<boolean>;
}

/** @param digest takes all bytes. @param block bytes to read at a time, at least. */
export const windowOf = (handle: FileHandle, digest: Hash, block = BLOCK): Window => {
  let [bytes, base] = [Buffer.alloc(0), 0];
  return {
    bytes: () => bytes,
    placeOf: (at) => base + at,
    more: async (from) => {
      const kept = bytes.length - from;
      if (kept > LONGEST) throw new Error(`a value in it is longer than ${LONGEST / 2 ** 20} MiB`);
      const next = Buffer.allocUnsafe(kept + Math.max(block, kept));
      bytes.copy(next, 0, from);
      const { bytesRead } = await handle.read(next, kept, next.length - kept, base + bytes.length);
      base += from;
      bytes = next.subarray(0, kept + bytesRead);
      digest.update(bytes.subarray(kept));
      return bytesRead > 0;
    },
  };
};

import { isUtf8 } from 'node:buffer';

/**
 * Names of files are bytes, and not always UTF-8. As text, a byte that is no part of a character becomes a lone
 * surrogate, U+DC80 to U+DCFF, which gives the byte back: the way of Python's file names (PEP 383).
 */

const SURROGATES = 0xdc00;

// With the flag u, halves of whole pairs do not match.
const lone = /[\uDC80-\uDCFF]/u;
const runs = /[\uDC80-\uDCFF]+|[^\uDC80-\uDCFF]+/gu;

/** Bytes of the character that starts at `at`; 0 where none does. */
const characterLength = (bytes: Uint8Array, at: number): number =>
  [1, 2, 3, 4].find((length) => at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) ?? 0;

/** A file's name, or any path, as text. */
export const textOf = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString();
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length > 0 ? bytes.toString('utf8', at, at + length) : String.fromCharCode(SURROGATES + bytes[at]);
    at += Math.max(1, length);
  }
  return text;
};

/** What the file system takes for a path that was made by `textOf`. */
export const pathOf = (text: string): string | Buffer => {
  if (!lone.test(text)) return text;
  const parts = text.match(runs) ?? [];
  return Buffer.concat(
    parts.map((part) =>
      lone.test(part) ? Buffer.from([...part].map((c) => c.charCodeAt(0) - SURROGATES)) : Buffer.from(part),
    ),
  );
};

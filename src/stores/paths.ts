import { isUtf8 } from 'node:buffer';

/**
 * File names are bytes, and not always UTF-8. In text, each byte that is not valid UTF-8 becomes a lone surrogate,
 * U+DC80 to U+DCFF, from which `pathOf` restores the byte. Python does the same (PEP 383).
 */

const SURROGATES = 0xdc00;

// With the flag u, these do not match the halves of a surrogate pair.
const lone = /[\uDC80-\uDCFF]/u;
const bytes = /[\uDC80-\uDCFF]/gu;
const runs = /[\uDC80-\uDCFF]+|[^\uDC80-\uDCFF]+/gu;

/** Number of bytes of the UTF-8 character at `at`. 0 where there is none. */
const characterLength = (bytes: Uint8Array, at: number): number =>
  [1, 2, 3, 4].find((length) => at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) ?? 0;

/** A file name or path as text. */
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

/** The path for the file system. @param text from `textOf`. */
export const pathOf = (text: string): string | Buffer => {
  if (!lone.test(text)) return text;
  const parts = text.match(runs) ?? [];
  return Buffer.concat(
    parts.map((part) =>
      lone.test(part) ? Buffer.from([...part].map((c) => c.charCodeAt(0) - SURROGATES)) : Buffer.from(part),
    ),
  );
};

/** A name as UTF-8 alone: each byte that belongs to no character as %E9. Two names may become one. */
export const asUtf8 = (text: string): string =>
  lone.test(text)
    ? text.replace(bytes, (byte) => `%${(byte.charCodeAt(0) - SURROGATES).toString(16).toUpperCase()}`)
    : text;

import { MAX_DEPTH } from '../../json-depth.js';

/** Where values of JSON end, in bytes: by quotes and brackets alone, without a look at what stands between. */

const code = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH] = [code('"'), code('\\')];
export const [COMMA, COLON] = [code(','), code(':')];
export const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [code('{'), code('}'), code('['), code(']')];
export const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** Where a string ends that begins before `at`. -1: not in these bytes. */
const stringEnd = (bytes: Buffer, at: number): number => {
  for (let end = bytes.indexOf(QUOTE, at); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (end - 1 - slashes >= at && bytes[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return -1;
};

/** Where a value ends that begins at `at`. -1: not in these bytes. @throws Error where it is nested too deeply. */
export const valueEnd = (bytes: Buffer, at: number): number => {
  if (bytes[at] === QUOTE) return stringEnd(bytes, at + 1);
  const isNested = bytes[at] === OPEN || bytes[at] === OPEN_LIST;
  for (let depth = 0, i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = stringEnd(bytes, i + 1) - 1;
      if (i < 0) return -1;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (++depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} times`);
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      // The end of what a number or a word stands in.
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (!isNested && (byte === COMMA || isSpace(byte))) return i;
  }
  return -1;
};

const afterSpaces = (bytes: Buffer, from: number): number => {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
};

/**
 * Where an object's own value of this name lies, the last of several. Undefined: it has none, or is no object.
 * @param bytes of a value, from its first to its last.
 */
export const ownValue = (bytes: Buffer, name: string): { readonly from: number; readonly to: number } | undefined => {
  const quoted = Buffer.from(`"${name}"`);
  if (bytes[0] !== OPEN || bytes.indexOf(quoted) < 0) return undefined;
  let found: { readonly from: number; readonly to: number } | undefined;
  for (let at = 1; at < bytes.length; at++) {
    const key = afterSpaces(bytes, at);
    const colon = bytes[key] === QUOTE ? afterSpaces(bytes, stringEnd(bytes, key + 1)) : -1;
    if (bytes[colon] !== COLON) return found;
    const from = afterSpaces(bytes, colon + 1);
    const to = valueEnd(bytes, from);
    if (to <= from) return found;
    if (bytes.subarray(key, key + quoted.length).equals(quoted)) found = { from, to };
    at = afterSpaces(bytes, to);
    if (bytes[at] !== COMMA) return found;
  }
  return found;
};

import { depthOf, MAX_DEPTH } from '../json-depth.js';

/** Whether a text has more than so many of a character. */
const hasMore = (text: string, character: string, most: number): boolean => {
  let at = -1;
  for (let count = 0; count <= most; count++) {
    at = text.indexOf(character, at + 1);
    if (at < 0) return false;
  }
  return true;
};

/** Whether a text may be nested too deeply: most have few brackets, which are counted in a tenth of the time. */
const mayBeDeep = (text: string): boolean => hasMore(text, '[', MAX_DEPTH / 2) || hasMore(text, '{', MAX_DEPTH / 2);

/**
 * Parses JSON that anybody may have written. A value nested thousands of times would overflow the stack of whatever walks it
 * later, and millions of times fill the memory while it is parsed.
 * @throws Error where the text is no JSON, or nested too deeply.
 */
export const parseJson = (text: string): unknown => {
  if (mayBeDeep(text) && depthOf(text) > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} times`);
  return JSON.parse(text);
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** JSON can hold numbers beyond the largest, such as 1e400, which are read as infinite. */
export const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

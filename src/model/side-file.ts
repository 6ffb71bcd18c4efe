import { lstatSync } from 'node:fs';
import { type ModelError, reasonOf, systemCode } from '../errors.js';
import { readRegularSync } from '../regular-file.js';

/** Files beside a model: whatever they hold, reading them ends, and takes little memory. */

// ImageNet's 22,000 names are 1 MB.
const MAX_BYTES = 2 ** 24;

// Functions that call themselves for each level, as JSON.stringify does, have room for some thousands.
const MAX_DEPTH = 100;

/** Makes the error for a file that cannot be used, of a sentence about it. */
export type Refusal = (sentence: string, cause: unknown) => ModelError;

/** Whether something has this name, be it a link that leads to nothing. */
export const isThere = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * The text of a file.
 * @param refusal gets a sentence with the way out.
 * @returns undefined where there is no file.
 */
export const readSideText = (file: string, refusal: Refusal): string | undefined => {
  try {
    return new TextDecoder().decode(readRegularSync(file, MAX_BYTES));
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT';
    if (isMissing && !isThere(file)) return undefined;
    const why = isMissing ? 'it is a link that leads to nothing' : reasonOf(error);
    throw refusal(`${file} cannot be read: ${why}; put the right file in its place.`, error);
  }
};

const CODES = { quote: 0x22, backslash: 0x5c } as const;
const [OPENING, CLOSING] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

/** How deep lists and objects lie in each other in a JSON text. */
const depthOf = (text: string): number => {
  let [depth, deepest, isString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CODES.quote) isString = !isString;
    else if (isString && code === CODES.backslash) at++;
    else if (!isString && OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (!isString && CLOSING.has(code)) depth--;
  }
  return deepest;
};

/** The value of a file's JSON text. @param refusal as for `readSideText`. */
export const parseSideText = (file: string, text: string, refusal: Refusal): unknown => {
  const depth = depthOf(text);
  if (depth > MAX_DEPTH) {
    const sentence = `${file} holds lists or objects in each other, ${depth} deep, and at most ${MAX_DEPTH} are read; put the right file in its place.`;
    throw refusal(sentence, undefined);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(`${file} is not JSON: ${reasonOf(error)}.`, error);
  }
};

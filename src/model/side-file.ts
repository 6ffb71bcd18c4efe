import { lstatSync } from 'node:fs';
import { type ModelError, reasonOf, systemCode } from '../errors.js';
import { depthOf, MAX_DEPTH } from '../json-depth.js';
import { readRegularSync } from '../regular-file.js';

/** Files beside a model: whatever they hold, reading them ends, and takes little memory. */

// ImageNet's 22,000 names are 1 MB.
const MAX_BYTES = 2 ** 24;

/** Makes the error for a file that cannot be used, of a sentence about it. */
export type Refusal = (sentence: string, cause: unknown) => ModelError;

/** Whether something has this name, be it a link that leads to nothing. */
const isThere = (path: string): boolean => {
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
    throw refusal(`${file} is not JSON (${reasonOf(error)}); put the right file in its place.`, error);
  }
};

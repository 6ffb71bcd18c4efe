import { reasonOf, UsageError } from '../errors.js';
import { readRegularSync } from '../regular-file.js';

// As long a text as Node has: 2 ** 29 characters, less some.
const LONGEST = 2 ** 29 - 2 ** 10;

/** Text of a file that a person names. @param option that names it. @throws UsageError `unreadable-file`. */
const readText = (option: string, path: string): string => {
  try {
    return readRegularSync(path, LONGEST)
      .toString()
      .replace(/^\ufeff/, '');
  } catch (error) {
    const message = `${path} cannot be read (${reasonOf(error)}); give --${option} another file.`;
    throw new UsageError('unreadable-file', message, error);
  }
};

/** Lines of a file that a person names, but for empty ones. @throws UsageError `unreadable-file`. */
export const readLines = (option: string, path: string): readonly string[] => {
  const lines = readText(option, path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (lines.length > 0) return lines;
  throw new UsageError('unreadable-file', `${path} holds no names; give --${option} a file of one name a line.`);
};

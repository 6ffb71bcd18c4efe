import { choiceOf, invalidOption } from '../errors.js';

/** The values of an option: how a word of the command line becomes one, and which are in range. */
export interface Values<T> {
  /** Words that follow the flag. `none`: it stands alone. `some`: it may stand alone. `many`: it may be repeated. */
  readonly words: 'none' | 'some' | 'one' | 'many';
  /** Of `some`: whether the word after the flag belongs to it. */
  readonly isValue?: (word: string) => boolean;
  /** What help calls a word. Default: text. */
  readonly shownAs?: 'number';
  /** All values, where they can be listed. */
  readonly choices?: readonly string[];
  /** The value of a word. Returns a word without a value as it is, so that an error can quote it. */
  readonly fromWord: (word: string) => unknown;
  /**
   * @param name the option's name in an error.
   * @throws UsageError `invalid-option` for a value out of range.
   */
  readonly check: (name: string, value: unknown) => T;
}

const asItIs = (word: string): unknown => word;

/** A word's number, or the word where it is none. */
export const numberOrWord = (word: string): unknown =>
  word.trim() === '' || Number.isNaN(Number(word)) ? word : Number(word);

export const keysOf = <T extends string>(registry: Readonly<Record<T, unknown>>): T[] => Object.keys(registry) as T[];

/** A flag without a word: true, or false with the prefix `--no-`. */
export const yesOrNo: Values<boolean> = {
  words: 'none',
  fromWord: asItIs,
  check: (name, value) => {
    if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
    return value;
  },
};

/** @param expected the text's description in an error. @param isRight whether a text is allowed. Default: any. */
export const text = (expected: string, isRight: (value: string) => boolean = () => true): Values<string> => ({
  words: 'one',
  fromWord: asItIs,
  check: (name, value) => {
    if (typeof value !== 'string' || !isRight(value)) throw invalidOption(name, expected, value);
    return value;
  },
});

export const oneOf = <T extends string>(choices: readonly T[]): Values<T> => ({
  words: 'one',
  choices,
  fromWord: asItIs,
  check: (name, value) => choiceOf(name, choices, value),
});

/** Refuses NaN. @param expected the range's description in an error. */
export const numberIn = (expected: string, isRight: (value: number) => boolean): Values<number> => ({
  words: 'one',
  shownAs: 'number',
  fromWord: numberOrWord,
  check: (name, value) => {
    if (typeof value !== 'number' || Number.isNaN(value) || !isRight(value)) throw invalidOption(name, expected, value);
    return value;
  },
});

/** @param least, most smallest and largest allowed number. */
export const wholeNumber = (least: number, most = Number.POSITIVE_INFINITY): Values<number> =>
  numberIn(
    `a whole number from ${least}${most < Number.POSITIVE_INFINITY ? ` to ${most}` : ''}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );

/**
 * Several texts. An empty list is allowed.
 * @param expected a text's description in an error.
 * @param isRight whether a text is allowed. Default: any.
 */
export const texts = (
  expected: string,
  isRight: (value: string) => boolean = () => true,
): Values<readonly string[]> => ({
  words: 'many',
  fromWord: asItIs,
  check: (name, value) => {
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' && isRight(entry))) return value;
    throw invalidOption(name, expected, value);
  },
});

/** Any of the choices, each once: repeated, or with commas between them. */
export const listOf = <T extends string>(choices: readonly T[]): Values<readonly T[]> => {
  const one = oneOf(choices);
  return {
    words: 'many',
    choices,
    fromWord: asItIs,
    check: (name, value) => {
      if (!Array.isArray(value)) throw invalidOption(name, choices.join(' or '), value);
      const words = value.flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : [entry]));
      return [...new Set(words.map((word) => one.check(name, word)))];
    },
  };
};

/** One or more of the choices. */
export const someOf = <T extends string>(choices: readonly T[]): Values<readonly T[]> => {
  const one = oneOf(choices);
  return {
    words: 'many',
    choices,
    fromWord: asItIs,
    check: (name, value) => {
      if (!Array.isArray(value) || value.length === 0) throw invalidOption(name, choices.join(' or '), value);
      return value.map((entry) => one.check(name, entry));
    },
  };
};

import { choiceOf, invalidOption } from '../errors.js';

/** What an option takes: how a word of the command line becomes a value, and which values are in range. */
export interface Values<T> {
  /** How many words follow the flag: `none` for a flag alone, `many` where it may be given several times. */
  readonly words: 'none' | 'one' | 'many';
  /** All values, where they can be listed. */
  readonly choices?: readonly string[];
  /** The value that a word stands for; the word itself where it stands for none, so that an error can quote it. */
  readonly fromWord: (word: string) => unknown;
  /**
   * @param name of the option in the error's sentence.
   * @throws UsageError `invalid-option` for a value out of range.
   */
  readonly check: (name: string, value: unknown) => T;
}

const asItIs = (word: string): unknown => word;

/** The number that a word says, else the word. */
export const numberOrWord = (word: string): unknown =>
  word.trim() === '' || Number.isNaN(Number(word)) ? word : Number(word);

export const keysOf = <T extends string>(registry: Readonly<Record<T, unknown>>): T[] => Object.keys(registry) as T[];

/** A flag without a word: true, or false with `--no-` before its name. */
export const yesOrNo: Values<boolean> = {
  words: 'none',
  fromWord: asItIs,
  check: (name, value) => {
    if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
    return value;
  },
};

/** @param expected what the text is, for the error's sentence. @param isRight whether a text will do; left out: any. */
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

/** @param expected the range, for the error's sentence. NaN is in no range. */
export const numberIn = (expected: string, isRight: (value: number) => boolean): Values<number> => ({
  words: 'one',
  fromWord: numberOrWord,
  check: (name, value) => {
    if (typeof value !== 'number' || Number.isNaN(value) || !isRight(value)) throw invalidOption(name, expected, value);
    return value;
  },
});

/** @param most the largest that is taken; left out: any. */
export const wholeNumber = (least: number, most = Number.POSITIVE_INFINITY): Values<number> =>
  numberIn(
    `a whole number from ${least}${most < Number.POSITIVE_INFINITY ? ` to ${most}` : ''}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );

/**
 * Several texts; none are in range too.
 * @param expected what one of them is, for the error's sentence. @param isRight whether one will do; left out: any.
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

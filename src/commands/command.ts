import { isKnownError } from '../errors.js';
import { flagOf, type Option, type OptionsOf, type OptionTable, settled } from '../options/define.js';
import type { Terminal } from '../terminal/contract.js';

/** What yargs found on the command line: the words after each flag, and positional words by their name in `usage`. */
type Words = Readonly<Record<string, unknown>>;

/** A command of gapcam, for the registry in `index.ts`. */
export interface Command {
  /** In the syntax of yargs: the command's name (`$0`: none), then its positional words: `<one>`, `[optional]`, `<several..>`. */
  readonly usage: string;
  /** One line of help. */
  readonly description: string;
  /** The positional words, by their names in `usage`. */
  readonly positionals: OptionTable;
  readonly options: OptionTable;
  /** Pairs of a command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  /**
   * Checks the words and does the work.
   * @returns the exit code.
   * @throws UsageError, ModelError for what a person can mend.
   */
  readonly run: (words: Words, terminal: Terminal) => Promise<number>;
}

interface Definition<P extends OptionTable, O extends OptionTable> {
  readonly usage: string;
  readonly description: string;
  readonly positionals?: P;
  readonly options?: O;
  readonly examples?: Command['examples'];
  /** @returns the exit code. */
  readonly run: (given: OptionsOf<P> & OptionsOf<O>, terminal: Terminal) => Promise<number>;
  /** Tells a refusal in the command's own way. @returns whether it did. */
  readonly tellRefusal?: (
    refusal: { readonly code: string; readonly message: string },
    words: Words,
    terminal: Terminal,
  ) => boolean;
}

type NoOptions = Readonly<Record<never, Option<unknown>>>;

const fromWords = ({ values }: Option<unknown>, words: unknown): unknown => {
  const read = (word: unknown) => (typeof word === 'string' ? values.fromWord(word) : word);
  if (words === undefined) return undefined;
  return values.words === 'many' ? [words].flat().map((word) => read(String(word))) : read(words);
};

/** The values of options as the command line has them. @throws UsageError `invalid-option`. */
const settle = <T extends OptionTable>(table: T, words: Words): OptionsOf<T> =>
  Object.fromEntries(
    Object.entries(table).map(([name, option]) => {
      const flag = flagOf(name, option);
      return [name, settled(option, option.hyphens ? `--${flag}` : flag, fromWords(option, words[flag]))];
    }),
  ) as OptionsOf<T>;

/** Declares a command: its `run` gets the options' values, checked and typed by their definitions. */
export const defineCommand = <P extends OptionTable = NoOptions, O extends OptionTable = NoOptions>({
  usage,
  description,
  positionals = {} as P,
  options = {} as O,
  examples = [],
  run,
  tellRefusal = () => false,
}: Definition<P, O>): Command => ({
  usage,
  description,
  positionals,
  options,
  examples,
  run: async (words, terminal) => {
    try {
      return await run({ ...settle(positionals, words), ...settle(options, words) }, terminal);
    } catch (error) {
      if (isKnownError(error) && tellRefusal(error, words, terminal)) return 2;
      throw error;
    }
  },
});

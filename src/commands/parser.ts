import yargs, { type Argv, type Options, type PositionalOptions } from 'yargs';
import { UsageError } from '../errors.js';
import { flagOf, type Option, type OptionTable } from '../options/define.js';
import { STANDARD_INPUT } from '../run/sources/standard-input.js';
import type { Terminal } from '../terminal/contract.js';
import { version } from '../version.js';
import type { Command } from './command.js';

const describe = ({ describe, values: { choices } }: Option<unknown>): string =>
  choices === undefined ? describe : `${describe}: ${choices.join(', ')}`;

/** The default as help shows it: lists hold one word, or none. */
const shownDefault = ({ default: standard }: Option<unknown>): unknown =>
  Array.isArray(standard) ? standard[0] : standard;

/**
 * An option as yargs takes it. Help shows the last of its types, and the first decides: numbers stay text here, so that the
 * check that follows can quote a wrong one as it was written.
 */
const parsed = (option: Option<unknown>): Options => {
  const standard = shownDefault(option);
  const { words, shownAs } = option.values;
  return {
    describe: describe(option),
    ...(words === 'none'
      ? { boolean: true }
      : { string: true, requiresArg: words !== 'some', number: shownAs === 'number' }),
    ...(option.alias !== undefined && { alias: option.alias }),
    ...(standard !== undefined && { default: standard }),
    ...(option.otherwise !== undefined && { defaultDescription: option.otherwise }),
    ...(option.required && { demandOption: true }),
  };
};

const positional = ({ required, describe }: Option<unknown>): PositionalOptions => ({
  type: 'string',
  ...(describe !== '' && { describe }),
  ...(required && { demandOption: true }),
});

/** @throws UsageError where a flag stands twice that is taken once. */
const refuseTwice = (options: OptionTable, words: Readonly<Record<string, unknown>>): void => {
  for (const [name, option] of Object.entries(options)) {
    const flag = flagOf(name, option);
    if (option.values.words !== 'many' && Array.isArray(words[flag])) {
      throw new UsageError('usage', `--${flag} is given twice; give it once.`);
    }
  }
};

// The heading of options that have no other.
const MAIN = 'Options:';

/** Adds a command's options and positional words to yargs. */
const build = ({ positionals, options, examples }: Command, parser: Argv): Argv => {
  for (const [name, option] of Object.entries(positionals)) parser.positional(name, positional(option));
  // Help shows groups in the order in which they are met.
  parser.group([], MAIN);
  for (const [name, option] of Object.entries(options)) {
    const flag = flagOf(name, option);
    parser.option(flag, parsed(option));
    parser.group(flag, option.group ?? MAIN);
  }
  for (const [line, meaning] of examples) parser.example(line, meaning);
  return parser.check((words) => {
    refuseTwice(options, words);
    return true;
  });
};

/** Gives flags that may stand alone an empty word where the next word does not belong to them. */
const withEmptyWords = (given: readonly string[], commands: readonly Command[]): readonly string[] => {
  const options = commands.flatMap((command) => Object.entries(command.options));
  const some = options.filter(([, { values }]) => values.words === 'some');
  const isValueOf = new Map(some.map(([name, option]) => [`--${flagOf(name, option)}`, option.values.isValue]));
  return given.map((word, i) => {
    const isValue = isValueOf.get(word);
    return isValue === undefined || isValue(given[i + 1] ?? '') ? word : `${word}=`;
  });
};

// yargs drops a lone hyphen, and does not count the words after "--" as positional.
const withoutHyphens = (given: readonly string[]): string[] => {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  return [
    ...given.slice(0, end).map((word) => (word === '-' ? STANDARD_INPUT : word)),
    ...given.slice(end + 1).map((word) => (word.startsWith('-') ? `./${word}` : word)),
  ];
};

/**
 * The command line of a registry's commands.
 * @param given words after the program's name.
 * @param exitWith called with a command's exit code.
 * @returns yargs, whose `parseAsync` runs the command and throws UsageError for words that make no sense.
 */
export const parserOf = (
  commands: readonly Command[],
  given: readonly string[],
  terminal: Terminal,
  exitWith: (code: number) => void,
): Argv => {
  const parser = yargs(withoutHyphens(withEmptyWords(given, commands)))
    .scriptName('gapcam')
    // All that is said is English; the parser's own words would be in the system's language.
    .detectLocale(false)
    .version(version)
    .usage(
      'gapcam <photos...> [options]\n\nShows where an image classifier saw its class: class maps of any ONNX classifier, laid over the photos.',
    );
  for (const command of commands) {
    parser.command(
      command.usage,
      command.description,
      (builder) => build(command, builder),
      async (words) => exitWith(await command.run(words, terminal)),
    );
  }
  return parser.strict().fail((message, error) => {
    const complaint = message?.replace(/\s*\n\s*/g, ' ').replace(/\.?$/, '.');
    if (error !== undefined && error.name !== 'YError') throw error;
    throw new UsageError('usage', `${complaint} See gapcam --help.`);
  });
};

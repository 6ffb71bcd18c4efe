import { invalidOption, UsageError } from '../errors.js';
import { nearestOf } from '../nearest.js';
import type { Values } from './values.js';

/** One option, for the command line and the library. `V`: type of its value, with undefined where it may stay open. */
export interface Option<V> {
  readonly values: Values<V>;
  /** The value where the caller gives none. */
  readonly default: V | undefined;
  /** One line of help. */
  readonly describe: string;
  /** In words, what the program does where no value is given and `default` is undefined. */
  readonly otherwise: string | undefined;
  /** The flag without its hyphens. Undefined: the option's name in kebab-case. */
  readonly flag: string | undefined;
  /** The flag's short form, one letter. */
  readonly alias: string | undefined;
  /** Whether the command line must hold it. */
  readonly required: boolean;
  /** Its heading in help. Undefined: "Options". */
  readonly group: string | undefined;
  /** Whether errors of the command line name it with its hyphens. */
  readonly hyphens: boolean;
}

/** Options by their names in the library. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of a table's options, with defaults filled in. */
export type OptionsOf<T extends OptionTable> = {
  readonly [Key in keyof T]: T[Key] extends Option<infer V> ? V : never;
};

/** The values as a caller of the library passes them. Each may be left out. */
export type GivenOptions<T extends OptionTable> = {
  readonly [Key in keyof T]?: OptionsOf<T>[Key] | undefined;
};

interface Definition<T, D, R> {
  readonly values: Values<T>;
  readonly describe: string;
  readonly default?: D;
  readonly otherwise?: string;
  readonly flag?: string;
  readonly alias?: string;
  readonly required?: R;
  readonly group?: string;
  readonly hyphens?: boolean;
}

/** The value's type: with undefined where the option has no default and is not required. */
type Settled<T, D, R> = R extends true ? T : D extends undefined ? T | undefined : T;

/** Declares an option. Its type, flag, help, check and row in the README's tables come from this declaration. */
export const defineOption = <T, const D extends T | undefined = undefined, R extends boolean = false>(
  definition: Definition<T, D, R>,
): Option<Settled<T, D, R>> => ({
  values: definition.values as Values<Settled<T, D, R>>,
  default: definition.default as Settled<T, D, R> | undefined,
  describe: definition.describe,
  otherwise: definition.otherwise,
  flag: definition.flag,
  alias: definition.alias,
  required: definition.required ?? false,
  group: definition.group,
  hyphens: definition.hyphens ?? false,
});

/** The same option without its default. */
export const withoutDefault = <V>(option: Option<V>): Option<V | undefined> => ({ ...option, default: undefined });

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The option's flag, without its hyphens. */
export const flagOf = (name: string, { flag }: Option<unknown>): string => flag ?? kebab(name);

/**
 * Checks an option's value. Returns the default where none is given.
 * @param name the option's name in an error.
 * @throws UsageError `invalid-option`.
 */
export const settled = <V>(option: Option<V>, name: string, given: unknown): V =>
  given === undefined ? (option.default as V) : option.values.check(name, given);

/** @throws UsageError `invalid-option` where the value is not an object. */
const requireObject = (name: string, given: unknown): Readonly<Record<string, unknown>> => {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  throw invalidOption(name, 'an object', given);
};

/** The known name that was probably meant. A nested one as a program writes it: `input: { size }`. */
const nearest = (name: string, known: readonly string[]): string =>
  nearestOf(name, known).replace(/^(.+)\.(.+)$/, '$1: { $2 }');

/**
 * Checks that a caller's options are an object with known names only.
 * @param within prefix of the names in errors: `input.`, or nothing.
 * @param known the allowed names. Names with a dot are suggested in errors but not allowed.
 * @throws UsageError `invalid-option`, or `unknown-option` with the nearest name.
 */
export const knownOptions = (
  given: unknown,
  known: readonly string[],
  within = '',
): Readonly<Record<string, unknown>> => {
  const options = requireObject(within === '' ? 'options' : within.slice(0, -1), given);
  const unknown = Object.keys(options).find((name) => !known.includes(name) || name.includes('.'));
  if (unknown === undefined) return options;
  throw new UsageError(
    'unknown-option',
    `There is no option ${within}${unknown}; the nearest is ${within}${nearest(unknown, known)}.`,
  );
};

/**
 * Turns a caller's options into complete options that are in range.
 * @param within prefix of the names in errors: `input.`, or nothing.
 * @throws UsageError `invalid-option`, or `unknown-option` with the nearest name.
 */
export const normalize = <T extends OptionTable>(table: T, given: unknown, within = ''): OptionsOf<T> => {
  const options = knownOptions(given, Object.keys(table), within);
  const values = Object.entries(table).map(([name, option]) => [
    name,
    settled(option, `${within}${name}`, options[name]),
  ]);
  return Object.fromEntries(values) as OptionsOf<T>;
};

/** Selects the values of a table's options. @param values may hold those of other options too. */
export const only = <T extends OptionTable>(table: T, values: OptionsOf<T>): OptionsOf<T> =>
  Object.fromEntries(Object.keys(table).map((name) => [name, values[name]])) as OptionsOf<T>;

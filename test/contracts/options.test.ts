import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../src/commands/index.js';
import { UsageError } from '../../src/errors.js';
import { defineOption, flagOf, normalize, type Option } from '../../src/options/define.js';
import { oneOf, wholeNumber } from '../../src/options/values.js';
import { documentation, optionRowsOf, rowOf } from '../helpers/option-rows.js';
import { root } from '../helpers/repository.js';

const commands = await allCommands();

/** Joined the suite by a test alone. */
const throwaway = {
  sparkle: defineOption({ alias: 's', values: oneOf(['little', 'much']), default: 'little', describe: 'Of the edges' }),
  sparksPerCell: defineOption({ values: wholeNumber(1, 9), otherwise: 'any', describe: 'At most' }),
};

/** Every option of every command, and the throwaway ones. */
const all: readonly (readonly [string, string, Option<unknown>])[] = [
  ...commands.flatMap(({ usage, options }) =>
    Object.entries(options).map(([name, option]) => [usage.split(' ')[0], name, option] as const),
  ),
  ...Object.entries(throwaway).map(([name, option]) => ['throwaway', name, option] as const),
];

describe.each(all)('%s: the option %s', (_, name, option) => {
  it('has a flag of lower-case words and one sentence of help', () => {
    expect(flagOf(name, option)).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(option.describe).toMatch(/^\S.*[^.]$/);
    expect(option.alias ?? 'x').toMatch(/^[a-z]$/);
  });

  it('takes its own default', () => {
    if (option.default === undefined) return;
    expect(option.values.check(name, option.default)).toEqual(option.default);
  });

  it('takes each of its choices, as a word too, and no other', () => {
    const { choices = [], words, fromWord, check } = option.values;
    for (const choice of choices) {
      const value = words === 'many' ? [fromWord(choice)] : fromWord(choice);
      expect(check(name, value)).toEqual(value);
    }
    if (choices.length > 0) expect(() => check(name, words === 'many' ? ['nope'] : 'nope')).toThrow(/nope/);
  });

  it.each([[{}], [null], [Symbol('a')], [10n], [() => 1]])('refuses %s with a sentence that names it', (wrong) => {
    expect(() => option.values.check(name, wrong)).toThrow(UsageError);
    expect(() => option.values.check(name, wrong)).toThrow(new RegExp(`^Expected .+ for ${name} but received .+\\.$`));
  });
});

describe('a new option', () => {
  it('is settled with the others of its table', () => {
    expect(normalize(throwaway, {})).toEqual({ sparkle: 'little', sparksPerCell: undefined });
    expect(normalize(throwaway, { sparkle: 'much', sparksPerCell: 9 })).toEqual({ sparkle: 'much', sparksPerCell: 9 });
    expect(() => normalize(throwaway, { sparksPerCell: 10 })).toThrow(
      'Expected a whole number from 1 to 9 for sparksPerCell but received 10.',
    );
    expect(() => normalize(throwaway, { sparkel: 'much' })).toThrow(
      'There is no option sparkel; the nearest is sparkle.',
    );
  });

  it('has a row for the documentation', () => {
    expect(Object.entries(throwaway).map(([name, option]) => rowOf(name, option))).toEqual([
      { flags: '-s, --sparkle', standard: 'little' },
      { flags: '--sparks-per-cell', standard: 'any' },
    ]);
  });
});

describe('the option tables of the documentation', () => {
  const rows = optionRowsOf(documentation());
  const [explain] = commands;
  const expected = Object.entries(explain.options).map(([name, option]) => rowOf(name, option));

  it('have one row for each option, and no other', () => {
    expect(rows.map(({ flags }) => flags).sort()).toEqual(expected.map(({ flags }) => flags).sort());
  });

  it.each(expected)('give the default of $flags', ({ flags, standard }) => {
    const written = rows.find((row) => row.flags === flags)?.standard ?? 'no row';
    // Both may go on after a comma in words of their own: "the photo's own, else jpeg".
    expect(written.split(',')[0]).toBe(standard.split(',')[0]);
  });

  it("and docs/evaluate.md one for each of evaluate's, with its default", () => {
    const page = readFileSync(join(root, 'docs/evaluate.md'), 'utf8').replaceAll('`', '');
    const [evaluate] = commands.filter(({ usage }) => usage.startsWith('evaluate '));
    for (const [name, option] of Object.entries(evaluate.options)) {
      const { flags, standard } = rowOf(name, option);
      expect(page).toMatch(new RegExp(`^\\| ${flags} +\\| ${standard} *\\|`, 'm'));
    }
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagOf, type Option } from '../../src/options/define.js';
import { root } from './repository.js';

/** A row of an option table: the flags as `-k, --top`, and the default, without the marks of code. */
export interface OptionRow {
  readonly flags: string;
  readonly standard: string;
}

/** The rows of all option tables in a text: tables whose first column is headed "option" and the last "default". */
export const optionRowsOf = (text: string): readonly OptionRow[] =>
  [...text.matchAll(/^\| option .*\| default +\|\n\|[- |]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows]) =>
    rows
      .trimEnd()
      .split('\n')
      .map((row) => row.replaceAll('`', '').split('|'))
      .map((cells) => ({ flags: cells[1].trim(), standard: cells[cells.length - 2].trim() })),
  );

/** What a person reads before installing: the README and the pages that it leads to. */
export const documentation = (): string => {
  const folder = join(root, 'docs');
  const pages = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return [join(root, 'README.md'), ...pages.map((name) => join(folder, name))]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
};

/** An option's row, from its definition. */
export const rowOf = (name: string, option: Option<unknown>): OptionRow => {
  const standard = [option.default].flat()[0];
  return {
    flags: `${option.alias === undefined ? '' : `-${option.alias}, `}--${flagOf(name, option)}`,
    // A flag that is off needs no words.
    standard: option.otherwise ?? (standard === undefined || standard === false ? '' : String(standard)),
  };
};

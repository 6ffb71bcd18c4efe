import { isWordnetId, type Names, withIds } from './names.js';

/** Class names in a table of values that commas, semicolons or tabs separate, with or without a row of headings. */

type Row = readonly string[];

/** Where a cell in quotes ends: at a quote that is not doubled. The text's end where there is none. */
const closingQuote = (text: string, from: number): number => {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
};

/** Rows of cells, as RFC 4180 has them: a cell in quotes may hold anything, and a quote twice. Empty rows are left out. */
const rowsOf = (text: string, separator: string): readonly Row[] => {
  const rows: string[][] = [];
  let row: string[] = [];
  const end = new RegExp(`${separator}|\r?\n`, 'g');
  for (let at = 0; at <= text.length; at = end.lastIndex) {
    const close = text[at] === '"' ? closingQuote(text, at + 1) : at;
    end.lastIndex = close;
    const found = end.exec(text) ?? { 0: '\n', index: text.length };
    row.push(close > at ? text.slice(at + 1, close).replaceAll('""', '"') : text.slice(at, found.index));
    if (found[0] !== separator) {
      if (row.some((value) => value.trim() !== '')) rows.push(row);
      row = [];
    }
    if (found.index === text.length) break;
  }
  return rows;
};

/** What separates the cells, by the first line. */
const separatorOf = (text: string): string => {
  const [first] = text.split(/\r?\n/, 1);
  return [',', '\t', ';'].find((separator) => first.includes(separator)) ?? ',';
};

/** Rows of a table whose cells are separated by what its first line has. Empty rows are left out. */
export const tableRows = (text: string): readonly Row[] => rowsOf(text, separatorOf(text));

// Headings, those that say it best first.
const NAMES = 'name class_name classname label_name display_name label class names labels classes category description';
const INDICES = 'index idx class_index class_idx class_id label_id label_index id number class label';
const [nameWords, indexWords] = [NAMES.split(' '), INDICES.split(' ')];

const plainWord = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

const isHeading = (row: Row): boolean =>
  row.some((cell) => [...nameWords, ...indexWords].includes(plainWord(cell))) &&
  row.every((cell) => !/^\s*\d+\s*$/.test(cell));

/** Whether a column counts the rows from 0, in any order. */
const countsFrom0 = (rows: readonly Row[], column: number): boolean => {
  const seen = new Set(rows.map((row) => row[column]?.trim()));
  return seen.size === rows.length && rows.every((_, index) => seen.has(String(index)));
};

/** Place of the first of the words that a column is headed by. */
const columnOf = (headings: Row, words: readonly string[], columns: readonly number[]): number | undefined => {
  for (const word of words) {
    const found = columns.find((column) => plainWord(headings[column]) === word);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** What a reader of the table must tell: a heading says that a column counts the classes, but it does not. */
export interface Miscounted {
  readonly miscounted: string;
}

/** The column that counts the classes. Undefined: the rows are in their order. */
const indexColumn = (headings: Row | undefined, rows: readonly Row[]): number | Miscounted | undefined => {
  const columns = [...rows[0].keys()];
  const counting = columns.filter((column) => countsFrom0(rows, column));
  if (headings === undefined) return columns.length > 1 ? counting[0] : undefined;
  const found = columnOf(headings, indexWords, counting);
  if (found !== undefined) return columns.length > 1 ? found : undefined;
  const numbers = columns.filter((column) => rows.every((row) => /^\s*-?\d+\s*$/.test(row[column] ?? '')));
  const claimed = columns.length > 1 ? columnOf(headings, indexWords, numbers) : undefined;
  return claimed === undefined ? undefined : { miscounted: headings[claimed].trim() };
};

const inOrder = (rows: readonly Row[], column: number | undefined): readonly Row[] =>
  column === undefined ? rows : [...rows].sort((a, b) => Number(a[column]) - Number(b[column]));

/**
 * The class names in a table. With headings, the names are in the column that is headed so, and the classes in the order of
 * an index column, if there is one. Without, they are all that a row holds beside an index.
 */
export const fromTable = (text: string): Names | Miscounted => {
  const all = tableRows(text);
  if (all.length === 0) return { labels: [] };
  const headings = isHeading(all[0]) ? all[0] : undefined;
  const rows = headings === undefined ? all : all.slice(1);
  if (rows.length === 0) return { labels: [] };
  const index = indexColumn(headings, rows);
  if (typeof index === 'object') return index;
  const ordered = inOrder(rows, index);
  const columns = [...rows[0].keys()].filter((column) => column !== index);
  const ids = columns.find((column) => rows.every((row) => isWordnetId(row[column]?.trim() ?? '')));
  const others = columns.length > 1 ? columns.filter((column) => column !== ids) : columns;
  const named = headings && (columnOf(headings, nameWords, others) ?? others[0]);
  const labels = ordered.map((row) => {
    if (named !== undefined) return (row[named] ?? '').trim();
    return row
      .filter((_, column) => column !== index && (column !== ids || columns.length === 1))
      .join(',')
      .trim();
  });
  return withIds(labels, ids === undefined ? [] : ordered.map((row) => row[ids].trim()));
};

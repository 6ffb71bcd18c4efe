import { PhotoError, reasonOf } from '../../../errors.js';
import { stateOfFile } from '../file-state.js';
import { asPhotoError, MAX_BYTES, tooLarge } from '../read-photo.js';
import type { Problem } from '../source.js';
import { type Archive, type Entry, NO_SUCH_PHOTO } from './archive.js';
import { NoColumn } from './parquet-column.js';
import { Damaged, openParquet, type ParquetFile } from './parquet-file.js';
import { bytesOfRow } from './parquet-pages.js';

/** Where a photo lies in a table. */
interface RowPlace {
  /** Counted from 0. */
  readonly row: number;
  /** The column that a person names. */
  readonly column: string | undefined;
  /** Absolute path. */
  readonly file: string;
}

const textOfPlace = ({ row, column, file }: RowPlace): string =>
  `${row} ${column === undefined ? '-' : encodeURIComponent(`=${column}`)} ${file}`;

const placeFrom = (text: string): RowPlace => {
  const [, row, column, file] = /^(-?\d+) (\S+) (.*)$/s.exec(text) ?? [];
  return { row: Number(row), column: column === '-' ? undefined : decodeURIComponent(column).slice(1), file };
};

/** The state of the table, and of which column photos are taken. */
const stateOf = ({ state, column }: ParquetFile) => ({ ...state, etag: `column ${column.join('.')}` });

const problemOf = (error: unknown): Problem => {
  const known = error instanceof Damaged || error instanceof NoColumn;
  const message = known ? `The archive ${reasonOf(error)}.` : `The archive cannot be read (${reasonOf(error)}).`;
  return { code: 'unreadable', message };
};

async function* list(file: string, column?: string): AsyncGenerator<Entry> {
  const itself = { path: '', place: textOfPlace({ row: -1, column, file }) };
  let rows: number;
  try {
    const state = stateOfFile(file);
    if (state === undefined) throw new Damaged('is gone, or no file');
    ({ rows } = await openParquet(file, state, column));
  } catch (error) {
    yield { ...itself, problem: problemOf(error) };
    return;
  }
  if (rows === 0) yield { ...itself, problem: { code: 'no-photos', message: 'The archive holds no photos.' } };
  for (let row = 0; row < rows; row++) yield { path: String(row), place: textOfPlace({ row, column, file }) };
}

const photoError = (error: unknown): PhotoError =>
  error instanceof Damaged || error instanceof NoColumn
    ? new PhotoError('unreadable', problemOf(error).message, error)
    : asPhotoError(error);

/** Tables with a photo's file in each row. Photos are called like their rows, counted from 0. */
export const parquet: Archive = {
  list,
  placeOf: (file, path, column) => textOfPlace({ row: /^\d+$/.test(path) ? Number(path) : -1, column, file }),
  read: async (text) => {
    const { row, column, file } = placeFrom(text);
    if (row < 0) throw new PhotoError('missing', NO_SUCH_PHOTO);
    const state = stateOfFile(file);
    if (state === undefined) throw new PhotoError('missing', 'The archive is gone.');
    try {
      const opened = await openParquet(file, state, column);
      if (row >= opened.rows)
        throw new PhotoError('missing', `The archive no longer has a row ${row}; give the command again.`);
      const bytes = await bytesOfRow(opened, row);
      if (!(bytes instanceof Uint8Array)) {
        const [name] = opened.column;
        throw new PhotoError('missing', `The row has no photo in its column ${name}, or only the path of one.`);
      }
      if (bytes.length > MAX_BYTES) throw tooLarge();
      return { bytes, state: stateOf(opened) };
    } catch (error) {
      throw photoError(error);
    }
  },
  stateOf: async (text) => {
    const { row, column, file } = placeFrom(text);
    const state = row < 0 ? undefined : stateOfFile(file);
    if (state === undefined) return undefined;
    try {
      const opened = await openParquet(file, state, column);
      return row < opened.rows ? stateOf(opened) : undefined;
    } catch {
      // It can no longer be read, so its photos are gone.
      return undefined;
    }
  },
};

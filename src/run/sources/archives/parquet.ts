import { PhotoError, reasonOf, UsageError } from '../../../errors.js';
import type { FileState } from '../../../results/line.js';
import { asPhotoError, MAX_BYTES, tooLarge } from '../read-photo.js';
import type { PhotoFile, Problem } from '../source.js';
import { storageOf } from '../storage/index.js';
import { Changed, isSameState } from '../storage/storage.js';
import { type Archive, type Entry, NO_SUCH_PHOTO } from './archive.js';
import { NoColumn } from './parquet-column.js';
import { Damaged, forgetParquet, openParquet, type ParquetFile } from './parquet-file.js';
import { bytesOfRow } from './parquet-pages.js';

/** Where a photo lies in a table. */
interface RowPlace {
  /** Counted from 0. */
  readonly row: number;
  /** The column that a person names. */
  readonly column: string | undefined;
  /** Address of the table. */
  readonly file: string;
}

const textOfPlace = ({ row, column, file }: RowPlace): string =>
  `${row} ${column === undefined ? '-' : encodeURIComponent(`=${column}`)} ${file}`;

const placeFrom = (text: string): RowPlace => {
  const [, row, column, file] = /^(-?\d+) (\S+) (.*)$/s.exec(text) ?? [];
  return { row: Number(row), column: column === '-' ? undefined : decodeURIComponent(column).slice(1), file };
};

/** The state of the table, and of which column photos are taken. */
const stateWithin = ({ state, column }: ParquetFile): FileState => {
  const taken = `column ${column.join('.')}`;
  return { ...state, etag: state.etag === undefined ? taken : `${state.etag} ${taken}` };
};

const problemOf = (error: unknown): Problem => {
  const known = error instanceof Damaged || error instanceof NoColumn;
  const message = known ? `The archive ${reasonOf(error)}.` : `The archive cannot be read (${reasonOf(error)}).`;
  return { code: 'unreadable', message };
};

async function* list(file: string, column?: string): AsyncGenerator<Entry> {
  const itself = { path: '', place: textOfPlace({ row: -1, column, file }) };
  const { isFar } = storageOf(file);
  let opened: ParquetFile | undefined;
  try {
    // What is known of a file that is far away may be of another time.
    if (isFar) forgetParquet();
    opened = await openParquet(file, column);
    if (opened === undefined) throw new Damaged('is gone, or no file');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    yield { ...itself, problem: problemOf(error) };
    return;
  }
  const { rows } = opened;
  // Of a file of this machine it is asked again when a run goes on, which costs nothing.
  const state = isFar ? stateWithin(opened) : undefined;
  if (rows === 0) yield { ...itself, problem: { code: 'no-photos', message: 'The archive holds no photos.' } };
  for (let row = 0; row < rows; row++) {
    yield { path: String(row), place: textOfPlace({ row, column, file }), state };
  }
}

const photoError = (error: unknown): PhotoError | UsageError => {
  if (error instanceof UsageError) return error;
  const isOfFile = error instanceof Damaged || error instanceof NoColumn;
  return isOfFile ? new PhotoError('unreadable', problemOf(error).message, error) : asPhotoError(error);
};

const readRow = async ({ row, column, file }: RowPlace): Promise<PhotoFile> => {
  const opened = await openParquet(file, column);
  if (opened === undefined) throw new PhotoError('missing', 'The archive is gone.');
  if (row >= opened.rows)
    throw new PhotoError('missing', `The archive no longer has a row ${row}; give the command again.`);
  const bytes = await bytesOfRow(opened, row);
  if (!(bytes instanceof Uint8Array)) {
    const [name] = opened.column;
    throw new PhotoError('missing', `The row has no photo in its column ${name}, or only the path of one.`);
  }
  if (bytes.length > MAX_BYTES) throw tooLarge();
  return { bytes, state: stateWithin(opened) };
};

/** What a table says of itself now. Undefined where it is gone or can no longer be read, so its photos are gone too. */
const openedNow = async ({ column, file }: RowPlace): Promise<ParquetFile | undefined> => {
  try {
    const opened = await openParquet(file, column);
    const { isFar, stateOf } = storageOf(file);
    if (opened === undefined || !isFar) return opened;
    const now = await stateOf(file);
    if (now !== undefined && isSameState(now, opened.state)) return opened;
    forgetParquet();
    return await openParquet(file, column);
  } catch {
    return undefined;
  }
};

/** Tables with a photo's file in each row. Photos are called like their rows, counted from 0. */
export const parquet: Archive = {
  list,
  fileOf: (text) => placeFrom(text).file,
  placeOf: (file, path, column) => textOfPlace({ row: /^\d+$/.test(path) ? Number(path) : -1, column, file }),
  read: async (text) => {
    const place = placeFrom(text);
    if (place.row < 0) throw new PhotoError('missing', NO_SUCH_PHOTO);
    try {
      return await readRow(place).catch((error: unknown) => {
        if (!(error instanceof Changed)) throw error;
        forgetParquet();
        return readRow(place);
      });
    } catch (error) {
      throw photoError(error);
    }
  },
  stateOf: async (text) => {
    const place = placeFrom(text);
    if (place.row < 0) return undefined;
    const opened = await openedNow(place);
    return opened !== undefined && place.row < opened.rows ? stateWithin(opened) : undefined;
  },
};

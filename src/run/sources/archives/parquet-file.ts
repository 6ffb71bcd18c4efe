import type { FileMetaData } from 'hyparquet';
import { reasonOf } from '../../../errors.js';
import type { FileState } from '../../../results/line.js';
import { storageOf } from '../storage/index.js';
import { Changed, isSameState } from '../storage/storage.js';
import { type ColumnPath, columnOf } from './parquet-column.js';

/** The file is none of Parquet, or damaged. Completes "The archive ..." */
export class Damaged extends Error {}

/** A Parquet file of which the end has been read. */
export interface ParquetFile {
  /** Its address. */
  readonly file: string;
  readonly state: FileState;
  readonly metadata: FileMetaData;
  readonly rows: number;
  readonly column: ColumnPath;
}

/** Some bytes of a file. @param state that it must have still. @throws Changed, PhotoError, or the system's error. */
export const partOf = async (
  { file, state }: Pick<ParquetFile, 'file' | 'state'>,
  start: number,
  length: number,
): Promise<Buffer> => {
  const part = await storageOf(file).part(file, start, length);
  if (!isSameState(part.state, state)) throw new Changed();
  return part.bytes;
};

// Of files that name a million columns or row groups.
const MOST_METADATA = 2 ** 28;
// The magic number and the length of the metadata before it.
const END = 8;

/** What the file's end says of it. @throws Damaged, or the system's error. */
const metadataOf = async (file: string, state: FileState): Promise<FileMetaData> => {
  const { parquetMetadata } = await import('hyparquet');
  const { size } = state;
  const end = await partOf({ file, state }, Math.max(0, size - END), END);
  const magic = end.toString('latin1', 4);
  if (magic === 'PARE') throw new Damaged('is encrypted, and is not read');
  if (magic !== 'PAR1') throw new Damaged('is no Parquet file, or its end is missing');
  const length = end.readUInt32LE() + END;
  if (length > size || length > MOST_METADATA) throw new Damaged('is damaged: its end names more bytes than there are');
  const bytes = await partOf({ file, state }, size - length, length);
  const copy = new Uint8Array(bytes);
  try {
    return parquetMetadata(copy.buffer, { geoparquet: false });
  } catch (error) {
    throw new Damaged(`is damaged: its columns cannot be read (${reasonOf(error)})`);
  }
};

/** @param size of the file, in bytes. @throws Damaged where it cannot have so many. */
export const numberOfRows = ({ num_rows, row_groups }: FileMetaData, size: number): number => {
  const rows = Number(num_rows);
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  // A row takes a byte at the very least, unless nearly all are empty: such a file would be listed for ever.
  if (rows !== inGroups || !Number.isSafeInteger(rows) || rows < 0 || rows > size) {
    throw new Damaged(`is damaged: it says that ${size} bytes hold ${rows} rows`);
  }
  return rows;
};

/** @throws Damaged, NoColumn, or the system's error. */
const open = async (file: string, state: FileState, named: string | undefined): Promise<ParquetFile> => {
  const { parquetSchema } = await import('hyparquet');
  const metadata = await metadataOf(file, state);
  const rows = numberOfRows(metadata, state.size);
  return { file, state, metadata, rows, column: columnOf(metadata, parquetSchema, named) };
};

const openNow = async (file: string, named: string | undefined): Promise<ParquetFile | undefined> => {
  const state = await storageOf(file).stateOf(file);
  return state && open(file, state, named);
};

let known: { readonly key: string; readonly opened: Promise<ParquetFile | undefined> } | undefined;

/** Forgets a file that has changed, or could not be opened. */
export const forgetParquet = (opened = known?.opened): void => {
  if (known?.opened === opened) known = undefined;
};

/**
 * Reads what a Parquet file says of itself, once for as long as it is the file that is asked for. One that is far away is taken
 * to be the same until a part of it tells that it is not.
 * @param named the column that a person names.
 * @returns undefined where the file is gone.
 * @throws Damaged, NoColumn, Changed, or the system's error.
 */
export const openParquet = (file: string, named: string | undefined): Promise<ParquetFile | undefined> => {
  const { isFar, stateOf } = storageOf(file);
  const key = JSON.stringify([file, named ?? null, isFar ? null : stateOf(file)]);
  if (known?.key !== key) {
    const opened = openNow(file, named);
    known = { key, opened };
    const forget = () => forgetParquet(opened);
    if (isFar) opened.then((found) => found ?? forget(), forget);
  }
  return known.opened;
};

import type { FileMetaData } from 'hyparquet';
import { reasonOf } from '../../../errors.js';
import { readRegularPart } from '../../../regular-file.js';
import type { FileState } from '../../../results/line.js';
import { whenFilesAreFree } from '../../../stores/crowded.js';
import { pathOf } from '../../../stores/paths.js';
import { stateOfStats } from '../file-state.js';
import { type ColumnPath, columnOf } from './parquet-column.js';

/** The file is none of Parquet, or damaged. Completes "The archive ..." */
export class Damaged extends Error {}

/** A Parquet file of which the end has been read. */
export interface ParquetFile {
  /** Absolute path. */
  readonly file: string;
  readonly state: FileState;
  readonly metadata: FileMetaData;
  readonly rows: number;
  readonly column: ColumnPath;
}

/** A part of a file, with the state of the file before it was read. */
export const partOf = async (file: string, start: number, length: number) => {
  const { bytes, stats } = await whenFilesAreFree(() => readRegularPart(pathOf(file), start, length));
  return { bytes, state: stateOfStats(stats) };
};

// Of files that name a million columns or row groups.
const MOST_METADATA = 2 ** 28;
// The magic number and the length of the metadata before it.
const END = 8;

/** What the file's end says of it. @throws Damaged, or the system's error. */
const metadataOf = async (file: string, size: number): Promise<FileMetaData> => {
  const { parquetMetadata } = await import('hyparquet');
  const { bytes: end } = await partOf(file, Math.max(0, size - END), END);
  const magic = end.toString('latin1', 4);
  if (magic === 'PARE') throw new Damaged('is encrypted, and is not read');
  if (magic !== 'PAR1') throw new Damaged('is no Parquet file, or its end is missing');
  const length = end.readUInt32LE() + END;
  if (length > size || length > MOST_METADATA) throw new Damaged('is damaged: its end names more bytes than there are');
  const { bytes } = await partOf(file, size - length, length);
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
  const metadata = await metadataOf(file, state.size);
  const rows = numberOfRows(metadata, state.size);
  return { file, state, metadata, rows, column: columnOf(metadata, parquetSchema, named) };
};

let known: { readonly key: string; readonly opened: Promise<ParquetFile> } | undefined;

/**
 * Reads what a Parquet file says of itself, once for as long as it is the file that is asked for.
 * @param named the column that a person names.
 * @throws Damaged, NoColumn, or the system's error.
 */
export const openParquet = (file: string, state: FileState, named: string | undefined): Promise<ParquetFile> => {
  const key = JSON.stringify([file, state, named ?? null]);
  if (known?.key !== key) known = { key, opened: open(file, state, named) };
  return known.opened;
};

import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { reasonOf } from '../../../errors.js';
import { Damaged, type ParquetFile, partOf } from './parquet-file.js';

/** A page of one column: values of rows that follow each other. */
interface Page {
  /** Where its header begins in the file, and the bytes of header and values. */
  readonly start: number;
  readonly length: number;
  readonly usesDictionary: boolean;
  /** Of the file, counted from 0. */
  readonly firstRow: number;
  readonly rows: number;
}

/** A row group's pages of one column. */
interface Pages {
  readonly firstRow: number;
  readonly rows: number;
  readonly column: ColumnMetaData;
  readonly dictionary: { readonly start: number; readonly length: number } | undefined;
  readonly pages: readonly Page[];
}

// A header holds the smallest and largest value too, which may be a photo each.
const [USUAL_HEADER, MOST_HEADER] = [2 ** 13, 2 ** 26];
// Bytes of a page, packed or unpacked.
const MOST_BYTES = 2 ** 30;

interface FoundHeader {
  readonly header: PageHeader;
  /** Bytes of the header alone. */
  readonly length: number;
}

const headerAt = async (file: ParquetFile, start: number, end: number): Promise<FoundHeader> => {
  const { parquetHeader } = await import('hyparquet/src/column.js');
  for (let window = USUAL_HEADER; ; window *= 16) {
    const bytes = await partOf(file, start, Math.min(window, end - start));
    try {
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (error) {
      if (window >= Math.min(MOST_HEADER, end - start)) {
        throw new Damaged(`is damaged at byte ${start} (${reasonOf(error)})`);
      }
    }
  }
};

const columnOfGroup = ({ metadata, column }: ParquetFile, group: number): ColumnMetaData => {
  const name = column.join('\0');
  const found = metadata.row_groups[group].columns.find(
    ({ meta_data }) => meta_data?.path_in_schema.join('\0') === name,
  );
  if (found?.meta_data === undefined || found.file_path !== undefined) {
    throw new Damaged('has its photos in another file, which is not read');
  }
  return found.meta_data;
};

/** Finds the pages by their headers alone. @throws Damaged, or the system's error. */
const findPages = async (parquet: ParquetFile, group: number, firstRow: number): Promise<Pages> => {
  const { metadata } = parquet;
  const column = columnOfGroup(parquet, group);
  const rows = Number(metadata.row_groups[group].num_rows);
  // Some writers name no dictionary, others one at byte 0.
  const begin = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = begin + Number(column.total_compressed_size);
  const pages: Page[] = [];
  let dictionary: Pages['dictionary'];
  let row = 0;
  for (let start = begin; row < rows; ) {
    if (start >= end) throw new Damaged(`is damaged: rows are missing at byte ${end}`);
    const { header, length: headerLength } = await headerAt(parquet, start, end);
    const { type, compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    const length = headerLength + packed;
    if (!(packed >= 0 && start + length <= end)) throw new Damaged(`is damaged at byte ${start}`);
    if (packed > MOST_BYTES || unpacked > MOST_BYTES)
      throw new Damaged(`has more than 1 GiB in one page, at byte ${start}`);
    if (type === 'DICTIONARY_PAGE') dictionary = { start, length };
    const data = header.data_page_header ?? header.data_page_header_v2;
    if (data !== undefined) {
      const values = data.num_values;
      if (!(values > 0 && row + values <= rows)) throw new Damaged(`is damaged at byte ${start}`);
      const usesDictionary = data.encoding?.endsWith('_DICTIONARY') ?? false;
      pages.push({ start, length, usesDictionary, firstRow: firstRow + row, rows: values });
      row += values;
    }
    start += length;
  }
  return { firstRow, rows, column, dictionary, pages };
};

/** A value of a field of a struct lies in a list of one for each level that may be empty. */
const unwrapped = (value: unknown): unknown => (Array.isArray(value) ? unwrapped(value[0]) : value);

/** The values of a page's rows. Undefined: a row has none. */
const readValues = async (parquet: ParquetFile, { column, dictionary }: Pages, page: Page) => {
  const [{ parquetSchema }, { readColumn }, { getTreePath }, { DEFAULT_PARSERS }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/schema.js'),
    import('hyparquet/src/convert.js'),
    import('hyparquet-compressors'),
  ]);
  const { metadata } = parquet;
  const wanted = page.usesDictionary && dictionary !== undefined ? [dictionary, page] : [page];
  const parts = await Promise.all(wanted.map(({ start, length }) => partOf(parquet, start, length)));
  const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  const schemaPath = getTreePath(parquetSchema(metadata), column.path_in_schema);
  const decoder = {
    ...column,
    pathInSchema: column.path_in_schema,
    element: schemaPath[schemaPath.length - 1].element,
    schemaPath,
    parsers: DEFAULT_PARSERS,
    compressors,
    utf8: false,
  };
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  try {
    const rows = { groupStart: 0, groupRows: page.rows, selectStart: 0, selectEnd: page.rows };
    return readColumn(reader, rows, decoder).data.flatMap((values) => Array.from(values, unwrapped));
  } catch (error) {
    throw new Damaged(`is damaged: the photos at byte ${page.start} cannot be read (${reasonOf(error)})`);
  }
};

/** What was read last. Rows are asked for nearly in order, so each page is read about once. */
interface Kept {
  readonly parquet: ParquetFile;
  group: { readonly index: number; readonly pages: Promise<Pages> } | undefined;
  page: { readonly page: Page; readonly values: ReturnType<typeof readValues> } | undefined;
}

let kept: Kept | undefined;

/** The row group of a row, and the group's first row. */
const groupOf = ({ metadata }: ParquetFile, row: number): readonly [number, number] => {
  let first = 0;
  const index = metadata.row_groups.findIndex(({ num_rows }) => {
    if (row < first + Number(num_rows)) return true;
    first += Number(num_rows);
    return false;
  });
  return [index, first];
};

/**
 * The bytes of the photo in a row. Takes memory for one page, which is a row group at the most.
 * @param row of the file, below its number of rows.
 * @returns undefined where the row has none.
 * @throws Damaged, or the system's error.
 */
export const bytesOfRow = async (parquet: ParquetFile, row: number): Promise<unknown> => {
  if (kept?.parquet !== parquet) kept = { parquet, group: undefined, page: undefined };
  const here = kept;
  try {
    return await valueAt(here, row);
  } catch (error) {
    // What could not be fetched is not kept: the next row may.
    if (kept === here) kept = undefined;
    throw error;
  }
};

const valueAt = async (here: Kept, row: number): Promise<unknown> => {
  const { parquet } = here;
  const [index, first] = groupOf(parquet, row);
  if (here.group?.index !== index) here.group = { index, pages: findPages(parquet, index, first) };
  const pages = await here.group.pages;
  const page = pages.pages.find(({ firstRow, rows }) => row < firstRow + rows);
  if (page === undefined) throw new Damaged(`is damaged: row ${row} is missing`);
  if (here.page?.page !== page) here.page = { page, values: readValues(parquet, pages, page) };
  return (await here.page.values)[row - page.firstRow];
};

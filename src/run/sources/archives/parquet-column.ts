import type { FileMetaData, SchemaTree } from 'hyparquet';

/** Why no column can be taken. Completes "The archive ..." */
export class NoColumn extends Error {}

/** A column with a photo's file in each row, as its path in the schema: image, bytes. */
export type ColumnPath = readonly string[];

// What data sets call a column that is one photo's file.
const usual = ['image', 'img', 'jpg', 'jpeg', 'png', 'webp', 'photo', 'picture', 'image_bytes', 'bytes', 'content'];

const isBinary = ({ element, children }: SchemaTree): boolean =>
  children.length === 0 &&
  element.type === 'BYTE_ARRAY' &&
  element.converted_type === undefined &&
  element.logical_type === undefined &&
  element.repetition_type !== 'REPEATED';

/** The path of the bytes in a column: the column itself, or the field `bytes` of a struct, as Hugging Face has it. */
const bytesIn = (column: SchemaTree): ColumnPath | undefined => {
  const { element, children } = column;
  if (isBinary(column)) return [element.name];
  const bytes = children.find((child) => child.element.name === 'bytes' && isBinary(child));
  return bytes && element.repetition_type !== 'REPEATED' ? [element.name, 'bytes'] : undefined;
};

const listed = (names: readonly string[]): string => names.join(', ');

/**
 * The column that holds the photos: the one of this name; else the only struct with bytes; else the first binary column with one
 * of the usual names; else the only binary column.
 * @throws NoColumn where there is none, or any of several might be it.
 */
export const columnOf = (
  metadata: FileMetaData,
  schema: (metadata: FileMetaData) => SchemaTree,
  named: string | undefined,
): ColumnPath => {
  const columns = schema(metadata).children;
  const all = columns.map((column) => column.element.name);
  const paths = columns.map(bytesIn).filter((path) => path !== undefined);
  if (named !== undefined) {
    const found = paths.find(([name]) => name === named);
    if (found !== undefined) return found;
    if (!all.includes(named)) throw new NoColumn(`has no column ${named}, but ${listed(all)}; give --column another`);
    throw new NoColumn(`has no files of photos in its column ${named}, neither as bytes nor as a struct with bytes`);
  }
  const structs = paths.filter((path) => path.length > 1);
  const binary = paths.filter((path) => path.length === 1);
  const called = usual.flatMap((name) => binary.filter(([column]) => column.toLowerCase() === name));
  const found =
    structs.length === 1
      ? structs[0]
      : structs.length > 1
        ? undefined
        : (called[0] ?? (binary.length === 1 ? binary[0] : undefined));
  if (found !== undefined) return found;
  if (paths.length === 0) throw new NoColumn(`has no column with files of photos, but ${listed(all)}`);
  throw new NoColumn(
    `has several columns that may hold photos, ${listed(paths.map(([name]) => name))}; say which with --column`,
  );
};

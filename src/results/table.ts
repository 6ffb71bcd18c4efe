import type { SchemaElement } from 'hyparquet-writer';
import type { FoundBox } from '../localise/boxes.js';
import type { MapRecord, PhotoLine } from './line.js';

/** Photos' maps and boxes as a table in a Parquet file, a row a map. */

// A row group is written when it has so many rows, or so many cells: all of it is in memory, some ten times as large.
const [ROWS, CELLS] = [2000, 200_000];

type Row = Readonly<Record<string, unknown>>;

const column = (name: string, type: NonNullable<SchemaElement['type']>, required = true): SchemaElement => ({
  name,
  type,
  repetition_type: required ? 'REQUIRED' : 'OPTIONAL',
});
const text = (name: string): SchemaElement => ({ ...column(name, 'BYTE_ARRAY'), converted_type: 'UTF8' });
const list = (
  name: string,
  repetition_type: NonNullable<SchemaElement['repetition_type']>,
  ...element: readonly SchemaElement[]
): readonly SchemaElement[] => [
  { name, repetition_type, num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
];

const boxFields = ['x', 'y', 'width', 'height', 'evidence', 'share'] as const;

/** Each column with what it consists of. Score and margin are missing where the network's values are no probabilities, boxes where nobody asked for any. */
const columns: readonly (readonly SchemaElement[])[] = [
  [text('photo')],
  [column('width', 'INT32')],
  [column('height', 'INT32')],
  [column('class', 'INT32')],
  [text('label')],
  [column('logit', 'DOUBLE')],
  [column('score', 'DOUBLE', false)],
  [column('margin', 'DOUBLE', false)],
  [text('kind')],
  [column('residual', 'DOUBLE')],
  [text('verdict')],
  [column('grid_rows', 'INT32')],
  [column('grid_cols', 'INT32')],
  list('map', 'REQUIRED', column('element', 'FLOAT')),
  list(
    'boxes',
    'OPTIONAL',
    { name: 'element', repetition_type: 'REQUIRED', num_children: boxFields.length },
    ...boxFields.map((name) => column(name, 'DOUBLE')),
  ),
];

const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.flat()];

/** What a row is made of. */
export interface RowSource {
  readonly line: PhotoLine;
  /** The photo's name, in UTF-8. */
  readonly photo: string;
  readonly map: MapRecord;
  /** Undefined: none were asked for. */
  readonly boxes: readonly FoundBox[] | undefined;
  /** The class's label, in UTF-8. */
  readonly label: string;
}

/** Values have the manifest's own precision; cells are float32, as they were computed. */
const rowOf = ({ line, photo, map, boxes, label }: RowSource): Row => ({
  photo,
  width: line.width,
  height: line.height,
  class: map.class,
  label,
  logit: map.logit,
  score: map.score,
  margin: line.margin,
  kind: map.kind,
  residual: map.residual,
  verdict: map.verdict,
  grid_rows: map.grid[0],
  grid_cols: map.grid[1],
  map: map.map,
  boxes: boxes?.map(({ box: [x, y, width, height], evidence, share }) => ({ x, y, width, height, evidence, share })),
});

/**
 * Gathers rows, and gives what was written of them whenever a row group is full.
 * @param note kept with the file, under the key "gapcam".
 */
export const tableFile = async (note?: string) => {
  // Loaded here, since no other format needs it.
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema,
    ...(note !== undefined && { kvMetadata: [{ key: 'gapcam', value: note }] }),
  });
  let [rows, cells]: [Row[], number] = [[], 0];
  const written = (): Uint8Array => {
    const piece = Uint8Array.from(bytes.getBytes());
    // What was given is forgotten. Offsets go on.
    bytes.index = 0;
    return piece;
  };
  const flush = (): Uint8Array => {
    if (rows.length > 0) {
      const columnData = columns.map(([{ name }]) => ({ name, data: rows.map((row) => row[name]) }));
      writer.write({ columnData, rowGroupSize: rows.length });
    }
    [rows, cells] = [[], 0];
    return written();
  };
  return {
    /** @returns bytes of the file, or undefined where nothing is to be written yet. */
    add: (source: RowSource): Uint8Array | undefined => {
      rows.push(rowOf(source));
      cells += source.map.map.length;
      return rows.length >= ROWS || cells >= CELLS ? flush() : undefined;
    },
    /** The rest of the file. */
    end: (): readonly Uint8Array[] => {
      const rest = flush();
      writer.finish();
      return [rest, written()];
    },
  };
};

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import type { Workplace } from './photos.js';

/** A row that a recipe wrote. */
export interface Row {
  readonly in: string;
  /** Code of the photo's error. Undefined: it was explained. */
  readonly error: string | undefined;
  readonly map: readonly number[];
}

/** All rows of a folder of Parquet files. */
export const rowsBelow = async (folder: string): Promise<readonly Record<string, unknown>[]> => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
  const files = names.map(async (name) => parquetReadObjects({ file: await asyncBufferFromFile(join(folder, name)) }));
  return (await Promise.all(files)).flat();
};

/** What is wrong with rows of which there must be one for each line, with the map that a plain run has. */
export const faultsOf = (rows: readonly Row[], { paths, missing, expected }: Workplace): readonly string[] => {
  const lines = [...paths, missing];
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row.in, [...(found.get(row.in) ?? []), row]);
  const counts = lines.filter((line) => found.get(line)?.length !== 1);
  const strangers = [...found.keys()].filter((line) => !lines.includes(line));
  const others = paths.filter((path) => !isDeepStrictEqual(found.get(path)?.[0]?.map, expected.get(basename(path))));
  const failed = rows.filter(({ error }) => error !== undefined).map((row) => `${row.in}: ${row.error}`);
  return [
    ...counts.map((line) => `${found.get(line)?.length ?? 0} rows of ${line}`),
    ...strangers.map((line) => `a row of ${line}`),
    ...others.map((path) => `another map of ${path}`),
    ...(isDeepStrictEqual(failed, [`${missing}: missing`]) ? [] : [`failed: ${failed.join() || 'none'}`]),
  ];
};

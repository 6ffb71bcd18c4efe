import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { FoundRun } from '../../../src/convert/format.js';
import { parquet } from '../../../src/convert/formats/parquet.js';
import type { PhotoLine } from '../../../src/results/line.js';
import { converted, runAt, runOfLines } from '../../helpers/converted.js';
import { lineOf, runFolder } from '../../helpers/reports.js';
import { filesBelow } from '../../helpers/runs.js';

const labels = ['tiger cat, cat', 'dog', 'ship'];

const bytesOf = (path: string): ArrayBuffer => Uint8Array.from(readFileSync(path)).buffer;

const rowsIn = (path: string) => parquetReadObjects({ file: bytesOf(path) });

/** The run with a finding for each map, without boxes. */
const withMaps = (run: FoundRun): FoundRun => ({
  ...run,
  photos: async function* () {
    for await (const photo of run.photos()) {
      yield { ...photo, findings: photo.line.maps.map((map) => ({ map, parts: [], plane: undefined as never })) };
    }
  },
});

describe('a run as Parquet', () => {
  it('has a row a map, with the values of the manifest', async () => {
    const lines = [
      lineOf({ photo: 'a/cat.jpg', classes: [0, 2] }, labels, 1),
      lineOf({ photo: 'größe "x".jpg', classes: [1], cells: [[-3, -1, -2]] }, labels, 2),
    ];
    const run = await runAt(runFolder(lines, { labels }));
    const folder = await converted(run, parquet);
    expect(filesBelow(folder)).toEqual(['part-00000.parquet']);
    const rows = await rowsIn(join(folder, 'part-00000.parquet'));
    const found: object[] = [];
    for await (const { line, findings } of run.photos()) {
      for (const { map, parts } of findings) {
        found.push({
          photo: line.photo,
          width: 451,
          height: 300,
          class: map.class,
          label: labels[map.class],
          logit: map.logit,
          score: map.score,
          margin: line.margin,
          kind: 'exact',
          residual: map.residual,
          verdict: map.verdict,
          grid_rows: map.grid[0],
          grid_cols: map.grid[1],
          map: map.map,
          boxes: parts.map(({ box, evidence, share }) => ({ ...box, evidence, share })),
        });
      }
    }
    expect(rows).toEqual(found);
    expect(rows).toHaveLength(3);
    expect(rows[0].boxes.length).toBeGreaterThan(0);
    expect(rows[2]).toMatchObject({ verdict: 'no-evidence', boxes: [] });
  });

  it('has no score and no margin where the network gives no probabilities', async () => {
    const line = lineOf({ photo: 'a.jpg' }, labels);
    const maps = line.maps.map((map) => ({ ...map, score: null }));
    const folder = await converted(withMaps(runOfLines(() => [{ ...line, margin: null, maps }], labels)), parquet);
    const [row] = await rowsIn(join(folder, 'part-00000.parquet'));
    expect([row.score, row.margin]).toEqual([null, null]);
  });

  it('is one file of no rows where no photo was explained', async () => {
    const folder = await converted(
      runOfLines(() => [], labels),
      parquet,
    );
    expect(filesBelow(folder)).toEqual(['part-00000.parquet']);
    expect(await rowsIn(join(folder, 'part-00000.parquet'))).toEqual([]);
  });

  it('has row groups of few rows, and of fewer where maps are large', async () => {
    const groupsOf = async (count: number, cells: number): Promise<readonly number[]> => {
      const line = lineOf({ photo: 'a.jpg', cells: [Array.from({ length: cells }, (_, i) => i)] }, labels);
      const many = function* () {
        for (let i = 0; i < count; i++) yield { ...line, photo: `${i}.jpg` };
      };
      const folder = await converted(withMaps(runOfLines(many, labels)), parquet);
      const { row_groups } = parquetMetadata(bytesOf(join(folder, 'part-00000.parquet')));
      return row_groups.map(({ num_rows }) => Number(num_rows));
    };
    expect(await groupsOf(4001, 2)).toEqual([2000, 2000, 1]);
    expect(await groupsOf(5, 100_000)).toEqual([2, 2, 1]);
  });

  it('begins a new file after 100,000 photos, and not before there is another', async () => {
    const line: PhotoLine = { ...lineOf({ photo: 'a.jpg', cells: [[1]] }, labels), maps: [] };
    const [last] = lineOf({ photo: 'a.jpg', cells: [[1]] }, labels).maps;
    const namesOf = async (count: number) => {
      const many = function* () {
        for (let i = 0; i < count - 1; i++) yield line;
        yield { ...line, photo: 'last.jpg', maps: [last] };
      };
      const folder = await converted(withMaps(runOfLines(many, labels)), parquet);
      const files = filesBelow(folder);
      const rows = await rowsIn(join(folder, files[files.length - 1]));
      expect(rows.map(({ photo }) => photo)).toEqual(['last.jpg']);
      return files;
    };
    expect(await namesOf(100_000)).toEqual(['part-00000.parquet']);
    expect(await namesOf(100_001)).toEqual(['part-00000.parquet', 'part-00001.parquet']);
  });

  it('does not change a name that is not UTF-8 into another', async () => {
    const run = withMaps(runOfLines(() => [lineOf({ photo: '\udce9.jpg' }, labels)], labels));
    await expect(converted(run, parquet)).rejects.toMatchObject({ code: 'unfit-name' });
  });
});

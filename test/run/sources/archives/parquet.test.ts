import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileMetaData } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../src/run/sources/archives/archive.js';
import { parquet } from '../../../../src/run/sources/archives/parquet.js';
import { numberOfRows } from '../../../../src/run/sources/archives/parquet-file.js';
import { temporaryFolder } from '../../../helpers/folders.js';
import { fixture } from '../../../helpers/repository.js';

const entriesIn = async (file: string, column?: string): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for await (const entry of parquet.list(file, column)) entries.push(entry);
  return entries;
};

/** The text of each photo, or the code of what is wrong with it. */
const textsIn = async (name: string, column?: string): Promise<string[]> => {
  const entries = await entriesIn(fixture('archives', `${name}.parquet`), column);
  const texts: string[] = [];
  for (const { place, problem } of entries) {
    const reading = async () => Buffer.from((await parquet.read(place)).bytes).toString();
    texts.push(problem?.message ?? (await reading().catch(({ code, message }) => `${code}: ${message}`)));
  }
  return texts;
};

const rows = (count: number) => Array.from({ length: count }, (_, row) => `row ${row}`);

describe('a table of pyarrow', () => {
  it.each(['none', 'snappy', 'zstd', 'gzip', 'brotli', 'lz4'])('of several row groups is read: %s', async (codec) => {
    expect(await textsIn(codec)).toEqual(rows(10));
  });

  it.each(['pages-plain', 'pages-dictionary', 'pages-v2'])('of several pages is read: %s', async (name) => {
    expect(await textsIn(name)).toEqual(rows(10));
  });

  it('is read from any row on', async () => {
    const entries = await entriesIn(fixture('archives', 'pages-dictionary.parquet'));
    for (const row of [9, 0, 5, 4]) {
      expect(Buffer.from((await parquet.read(entries[row].place)).bytes).toString()).toBe(`row ${row}`);
    }
  });
});

it('a table of datasets, with a column of type Image, is read', async () => {
  expect(await textsIn('datasets')).toEqual(rows(4));
});

it('rows without a photo, and with its path alone, are errors of their own', async () => {
  const none = 'missing: The row has no photo in its column image, or only the path of one.';
  expect(await textsIn('holes')).toEqual(['row 0', none, none, 'row 3']);
});

describe('the column', () => {
  it('is asked for where there are two', async () => {
    expect(await textsIn('two-columns')).toEqual([
      'The archive has several columns that may hold photos, left, right; say which with --column.',
    ]);
    expect((await textsIn('two-columns', 'right'))[3]).toBe('row 3');
  });

  it('makes another photo of a row, so that a run that goes on does it again', async () => {
    const file = fixture('archives', 'two-columns.parquet');
    const [left, right] = await Promise.all(
      ['left', 'right'].map(async (column) => parquet.stateOf(await parquet.placeOf(file, '0', column))),
    );
    expect(left).not.toEqual(right);
  });

  it('is refused by name where there is none, or it holds no photos', async () => {
    expect(await textsIn('no-column')).toEqual(['The archive has no column with files of photos, but words.']);
    expect(await textsIn('holes', 'other')).toEqual([
      'The archive has no column other, but image; give --column another.',
    ]);
    const [words] = await textsIn('two-columns', 'words');
    expect(words).toMatch(/no files of photos in its column words, neither as bytes nor as a struct with bytes\.$/);
  });
});

describe('a hostile table', () => {
  it('that says it has more rows than bytes, or than its row groups, is refused and not listed for ever', () => {
    const metadata = (rows: bigint, inGroup: bigint) =>
      ({ num_rows: rows, row_groups: [{ num_rows: inGroup }] }) as unknown as FileMetaData;
    expect(numberOfRows(metadata(1000n, 1000n), 1000)).toBe(1000);
    expect(() => numberOfRows(metadata(1001n, 1001n), 1000)).toThrow(/it says that 1000 bytes hold 1001 rows/);
    expect(() => numberOfRows(metadata(3n, 2n), 1000)).toThrow(/damaged/);
    expect(() => numberOfRows(metadata(-1n, -1n), 1000)).toThrow(/damaged/);
  });

  it('with any byte changed ends in photos or sentences', async () => {
    const whole = readFileSync(fixture('archives', 'zstd.parquet'));
    const file = join(temporaryFolder(), 'a.parquet');
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0xff;
      writeFileSync(file, bytes);
      for (const { place, problem } of await entriesIn(file)) {
        if (problem === undefined)
          await parquet.read(place).catch(({ code }) => expect(code).toMatch(/unreadable|missing/));
        else expect(problem.message).toMatch(/^The archive .*\.$/);
      }
    }
  });
});

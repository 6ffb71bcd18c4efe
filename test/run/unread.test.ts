import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toText } from '../../src/results/line.js';
import { finishedPhotos, standingOf } from '../../src/run/resume.js';
import { argumentOf } from '../../src/run/sources/arguments.js';
import { discover } from '../../src/run/sources/discover.js';
import { insideOutput } from '../../src/run/sources/inside-output.js';
import { count, failedOf, newTally, unreadOf } from '../../src/run/tally.js';
import { openStore } from '../../src/stores/index.js';
import { summaryLines } from '../../src/terminal/lines.js';
import { lineOf } from '../helpers/reports.js';
import { folderWith } from '../helpers/runs.js';

const { signal } = new AbortController();
const unread = (photo: string, kind: string) => ({
  photo,
  error: { code: 'unread-format', message: `${kind} is not read here.`, kind },
});

const found = (word: string): readonly (readonly [string, string | undefined])[] =>
  [...discover([argumentOf(word)], '/nowhere', insideOutput('/nowhere'))].map(({ displayPath, problem }) => [
    displayPath.slice(displayPath.lastIndexOf('/') + 1),
    problem?.kind ?? problem?.code,
  ]);

describe('a folder', () => {
  const folder = folderWith({
    'a.heic': 'x',
    'b.DIB': 'x',
    'c.pgm': 'x',
    'd.json': 'x',
    'e.Cr2': 'x',
    'f.psd/g.jpg': 'x',
  });

  it('gives photos, and files of picture formats that are not read by what their endings say', () => {
    expect(found(folder)).toEqual([
      ['a.heic', 'HEIC'],
      ['b.DIB', undefined],
      ['c.pgm', undefined],
      ['e.Cr2', 'CR2'],
      ['g.jpg', undefined],
    ]);
  });

  it('gives a pattern only those that it matches', () => {
    expect(found(join(folder, '*.{heic,pgm}'))).toEqual([
      ['a.heic', 'HEIC'],
      ['c.pgm', undefined],
    ]);
  });

  it('gives a file that is named as a photo, whatever it is called', () => {
    expect(found(join(folder, 'a.heic'))).toEqual([['a.heic', undefined]]);
  });
});

describe('a file that is passed over', () => {
  it('is no failure, and is told by what it is, the most frequent first', () => {
    const tally = newTally();
    for (const line of [unread('a.heic', 'HEIC'), unread('b.psd', 'PSD'), unread('c.psd', 'PSD')]) count(tally, line);
    expect([failedOf(tally), unreadOf(tally)]).toEqual([0, 3]);
    expect(summaryLines(tally, 'out', false)).toContain('3 files are no photos that are read here: 2 PSD, 1 HEIC');
  });

  it('is passed over again by the next run, without another line, until it is read', async () => {
    const lines = [lineOf({ photo: 'a.jpg' }, ['cat']), unread('b.heic', 'HEIC')].map(toText);
    const output = folderWith({ 'manifest.jsonl': `${lines.join('\n')}\n`, 'a.jpg.0.jpg': 'x', '.gapcam/own': '' });
    const earlier = await finishedPhotos(openStore(output), signal);
    const listed = { photo: 'b.heic', address: 'b.heic', displayPath: 'b.heic' };
    const problem = { code: 'unread-format', message: 'x', kind: 'HEIC' } as const;
    expect(await standingOf(earlier, { ...listed, problem }, () => undefined)).toBe('unread');
    expect(await standingOf(earlier, listed, () => undefined)).toBe('again');
    expect(await standingOf(earlier, { ...listed, photo: 'new.heic', problem }, () => undefined)).toBe('new');
  });

  it('that is gone since loses its line', async () => {
    const lines = [lineOf({ photo: 'a.jpg' }, ['cat']), unread('b.heic', 'HEIC')].map(toText);
    const output = folderWith({ 'manifest.jsonl': `${lines.join('\n')}\n`, 'a.jpg.0.jpg': 'x', '.gapcam/own': '' });
    const { table } = await finishedPhotos(openStore(output), signal, () => true);
    expect(table.get('b.heic')).toBeUndefined();
  });
});

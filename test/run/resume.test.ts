import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { finishedIn, finishedPhotos } from '../../src/run/resume.js';
import { temporaryFolder } from '../helpers/folders.js';
import { folderWith } from '../helpers/runs.js';

/** A line as a run writes it. */
const lineOf = (photo: string, label: string, files: readonly string[]): string =>
  JSON.stringify({
    photo,
    width: 451,
    height: 300,
    predictions: [{ class: 3, label, logit: 1.5, score: 0.7 }],
    maps: [{ class: 3, label, kind: 'exact', map: [0.25, 1e-7, -3.5], files }],
    files: [],
    milliseconds: 12,
  });

describe('a line of the manifest', () => {
  it.each([
    ['plain', 'a/b.jpg', 'cat'],
    ['quotes', 'say "cheese".jpg', '"cat"'],
    ['backslashes', 'back\\slash\\', '\\'],
    ['what looks like the end of a name', '","width":1,"x":"', '"}],"files":["'],
    ['what looks like pictures', '"files":["x"].jpg', '"files":["../../etc/passwd"]'],
    ['ends of lines', 'two\nlines.jpg', 'a\r\nb'],
    ['separators that only JSON takes for letters', 'a\u2028b\u2029.jpg', '\u2028'],
    ['bytes that are no character', '\udce9.jpg', '\udcff'],
    ['control characters', '\u0000\u001b\u007f.jpg', '\u0085'],
  ])('gives its name and pictures back: %s', (_, photo, label) => {
    for (const files of [[], [`${photo}.3-x.jpg`], ['a.jpg', '"],"files":["b.jpg']]) {
      const line = lineOf(photo, label, files);
      expect(line).not.toContain('\n');
      expect(finishedIn(line)).toEqual({ photo, files });
    }
  });

  it.each([
    ['is torn', lineOf('a.jpg', 'cat', ['a']).slice(0, -1)],
    ['is torn within the name', '{"photo":"a.j'],
    ['records a failure', '{"photo":"a.jpg","error":{"code":"empty","message":"The file is empty."}}'],
    ['is empty', ''],
    ['is no record', '42'],
    ['has no width', '{"photo":"a.jpg","height":3}'],
    ['has a broken escape', '{"photo":"a\\x.jpg","width":3}'],
    ['leads up out of the folder', lineOf('a.jpg', 'cat', ['../a.jpg'])],
    ['leads to the root', lineOf('a.jpg', 'cat', ['/etc/passwd'])],
  ])('is no finished photo where it %s', (_, line) => {
    expect(finishedIn(line)).toBeUndefined();
  });
});

describe('the manifest of many photos', () => {
  const COUNT = 200_000;
  let output: string;
  beforeAll(() => {
    output = temporaryFolder();
    mkdirSync(join(output, '.gapcam'));
    // As long as lines of 7 x 7 cells are.
    const rest = lineOf('', 'tiger cat', []).replace('[0.25,', `[${'0.123456789012345,'.repeat(49)}`);
    const file = openSync(join(output, 'manifest.jsonl'), 'w');
    for (let start = 0; start < COUNT; start += 1000) {
      const lines = Array.from({ length: 1000 }, (_, i) => rest.replace('""', `"${start + i}.jpg"`));
      writeSync(file, `${lines.join('\n')}\n`);
    }
    closeSync(file);
  });

  it('is read in a few seconds, a piece at a time', async () => {
    const manifest = join(output, 'manifest.jsonl');
    const { size, mtimeMs } = statSync(manifest);
    expect(size).toBeGreaterThan(200e6);
    const before = process.memoryUsage.rss();
    const start = performance.now();
    const finished = await finishedPhotos(output, new AbortController().signal);
    // 1 s on a core of 2024; the rest is for slower ones that have other things to do.
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(finished.size()).toBe(COUNT);
    // Less than the file; what is not collected yet makes most of it.
    expect(process.memoryUsage.rss() - before).toBeLessThan(150e6);
    expect([finished.has('0.jpg'), finished.has(`${COUNT - 1}.jpg`), finished.has(`${COUNT}.jpg`)]).toEqual([
      true,
      true,
      false,
    ]);
    // Whole as it is, it is not written anew.
    expect(statSync(manifest).mtimeMs).toBe(mtimeMs);
  });

  it('is left alone where the run is interrupted while it is read', async () => {
    const interruption = new AbortController();
    setImmediate(() => interruption.abort());
    const finished = await finishedPhotos(output, interruption.signal);
    expect(finished.size()).toBeLessThan(COUNT);
    expect(statSync(join(output, 'manifest.jsonl')).size).toBeGreaterThan(200e6);
  });
});

describe('a manifest with lines that are not worth keeping', () => {
  it('is written anew without them, in the same order', async () => {
    const good = [lineOf('b.jpg', 'x', []), lineOf('a.jpg', 'x', ['a.jpg.x.jpg']), lineOf('c.jpg', 'x', [])];
    const failed = '{"photo":"z.jpg","error":{"code":"empty","message":"The file is empty."}}';
    const gone = lineOf('gone.jpg', 'x', ['gone.jpg.x.jpg']);
    const lines = [good[0], failed, good[1], good[0], gone, '', good[2], '{"photo":"torn'];
    const output = folderWith({ 'manifest.jsonl': lines.join('\n'), 'a.jpg.x.jpg': '', '.gapcam/process': '' });
    const finished = await finishedPhotos(output, new AbortController().signal);
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe(`${good.join('\n')}\n`);
    expect(finished.size()).toBe(3);
    expect(finished.has('gone.jpg')).toBe(false);
  });
});

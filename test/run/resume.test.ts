import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { finishedIn, finishedPhotos } from '../../src/run/resume.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { folderWith } from '../helpers/runs.js';

const run = promisify(execFile);

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

it('a line is searched, not parsed: the numbers of its maps would take many times as long', () => {
  const map = Array.from({ length: 1000 }, (_, i) => i / 7);
  const line = lineOf('a.jpg', 'cat', ['a.jpg.3-cat.jpg']).replace('[0.25,', `[${map.join()},`);
  const parse = vi.spyOn(JSON, 'parse');
  expect(finishedIn(line)).toEqual({ photo: 'a.jpg', files: ['a.jpg.3-cat.jpg'] });
  const parsed = parse.mock.calls.map(([text]) => text);
  parse.mockRestore();
  expect(parsed).toEqual(['["a.jpg.3-cat.jpg"]', '[]', '"a.jpg"']);
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

  it('is read a piece at a time, by a process that could not hold it', async () => {
    const manifest = join(output, 'manifest.jsonl');
    const { size, mtimeMs } = statSync(manifest);
    expect(size).toBeGreaterThan(200e6);
    const code = `import { finishedPhotos } from ${JSON.stringify(join(root, 'dist/run/resume.js'))};
      const finished = await finishedPhotos(${JSON.stringify(output)}, new AbortController().signal);
      const found = ['0.jpg', '${COUNT - 1}.jpg', '${COUNT}.jpg'].map((name) => finished.has(name));
      console.log(JSON.stringify([finished.size(), ...found, process.resourceUsage().maxRSS * 1024]));`;
    const { stdout } = await run(process.execPath, ['--max-old-space-size=32', '--input-type=module', '-e', code]);
    const [count, first, last, none, memory] = JSON.parse(stdout);
    expect([count, first, last, none]).toEqual([COUNT, true, true, false]);
    // All of the process, whose heap alone is held down by its option.
    expect(memory).toBeLessThan(size);
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

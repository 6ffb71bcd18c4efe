import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FileState, toText } from '../../src/results/line.js';
import { type EarlierPhotos, finishedPhotos, standingOf } from '../../src/run/resume.js';
import { openStore } from '../../src/stores/index.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { lineOf as sketched } from '../helpers/reports.js';
import { folderWith, picturesBelow } from '../helpers/runs.js';

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
      import { openStore } from ${JSON.stringify(join(root, 'dist/stores/index.js'))};
      const finished = await finishedPhotos(openStore(${JSON.stringify(output)}), new AbortController().signal);
      const { table } = finished;
      const found = ['0.jpg', '${COUNT - 1}.jpg', '${COUNT}.jpg'].map((name) => table.get(name) !== undefined);
      console.log(JSON.stringify([table.size(), ...found, process.resourceUsage().maxRSS * 1024]));`;
    const measured = ['--max-old-space-size=32', '--input-type=module', '-e', code];
    // Linux counts the memory of the process that starts another as that one's: so a small one starts it.
    const start = `child_process.spawnSync(process.execPath, ${JSON.stringify(measured)}, { stdio: 'inherit' })`;
    const { stdout } = await run(process.execPath, ['-e', start]);
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
    const { table } = await finishedPhotos(openStore(output), interruption.signal);
    expect(table.size()).toBeLessThan(COUNT);
    expect(statSync(join(output, 'manifest.jsonl')).size).toBeGreaterThan(200e6);
  });
});

const { signal } = new AbortController();

/** What a run that lists these photos would do about each. */
const standingsIn = async (earlier: EarlierPhotos, photos: readonly string[], now?: FileState): Promise<string[]> => {
  const standings: string[] = [];
  for (const photo of photos) {
    standings.push(await standingOf(earlier, { photo, address: photo, displayPath: photo }, () => now));
  }
  return standings;
};

describe('a manifest with lines that are not worth keeping', () => {
  it('is written anew without them, in the same order', async () => {
    const good = [lineOf('b.jpg', 'x', []), lineOf('a.jpg', 'x', ['a.jpg.3-x.jpg']), lineOf('c.jpg', 'x', [])];
    const failed = '{"photo":"z.jpg","error":{"code":"empty","message":"The file is empty."}}';
    const missing = '{"photo":"no.jpg","error":{"code":"missing","message":"There is no file no.jpg."}}';
    const gone = lineOf('gone.jpg', 'x', ['gone.jpg.3-x.jpg']);
    const joined = `${good[0].slice(0, 60)}${good[1]}`;
    const lines = [good[0], failed, missing, good[1], good[0], gone, '', joined, good[2], '{"photo":"torn'];
    const output = folderWith({ 'manifest.jsonl': lines.join('\n'), 'a.jpg.3-x.jpg': 'picture', '.gapcam/own': '' });
    const earlier = await finishedPhotos(openStore(output), signal, (photo) => photo === 'no.jpg');
    const kept = [failed, good[1], good[0], gone, good[2]];
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe(`${kept.join('\n')}\n`);
    expect(earlier.unreadable).toBe(2);
    expect(await standingsIn(earlier, ['b.jpg', 'a.jpg', 'c.jpg'])).toEqual(['done', 'done', 'done']);
    expect(await standingsIn(earlier, ['gone.jpg', 'z.jpg', 'no.jpg'])).toEqual(['again', 'again', 'new']);
  });

  it('keeps nothing of a run that explained no photo', async () => {
    const failed = '{"photo":"z.jpg","error":{"code":"empty","message":"The file is empty."}}';
    const output = folderWith({ 'manifest.jsonl': `${failed}\n`, '.gapcam/own': '' });
    expect((await finishedPhotos(openStore(output), signal)).table.size()).toBe(0);
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe('');
  });

  it.each([
    ['with the line ends of Windows', '\r\n', '\r\n'],
    ['whose last line feed is gone', '\n', ''],
    ['with the line ends of Windows, the last of them torn', '\r\n', '\r'],
  ])('is read whole %s', async (_, between, end) => {
    const lines = [lineOf('a.jpg', 'x', []), lineFor('b.jpg', ['b.jpg.3-cat.png'])];
    const output = folderWith({
      'manifest.jsonl': lines.join(between) + end,
      'b.jpg.3-cat.png': 'x',
      '.gapcam/own': '',
    });
    const earlier = await finishedPhotos(openStore(output), signal);
    expect(earlier.unreadable).toBe(0);
    expect(await standingsIn(earlier, ['a.jpg', 'b.jpg'])).toEqual(['done', 'done']);
  });

  it('does not take a last line for whole that was torn after one of its brackets', async () => {
    const whole = lineFor('a.jpg', ['a.jpg.3-cat.png']);
    for (let end = whole.indexOf('}'); end < whole.length - 1; end = whole.indexOf('}', end + 1)) {
      const torn = whole.slice(0, end + 1);
      const text = `${lineOf('b.jpg', 'x', [])}\n${torn}`;
      const output = folderWith({ 'manifest.jsonl': text, 'a.jpg.3-cat.png': 'x', '.gapcam/own': '' });
      expect((await finishedPhotos(openStore(output), signal)).unreadable).toBe(1);
    }
  });
});

/** A whole line of the present version. */
const lineFor = (photo: string, files: readonly string[], source?: FileState): string => {
  const line = sketched({ photo, line: { source, explained: 1 } }, ['cat']);
  return toText({ ...line, maps: line.maps.map((map) => ({ ...map, files })) });
};

describe('a photo with two lines, as a run leaves it that is killed', () => {
  it('has the later one, and loses the pictures that only the earlier one names', async () => {
    const [before, now] = [
      { size: 1, modified: 1 },
      { size: 2, modified: 2, etag: '"x"' },
    ];
    const lines = [lineFor('a.jpg', ['a.jpg.1-old.png', 'a.jpg.2-both.png'], before), lineOf('b.jpg', 'x', [])];
    const last = lineFor('a.jpg', ['a.jpg.2-both.png', 'a.jpg.3-new.png'], now);
    const files = { 'a.jpg.1-old.png': 'x', 'a.jpg.2-both.png': 'x', 'a.jpg.3-new.png': 'x', '.gapcam/own': '' };
    const output = folderWith({ 'manifest.jsonl': `${[...lines, last].join('\n')}\n`, ...files });
    const earlier = await finishedPhotos(openStore(output), signal);
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe(`${lines[1]}\n${last}\n`);
    expect(picturesBelow(output)).toEqual(['.gapcam/own', 'a.jpg.2-both.png', 'a.jpg.3-new.png']);
    expect(await standingsIn(earlier, ['a.jpg'], now)).toEqual(['done']);
    expect(await standingsIn(earlier, ['a.jpg'], before)).toEqual(['changed']);
  });
});

describe('a photo whose line says what its file was', () => {
  const state = { size: 12345, modified: 1730000000123 };
  it.each([
    ['is done where it is as it was', state, 'done'],
    ['is changed where it has a byte more', { ...state, size: 12346 }, 'changed'],
    ['is changed where it was written a millisecond later', { ...state, modified: 1730000000124 }, 'changed'],
    ['is changed where it has another tag', { ...state, etag: 'x' }, 'changed'],
    ['is done where it is gone', undefined, 'done'],
  ])('%s', async (_, now, standing) => {
    const output = folderWith({ 'manifest.jsonl': `${lineFor('a.jpg', [], state)}\n`, '.gapcam/own': '' });
    const earlier = await finishedPhotos(openStore(output), signal);
    expect(await standingsIn(earlier, ['a.jpg'], now)).toEqual([standing]);
  });
});

describe('a manifest of a later gapcam', () => {
  it('is refused and left as it is: its lines are not known here', async () => {
    const text = `${lineOf('a.jpg', 'x', [])}\n{"version":1000,"photo":"b.jpg","pictures":[]}\n`;
    const output = folderWith({ 'manifest.jsonl': text, '.gapcam/process': '' });
    const reading = finishedPhotos(openStore(output), new AbortController().signal);
    await expect(reading).rejects.toMatchObject({ code: 'later-run', message: /version 1000.*update gapcam/ });
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe(text);
  });
});

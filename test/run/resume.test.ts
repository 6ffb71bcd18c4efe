import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { finishedPhotos } from '../../src/run/resume.js';
import { openStore } from '../../src/stores/index.js';
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

describe('a manifest with lines that are not worth keeping', () => {
  it('is written anew without them, in the same order', async () => {
    const good = [lineOf('b.jpg', 'x', []), lineOf('a.jpg', 'x', ['a.jpg.x.jpg']), lineOf('c.jpg', 'x', [])];
    const failed = '{"photo":"z.jpg","error":{"code":"empty","message":"The file is empty."}}';
    const gone = lineOf('gone.jpg', 'x', ['gone.jpg.x.jpg']);
    const lines = [good[0], failed, good[1], good[0], gone, '', good[2], '{"photo":"torn'];
    const output = folderWith({ 'manifest.jsonl': lines.join('\n'), 'a.jpg.x.jpg': '', '.gapcam/process': '' });
    const finished = await finishedPhotos(openStore(output), new AbortController().signal);
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).toBe(`${good.join('\n')}\n`);
    expect(finished.size()).toBe(3);
    expect(finished.has('gone.jpg')).toBe(false);
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

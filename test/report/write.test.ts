import { execFile } from 'node:child_process';
import { createWriteStream, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasSeveralPhotos, removeReport, writeReport } from '../../src/report/write.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { dataOf, lineOf, runFolder, runOf } from '../helpers/reports.js';
import { filesBelow } from '../helpers/runs.js';

const labels = ['cat', 'dog', 'ship'];
const run = promisify(execFile);

const cellsOf = (base64: string): number[] => {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
};

describe('the report', () => {
  it('holds every photo of the manifest, and its maps to the last bit', async () => {
    const lines = ['a.jpg', 'b.jpg'].map((photo, seed) => lineOf({ photo, classes: [1, 2] }, labels, seed + 1));
    const failed = { photo: 'c.jpg', error: { code: 'truncated', message: 'The file ends early.' } };
    const output = runFolder([...lines, failed]);
    await writeReport(output);
    expect(runOf(output)).toMatchObject({ explained: 2, failed: 1, torn: 0, ranks: 2, meanMilliseconds: 10 });
    expect(dataOf(output, 'photos')).toMatchObject([{ photo: 'a.jpg' }, { photo: 'b.jpg' }, failed]);
    const maps = dataOf(output, 'maps') as string[][];
    expect(maps.map((photo) => photo.map(cellsOf))).toEqual([...lines.map((line) => line.maps.map((m) => m.map)), []]);
  });

  it('counts what was passed over, which is no photo', async () => {
    const error = { code: 'unread-format', message: 'HEIC is not read here.', kind: 'HEIC' };
    const output = runFolder([{ photo: 'a.heic', error }, lineOf({ photo: 'b.jpg' }, labels)]);
    expect(await hasSeveralPhotos(output)).toBe(false);
    await writeReport(output);
    expect(runOf(output)).toMatchObject({ explained: 1, failed: 0, unread: 1, torn: 0 });
    expect(dataOf(output, 'photos')).toMatchObject([{ photo: 'b.jpg' }]);
    expect(dataOf(output, 'maps')).toHaveLength(1);
  });

  it("averages a class's maps cell by cell, and says how many lie on other grids", async () => {
    const cells = [[1, 2], [3, -6], [5]];
    const output = runFolder(cells.map((map, i) => lineOf({ photo: `${i}.jpg`, classes: [2], cells: [map] }, labels)));
    await writeReport(output);
    const [mean] = dataOf(output, 'means') as { map: string }[];
    expect(mean).toMatchObject({ class: 2, photos: 2, others: 1, grid: [1, 2] });
    expect(cellsOf(mean.map)).toEqual([2, -2]);
  });

  it("takes the run's own folder for a class, where the photos lie in it", async () => {
    const output = runFolder([lineOf({ photo: 'a.jpg' }, labels)], { photos: '../photos/Dog' });
    await writeReport(output);
    expect(runOf(output).folders).toEqual({ named: 1, folders: 1, areClasses: true });
    expect(dataOf(output, 'photos')).toMatchObject([{ truth: [1] }]);
  });

  it('sorts folders that are numbers as text where nothing names the classes, and says so', async () => {
    const nameless = Array.from({ length: 11 }, (_, index) => `class ${index}`);
    const lines = ['2/a.jpg', '10/b.jpg'].map((photo) => lineOf({ photo }, nameless));
    const output = runFolder(lines, { labels: nameless });
    await writeReport(output);
    expect(runOf(output).folders).toEqual({ named: 2, folders: 2, areClasses: true, sortedAsText: true });
    expect(dataOf(output, 'photos')).toMatchObject([{ truth: [3] }, { truth: [2] }]);
  });

  it('lets no file name, label or message end its scripts', async () => {
    const hostile = '</script><script>alert(1)</script><!--\u2028<img src=x onerror=alert(2)>';
    const named = [hostile, 'dog', 'ship'];
    const output = runFolder(
      [lineOf({ photo: hostile }, named), { photo: 'b.jpg', error: { code: 'odd', message: hostile } }],
      { labels: named },
    );
    await writeReport(output);
    const html = readFileSync(join(output, 'report.html'), 'utf8');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u2028');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(runOf(output).classes[0]).toBe(hostile);
    for (const name of readdirSync(join(output, runOf(output).data))) {
      expect(readFileSync(join(output, runOf(output).data, name), 'utf8')).not.toMatch(/[<\u2028]/);
    }
    expect(dataOf(output, 'photos')).toMatchObject([{ photo: hostile }, { error: { message: hostile } }]);
  });

  it('may load nothing but what lies beside it', async () => {
    const output = runFolder([lineOf({ photo: 'a.jpg' }, labels)]);
    await writeReport(output);
    const html = readFileSync(join(output, 'report.html'), 'utf8');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|unsafe|\*/);
    expect(html).not.toMatch(/(src|href)="/);
  });

  it('leaves out lines that are torn or not whole, and counts them', async () => {
    const { field: _, ...earlier } = lineOf({ photo: 'old.jpg' }, labels);
    const whole = lineOf({ photo: 'a.jpg' }, labels);
    const short = lineOf({ photo: 'short.jpg' }, labels);
    const cut = { ...short, maps: short.maps.map((map) => ({ ...map, map: map.map.slice(1) })) };
    const output = runFolder([whole, earlier, cut, JSON.stringify(whole).slice(0, 50)]);
    await writeReport(output);
    expect(runOf(output)).toMatchObject({ explained: 1, torn: 3 });
    expect(dataOf(output, 'photos')).toHaveLength(1);
  });

  it.each(['width', 'milliseconds', 'margin', 'seen', 'predictions'])('leaves out a line without %s', async (name) => {
    const line = { ...lineOf({ photo: 'a.jpg' }, labels), [name]: undefined };
    const output = runFolder([line, lineOf({ photo: 'b.jpg' }, labels)]);
    await writeReport(output);
    expect(runOf(output)).toMatchObject({ explained: 1, torn: 1, meanMilliseconds: 10 });
  });

  it.each(['min', 'max', 'mean', 'bias', 'logit', 'score', 'residual', 'verdict', 'kind', 'grid', 'map', 'files'])(
    'leaves out a line with a map without %s',
    async (name) => {
      const line = lineOf({ photo: 'a.jpg', classes: [0, 1] }, labels);
      const maps = line.maps.map((map, i) => (i === 1 ? { ...map, [name]: undefined } : map));
      const output = runFolder([
        { ...line, maps },
        { ...line, maps: [null] },
      ]);
      await writeReport(output);
      expect(runOf(output)).toMatchObject({ explained: 0, torn: 2 });
    },
  );

  it('leaves out a failure without its reason', async () => {
    const output = runFolder([
      { photo: 'a.jpg', error: null },
      { photo: 'b.jpg', error: { code: 'empty' } },
    ]);
    await writeReport(output);
    expect(runOf(output)).toMatchObject({ failed: 0, torn: 2 });
  });

  it('is replaced by the next one, data and all', async () => {
    const output = runFolder([lineOf({ photo: 'a.jpg' }, labels)]);
    await writeReport(output);
    const before = filesBelow(output);
    await writeReport(output);
    expect(filesBelow(output)).toEqual(before);
    const { data } = runOf(output);
    writeFileSync(join(output, 'manifest.jsonl'), `${JSON.stringify(lineOf({ photo: 'b.jpg' }, labels))}\n`);
    await writeReport(output);
    expect(runOf(output).data).not.toBe(data);
    expect(existsSync(join(output, data))).toBe(false);
    expect(dataOf(output, 'photos')).toMatchObject([{ photo: 'b.jpg' }]);
  });

  it('takes no pictures for data of an earlier report', async () => {
    const output = runFolder([lineOf({ photo: 'report-data/a.jpg' }, labels)]);
    await writeReport(output);
    writeFileSync(join(output, 'report-data', 'a.jpg.0-cat.jpg'), 'a picture');
    writeFileSync(join(output, 'manifest.jsonl'), `${JSON.stringify(lineOf({ photo: 'b.jpg' }, labels))}\n`);
    await writeReport(output);
    expect(filesBelow(output)).toContain('report-data/a.jpg.0-cat.jpg');
    await removeReport(output);
    expect(filesBelow(output)).toEqual(['manifest.jsonl', 'report-data/a.jpg.0-cat.jpg', 'run.json']);
  });

  it('is refused where there is no run, and leaves that folder as it was', async () => {
    const output = temporaryFolder();
    await expect(writeReport(output)).rejects.toMatchObject({ code: 'no-run' });
    expect(filesBelow(output)).toEqual([]);
    const empty = runFolder([]);
    rmSync(join(empty, 'manifest.jsonl'));
    await expect(writeReport(empty)).rejects.toMatchObject({ code: 'no-run' });
  });

  it('says in a sentence why it cannot be written, and leaves nothing half done', async () => {
    const output = runFolder([lineOf({ photo: 'a.jpg' }, labels)]);
    writeFileSync(join(output, 'report-data'), 'in the way');
    await expect(writeReport(output)).rejects.toMatchObject({ code: 'foreign-file' });
    expect(filesBelow(output)).toEqual(['manifest.jsonl', 'report-data', 'run.json']);
  });

  it('is written in memory that does not grow with the photos', async () => {
    const output = runFolder([]);
    const { maps, ...rest } = lineOf({ photo: 'a.jpg', classes: [0, 1, 2] }, labels);
    const text = JSON.stringify({ ...rest, maps });
    const stream = createWriteStream(join(output, 'manifest.jsonl'));
    const count = 10_000;
    for (let i = 0; i < count; i++) {
      if (!stream.write(`${text.replace('a.jpg', `${i}.jpg`)}\n`))
        await new Promise<void>((go) => stream.once('drain', () => go()));
    }
    await new Promise<void>((done) => stream.end(() => done()));
    // More than the process may hold.
    expect(statSync(join(output, 'manifest.jsonl')).size).toBeGreaterThan(32e6);
    await run(process.execPath, ['--max-old-space-size=32', join(root, 'bin/gapcam.js'), 'report', output]);
    const { data, explained, mapFiles } = runOf(output);
    expect(explained).toBe(count);
    expect(mapFiles.length).toBeGreaterThan(20);
    // What a page loads at once stays below 3 MB, and to show one map below half a megabyte.
    for (const name of readdirSync(join(output, data))) {
      expect(statSync(join(output, data, name)).size, name).toBeLessThan(name.startsWith('maps') ? 5e5 : 3e6);
    }
  });
});

import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { childrenOf, hasBegun, signalTo, tellsChildren } from '../helpers/processes.js';
import {
  cat,
  expectRefusal,
  explainedOf,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';

describe('a second run into the same folder', () => {
  let photos: string;
  let output: string;
  const run = (...args: string[]) => gapcam([photos, ...small, '-o', output, ...args]);
  const names = ['one.jpg', 'sub/two.jpg', 'three.jpg'].sort();
  const shownIn = (stdout: string) => linesOf(stdout).map((line) => line.split(': ')[0].slice(photos.length + 1));
  const timesOf = () => filesBelow(output).map((name) => [name, statSync(join(output, name)).mtimeMs]);

  // One run for all tests; each has its own copy to go on with.
  const first = temporaryFolder();
  beforeAll(async () => {
    for (const name of names) {
      mkdirSync(dirname(join(first, 'photos', name)), { recursive: true });
      writeFileSync(join(first, 'photos', name), cat);
    }
    expect((await gapcam([join(first, 'photos'), ...small, '-o', join(first, 'out')])).code).toBe(0);
  });
  beforeEach(() => {
    const copy = temporaryFolder();
    cpSync(first, copy, { recursive: true, preserveTimestamps: true });
    photos = join(copy, 'photos');
    output = join(copy, 'out');
  });

  const expectEachOnce = () => {
    expect(
      explainedOf(output)
        .map(({ photo }) => photo)
        .sort(),
    ).toEqual(names);
    expect(manifestOf(output)).toHaveLength(names.length);
    expect(picturesBelow(output)).toHaveLength(names.length);
  };

  it('does nothing, and says so', async () => {
    const before = timesOf().filter(([name]) => name !== 'run.json');
    const { code, stdout, stderr } = await run();
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `0 photos explained, 3 done before; results in ${output}\nReport: ${join(output, 'report.html')}\n`,
    );
    expect(code).toBe(0);
    expect(timesOf().filter(([name]) => name !== 'run.json')).toEqual(before);
  });

  it('does a photo whose picture is gone, and no other', async () => {
    rmSync(join(output, 'sub/two.jpg.3-cat.jpg'));
    const { code, stdout, stderr } = await run();
    expect(shownIn(stdout)).toEqual(['sub/two.jpg']);
    expect(stderr).toContain('1 photo explained, 2 done before');
    expect(code).toBe(0);
    expectEachOnce();
  });

  it('does a photo that is new, and no other', async () => {
    writeFileSync(join(photos, 'new.jpg'), cat);
    const { stdout } = await run();
    expect(shownIn(stdout)).toEqual(['new.jpg']);
    expect(manifestOf(output)).toHaveLength(4);
  });

  it.each([
    ['half a line', (last: string) => last.slice(0, last.length >> 1)],
    ['a line without its end', (last: string) => last],
    ['a line that is no record', () => '42'],
    ['null', () => 'null'],
    ['a record without maps', () => '{"photo":"one.jpg"}'],
  ])('mends a manifest that ends in %s', async (_, torn) => {
    const [last] = linesOf(readFileSync(join(output, 'manifest.jsonl'), 'utf8')).slice(-1);
    appendFileSync(join(output, 'manifest.jsonl'), torn(last));
    const { code, stderr } = await run();
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(0);
    expectEachOnce();
  });

  it('does again a photo whose line was torn off', async () => {
    const text = readFileSync(join(output, 'manifest.jsonl'), 'utf8');
    writeFileSync(join(output, 'manifest.jsonl'), text.slice(0, -20));
    const { code, stdout } = await run();
    expect(linesOf(stdout)).toHaveLength(1);
    expect(code).toBe(0);
    expectEachOnce();
  });

  it('is refused with another model, number of classes, class, look or photos, and told what differs', async () => {
    const others: readonly [string[], RegExp][] = [
      [[photos, '-m', 'efficientnet-lite0'], /model: was nin-cifar10, now efficientnet-lite0/],
      [[photos, ...small, '-k', '2'], /top: was 1, now 2/],
      [[photos, ...small, '-c', 'dog'], /classes: was none, now dog/],
      [
        [photos, ...small, '--opacity', '1', '--colormap', 'gray'],
        /colormap: was turbo, now gray; opacity: was 0\.6, now 1/,
      ],
      [[photos, ...small, '--format', 'png'], /format: was as the photo, now png/],
      [[folderWith({ 'one.jpg': cat }), ...small], /folder of the photos: was .+, now .+/],
    ];
    const before = timesOf();
    const outcomes = await Promise.all(others.map(([args]) => gapcam([...args, '-o', output])));
    outcomes.forEach((outcome, i) => {
      expectRefusal(outcome, others[i][1]);
      expect(outcome.stderr).toContain('--overwrite');
    });
    expect(timesOf()).toEqual(before);
  });

  it('with --overwrite replaces the pictures and the record', async () => {
    const { code, stderr } = await run('-k', '2', '--format', 'png', '--overwrite');
    expect(stderr).toContain('3 photos explained;');
    expect(code).toBe(0);
    expect(manifestOf(output)).toHaveLength(names.length);
    expect(picturesBelow(output)).toHaveLength(6);
    expect(picturesBelow(output).every((name) => name.endsWith('.png'))).toBe(true);
    expect(JSON.parse(readFileSync(join(output, 'run.json'), 'utf8')).options).toMatchObject({ top: 2, format: 'png' });
  });

  it('leaves files of other origin alone, with --overwrite too', async () => {
    writeFileSync(join(output, 'mine.txt'), 'mine');
    await run('--overwrite');
    expect(readFileSync(join(output, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('tries a failed photo again, which then appears once', async () => {
    writeFileSync(join(photos, 'late.jpg'), cat.subarray(0, 9000));
    expect((await run()).code).toBe(1);
    expect(manifestOf(output).filter(({ photo }) => photo === 'late.jpg')).toMatchObject([{ error: {} }]);
    expect((await run()).code).toBe(1);
    expect(manifestOf(output).filter(({ photo }) => photo === 'late.jpg')).toHaveLength(1);
    writeFileSync(join(photos, 'late.jpg'), cat);
    const { code, stdout } = await run();
    expect(shownIn(stdout)).toEqual(['late.jpg']);
    expect(code).toBe(0);
    expect(
      manifestOf(output)
        .map(({ photo }) => photo)
        .sort(),
    ).toEqual([...names, 'late.jpg'].sort());
    expect(explainedOf(output)).toHaveLength(4);
  });
});

describe('a run that found no photo', () => {
  it('does not stand in the way of the right one', async () => {
    const output = join(temporaryFolder(), 'out');
    expect((await gapcam(['missing.jpg', ...small, '-o', output])).code).not.toBe(0);
    expect((await gapcam([folderWith({ 'x.jpg': cat }), ...small, '-k', '2', '-o', output])).code).toBe(0);
  });
});

describe('results stay what they say they are', () => {
  it('other labels in the same folder are refused', async () => {
    const folder = folderWith({ 'one.jpg': cat, 'a.txt': 'a\n'.repeat(10), 'b.txt': 'b\n'.repeat(10) });
    const output = join(folder, 'out');
    const run = (labels: string) =>
      gapcam([join(folder, 'one.jpg'), ...small, '--labels', join(folder, labels), '-o', output]);
    expect((await run('a.txt')).code).toBe(0);
    const { code, stderr } = await run('b.txt');
    expect(stderr).toMatch(/holds a run of other settings \(labels: was .*a\.txt.*, now .*b\.txt/);
    expect(code).toBe(2);
  });

  it('results of any run are no photos', async () => {
    const folder = folderWith({ 'one.jpg': cat });
    expect((await gapcam([folder, ...small, '-o', join(folder, 'first')])).code).toBe(0);
    const { stdout } = await gapcam([folder, ...small, '-o', join(folder, 'second')]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('a folder of photos is no output folder', async () => {
    const folder = folderWith({ 'one.jpg': cat });
    const { code, stderr } = await gapcam([folder, ...small, '-o', folder]);
    expect(stderr).toMatch(/both a folder of photos and the --output/);
    expect(code).toBe(2);
  });

  it.runIf(tellsChildren)('an interruption while the model is prepared ends the run at once', async () => {
    const folder = folderWith({ 'one.jpg': cat });
    const { child, outcome, until } = start([join(folder, 'one.jpg'), '-o', join(folder, 'out')]);
    const worker = () => childrenOf(child.pid).find((pid) => hasBegun(pid, child.pid));
    await until(() => worker() !== undefined);
    // The process that prepares the model will never be ready.
    signalTo(worker() ?? Number.NaN, 'SIGSTOP');
    child.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    expect(existsSync(join(folder, 'out', 'manifest.jsonl'))).toBe(false);
  });
});

import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { damageOf } from '../helpers/kills.js';
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
  const words = (more: readonly string[]) => [photos, ...small, '-o', output, ...more];
  /** By the command, without a start of it. */
  const run = (...more: string[]) => called(words(more));
  const again = (more: Partial<Parameters<typeof runHere>[0]> = {}) => runHere({ photos: [photos], output, ...more });
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

  it("goes on with a run of the tests' own process, which leaves what the command does", async () => {
    const here = join(first, 'here');
    expect(await runHere({ photos: [join(first, 'photos')], output: here, report: true })).toMatchObject({ done: 3 });
    const settings = (folder: string) => readFileSync(join(folder, 'run.json'), 'utf8');
    expect(settings(here)).toBe(settings(join(first, 'out')));
    expect(damageOf(here, join(first, 'out'))).toEqual([]);
    const linesIn = (folder: string) =>
      explainedOf(folder)
        .map(({ explained: _, milliseconds: __, ...line }) => line)
        .sort((a, b) => (a.photo < b.photo ? -1 : 1));
    expect(linesIn(here)).toEqual(linesIn(join(first, 'out')));
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
    const { code, stdout, stderr } = await gapcam(words([]));
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
    expect(await again()).toMatchObject({ done: 1, skipped: 3 });
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
    await again();
    expectEachOnce();
  });

  it('does again a photo whose line was torn off', async () => {
    const text = readFileSync(join(output, 'manifest.jsonl'), 'utf8');
    writeFileSync(join(output, 'manifest.jsonl'), text.slice(0, -20));
    expect(await again()).toMatchObject({ done: 1, skipped: 2 });
    expectEachOnce();
  });

  it('is refused with another model, number of classes, class, look or photos, and told what differs', async () => {
    const others: readonly [Parameters<typeof again>[0], RegExp][] = [
      [{ model: 'efficientnet-lite0' }, /model: was nin-cifar10, now efficientnet-lite0/],
      [{ explain: { top: 2 } }, /top: was 1, now 2/],
      [{ explain: { classes: ['dog'] } }, /classes: was none, now dog/],
      [
        { explain: { opacity: 1, colormap: 'gray' } },
        /(?=.*colormap: was turbo, now gray)(?=.*opacity: was 0\.6, now 1)/,
      ],
      [{ explain: { format: 'png' } }, /format: was as the photo, now png/],
      [{ photos: [folderWith({ 'one.jpg': cat })] }, /folder of the photos: was .+, now .+/],
    ];
    const before = timesOf();
    for (const [other, about] of others) {
      const outcome = await refusalOf(again(other));
      expectRefusal(outcome, about);
      expect(outcome.stderr).toContain('--overwrite');
    }
    expectRefusal(await run('-k', '2'), /top: was 1, now 2.*--overwrite/);
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
    expect(await again({ overwrite: true })).toMatchObject({ done: 3 });
    expect(readFileSync(join(output, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('tries a failed photo again, which then appears once', async () => {
    writeFileSync(join(photos, 'late.jpg'), cat.subarray(0, 9000));
    expect((await run()).code).toBe(1);
    expect(manifestOf(output).filter(({ photo }) => photo === 'late.jpg')).toMatchObject([{ error: {} }]);
    expect(await again()).toMatchObject({ done: 0, skipped: 3 });
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
    expect((await called(['/nowhere/missing.jpg', ...small, '-o', output])).code).not.toBe(0);
    expect(await runHere({ photos: [folderWith({ 'x.jpg': cat })], output, explain: { top: 2 } })).toMatchObject({
      done: 1,
    });
  });
});

describe('results stay what they say they are', () => {
  it('other labels in the same folder are refused', async () => {
    const folder = folderWith({ 'one.jpg': cat, 'a.txt': 'a\n'.repeat(10), 'b.txt': 'b\n'.repeat(10) });
    const output = join(folder, 'out');
    const run = (labels: string) => {
      const [photos, prepare] = [[join(folder, 'one.jpg')], { labels: join(folder, labels) }];
      return runHere({ photos, output, model: 'nin-cifar10', prepare });
    };
    await run('a.txt');
    expectRefusal(
      await refusalOf(run('b.txt')),
      /holds a run of other settings \(labels: was .*a\.txt.*, now .*b\.txt/,
    );
  });

  it('results of any run are no photos', async () => {
    const folder = folderWith({ 'one.jpg': cat });
    await runHere({ photos: [folder], output: join(folder, 'first') });
    expect(await runHere({ photos: [folder], output: join(folder, 'second') })).toMatchObject({ done: 1 });
    expect(explainedOf(join(folder, 'second')).map(({ photo }) => photo)).toEqual(['one.jpg']);
  });

  it('a folder of photos is no output folder', async () => {
    const folder = folderWith({ 'one.jpg': cat });
    expectRefusal(await called([folder, ...small, '-o', folder]), /both a folder of photos and the --output/);
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

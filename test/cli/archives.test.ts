import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failedOf } from '../../src/run/tally.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import {
  cat,
  expectSentence,
  explainedNames,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';
import { tarOf } from '../helpers/tars.js';

const archive = (name: string): string => fixture('archives', name);

/** A folder with a tar of these photos. */
const folderOf = (names: readonly string[]): string =>
  folderWith({ 'photos.tar': tarOf(names.map((name) => ({ name, data: cat }))) });

describe.concurrent('photos in archives', () => {
  it('are explained beside files, shown in the report as the run drew them, and done once', async () => {
    const output = join(temporaryFolder(), 'out');
    const inputs = [archive('train-{0000..0001}.tar'), archive('train-*.parquet'), fixture('photos', 'cat.jpg')];
    const first = await gapcam([...inputs, ...small, '-k', '2', '-o', output, '--report', '--json']);
    expect(first.code).toBe(0);
    const names = [...['0/000000', '0/000001', '1/000002', '1/000003'].map((name) => name.replace('/', '.tar/'))].map(
      (name) => `archives/train-000${name}.jpg`,
    );
    const rows = [0, 1, 2, 3].map((row) => `archives/train-0.parquet/${row}`);
    expect(explainedNames(output)).toEqual([...rows, ...names, 'photos/cat.jpg']);
    expect(linesOf(first.stdout)).toHaveLength(9);
    expect(picturesBelow(output)).toHaveLength(18);
    expect(existsSync(join(output, 'report.html'))).toBe(true);
    // The same photo, whatever it lies in.
    const scores = (photo: string) => manifestOf(output).find((line) => line.photo === photo);
    expect(scores(rows[1])).toMatchObject({ predictions: (scores(names[1]) as { predictions: object }).predictions });
    const second = await called([...inputs, ...small, '-k', '2', '-o', output, '--no-report']);
    expect(second.stderr).toMatch(/^0 photos explained, 9 done before/m);
  });

  it('go into the shards that their names belong to, and come together again', async () => {
    const output = join(temporaryFolder(), 'out');
    const photos = [archive('train-0.parquet')];
    const parts = [1, 2].map((index) => join(output, `${index}-of-2`));
    for (const [i, part] of parts.entries()) await runHere({ photos, output: part, shard: { index: i + 1, count: 2 } });
    const found = parts.flatMap((part) => (existsSync(join(part, 'manifest.jsonl')) ? explainedNames(part) : []));
    expect(found.sort()).toEqual([0, 1, 2, 3].map((row) => `train-0.parquet/${row}`));
  });

  it('are done again where the archive has changed', async () => {
    const folder = folderOf(['a.jpg']);
    const run = () => runHere({ photos: [join(folder, 'photos.tar')], output: join(folder, 'out') });
    await run();
    writeFileSync(
      join(folder, 'photos.tar'),
      tarOf([
        { name: 'b.jpg', data: cat },
        { name: 'a.jpg', data: cat },
      ]),
    );
    expect(await run()).toMatchObject({ done: 2, skipped: 0 });
    expect(explainedNames(join(folder, 'out'))).toEqual(['photos.tar/a.jpg', 'photos.tar/b.jpg']);
  });

  it('write nothing out of the output folder where their names would lead out of it', async () => {
    const folder = folderOf(['../../../up.jpg', '/root.jpg', 'a/../../b.jpg']);
    const run = { photos: [join(folder, 'photos.tar')], output: join(folder, 'deep/down/out') };
    expect(failedOf(await runHere(run))).toBe(2);
    expect(explainedNames(join(folder, 'deep/down/out'))).toEqual(['photos.tar/root.jpg']);
    const elsewhere = filesBelow(folder).filter((name) => !name.startsWith('deep/down/out/'));
    expect(elsewhere).toEqual(['photos.tar']);
  });

  it('are given up to where a tar is cut off, which is said once, and is forgotten when it is whole again', async () => {
    const folder = folderOf(['a.jpg', 'b.jpg']);
    const tar = join(folder, 'photos.tar');
    const whole = readFileSync(tar);
    writeFileSync(tar, whole.subarray(0, 512 * 80));
    const cut = await called([tar, ...small, '-o', join(folder, 'out'), '--no-report']);
    expect(cut.code).toBe(1);
    expectSentence(
      linesOf(cut.stderr)[0],
      /photos\.tar: The archive is cut off at byte 40960, in the midst of [ab]\.jpg/,
    );
    writeFileSync(tar, whole);
    expect(failedOf(await runHere({ photos: [tar], output: join(folder, 'out') }))).toBe(0);
    expect(
      manifestOf(join(folder, 'out'))
        .map(({ photo }) => photo)
        .sort(),
    ).toEqual(['photos.tar/a.jpg', 'photos.tar/b.jpg']);
  });

  it('are asked for by name: a folder with archives alone says how', async () => {
    const folder = folderOf(['a.jpg']);
    const { code, stderr } = await gapcam(['.', ...small, '-o', 'out'], { cwd: folder });
    expectSentence(linesOf(stderr)[0], /holds no photos, but there is an archive, .* such as '.\/\*\.tar'/);
    expect(code).toBe(2);
  });
});

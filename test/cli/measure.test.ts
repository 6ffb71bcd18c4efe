import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PhotoLine } from '../../src/results/line.js';
import { gapcam } from '../helpers/command.js';
import { fixture } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { cat, expectRefusal, explainedOf, folderWith, linesOf, small } from '../helpers/runs.js';

const measured = (lines: readonly PhotoLine[]): readonly string[] =>
  lines
    .filter(({ maps }) => maps[0].measures !== undefined)
    .map(({ photo }) => photo)
    .sort();

describe.concurrent('measures of a run', () => {
  const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
  const photos = { 'a/1.jpg': cat, 'a/2.jpg': rocket, 'b/3.jpg': cat, 'b/4.jpg': rocket, 'b/5.jpg': cat };

  it('are of as many photos as are asked for, the same in each run and shard, and the run says their mean', async () => {
    const folder = folderWith(photos);
    const words = ['.', ...small, '--measure', 'insertion,drop', '--measure-sample', '3'];
    const whole = await gapcam([...words, '--json', '--write', 'none'], { cwd: folder });
    expect(whole.code).toBe(0);
    const lines: PhotoLine[] = linesOf(whole.stdout).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(5);
    const sample = measured(lines);
    expect(sample).toHaveLength(3);
    expect(whole.stderr).toMatch(/^Mean of 3 maps by rise: insertion 0\.\d{3} \(random 0\.\d{3}, centre 0\.\d{3}\)$/m);
    const shards = ['1/2', '2/2'].map((shard) =>
      gapcam([...words, '--shard', shard, '--no-report', '-o', 'out'], { cwd: folder }),
    );
    expect((await Promise.all(shards)).map(({ code }) => code)).toEqual([0, 0]);
    const parts = ['1-of-2', '2-of-2'].flatMap((name) => explainedOf(join(folder, 'out', name)));
    expect(measured(parts)).toEqual(sample);
    const byPhoto = (all: readonly PhotoLine[]) =>
      new Map(all.map(({ photo, maps }) => [photo, maps.map(({ measures }) => measures)]));
    expect(byPhoto(parts)).toEqual(byPhoto(lines));
    const { options } = JSON.parse(readFileSync(join(folder, 'out', '1-of-2', 'run.json'), 'utf8'));
    expect(options).toMatchObject({ measure: ['insertion', 'drop'], measureProfile: 'rise', measureSample: '3' });
  });

  it('of a number of photos are refused on standard input, which is read once', async () => {
    const words = ['-', ...small, '--write', 'none', '--measure', 'drop', '--measure-sample', '3'];
    expectRefusal(await called(words), /Standard input is read once.* a share, such as 1%/);
  });

  it('of a network without scores are refused by the command in a sentence', async () => {
    const folder = folderWith({ 'config.json': JSON.stringify({ problem_type: 'regression' }), 'cat.jpg': cat });
    const model = readFileSync(fixture('models', 'nin-cifar10', 'model.onnx'));
    const beside = folderWith({ 'model.onnx': model, 'config.json': readFileSync(join(folder, 'config.json')) });
    const outcome = await gapcam([
      join(folder, 'cat.jpg'),
      '-m',
      beside,
      '--size',
      '32',
      '--measure',
      'drop',
      '--write',
      'none',
    ]);
    expect(outcome.code).toBe(2);
    expect(linesOf(outcome.stderr).at(-1)).toMatch(
      /numbers and no scores, which the measures follow; measure nothing\.$/,
    );
  });
});

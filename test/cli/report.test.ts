import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Outcome } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { dataOf, runOf } from '../helpers/reports.js';
import { cat, expectRefusal, explainedOf, filesBelow, folderWith, small } from '../helpers/runs.js';

const hasReport = (output: string): boolean => existsSync(join(output, 'report.html'));
const photosIn = (output: string): string[] =>
  (dataOf(output, 'photos') as { photo: string }[]).map(({ photo }) => photo).sort();

describe('the report of a run', () => {
  // One run of two photos for all tests; each has its own copy to go on with.
  const first = folderWith({ 'photos/a.jpg': cat, 'photos/b.jpg': cat });
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await gapcam([join(first, 'photos'), ...small, '-o', join(first, 'out')]);
  });
  const twoPhotos = () => {
    const copy = temporaryFolder();
    cpSync(first, copy, { recursive: true });
    return { photos: join(copy, 'photos'), output: join(copy, 'out') };
  };

  it('is made where there is more than one photo to walk through', async () => {
    const one = temporaryFolder();
    await called([folderWith({ 'a.jpg': cat }), ...small, '-o', one]);
    expect(hasReport(one)).toBe(false);
    expect(hasReport(join(first, 'out'))).toBe(true);
    expect(outcome.stderr).toContain(join(first, 'out', 'report.html'));
  });

  it('is made of one photo with --report, and of many not with --no-report', async () => {
    const one = temporaryFolder();
    await called([folderWith({ 'a.jpg': cat }), ...small, '-k', '3', '--report', '-o', one]);
    expect(runOf(one)).toMatchObject({ explained: 1, ranks: 3 });
    const { photos, output } = twoPhotos();
    const { stderr } = await called([photos, ...small, '--no-report', '-o', output]);
    expect(stderr).not.toContain('report.html');
    expect(filesBelow(output).filter((name) => name.startsWith('report'))).toEqual([]);
  });

  it('tells of all photos of the folder, those of earlier runs too, and of failures', async () => {
    const { photos, output } = twoPhotos();
    writeFileSync(join(photos, 'c.jpg'), 'no photo');
    writeFileSync(join(photos, 'd.jpg'), cat);
    await called([photos, ...small, '-o', output]);
    expect(photosIn(output)).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    expect(runOf(output)).toMatchObject({ explained: 3, failed: 1 });
    // Nothing new: the page stays as it is.
    const before = statSync(join(output, 'report.html')).mtimeMs;
    rmSync(join(photos, 'c.jpg'));
    await called([photos, ...small, '-o', output]);
    expect(runOf(output)).toMatchObject({ explained: 3, failed: 0 });
    const after = statSync(join(output, 'report.html')).mtimeMs;
    expect(after).not.toBe(before);
    await called([photos, ...small, '-o', output]);
    expect(statSync(join(output, 'report.html')).mtimeMs).toBe(after);
  });

  it('is made again by gapcam report, which says where it lies', async () => {
    const { output } = twoPhotos();
    rmSync(join(output, 'report.html'));
    const { code, stdout, stderr } = await gapcam(['report', output]);
    expect(stdout).toBe(`${join(output, 'report.html')}\n`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(photosIn(output)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('knows how far the maps reach over a photo that was padded', async () => {
    const output = temporaryFolder();
    const prepare = { input: { resize: 'contain:32x32', crop: '32x32' } } as const;
    const photos = [folderWith({ 'a.jpg': cat })];
    await runHere({ photos, output, model: 'nin-cifar10', prepare, report: true });
    const [{ field, seen, margin }] = explainedOf(output);
    // 451 x 300 becomes 32 x 21: 6 of the 11 rows that are left are padded above.
    expect(seen).toEqual([0, 0, 451, 300]);
    expect(field[0]).toBeCloseTo(0, 9);
    expect(field[2]).toBeCloseTo(451, 9);
    expect(field[3]).toBeCloseTo((32 * 300) / 21, 9);
    expect(Math.abs(field[1] + field[3] / 2 - 150)).toBeLessThanOrEqual(300 / 21 / 2 + 1e-9);
    expect(margin).toBeGreaterThan(0);
    expect(dataOf(output, 'photos')).toMatchObject([{ field, seen, margin }]);
  });

  it('is made of merged runs too', async () => {
    const outputs = [temporaryFolder(), temporaryFolder()];
    const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const shards = [join(outputs[0], '1-of-2'), join(outputs[0], '2-of-2')];
    for (const [i, output] of shards.entries()) {
      await runHere({ photos: [photos], output, shard: { index: i + 1, count: 2 } });
    }
    const { stderr } = await called(['merge', ...shards, '-o', outputs[1]]);
    expect(stderr).toContain(`Report: ${join(outputs[1], 'report.html')}`);
    expect(photosIn(outputs[1])).toEqual(['a.jpg', 'b.jpg']);
  });

  it('is refused of a folder without results', async () => {
    const empty = temporaryFolder();
    expectRefusal(await called(['report', empty]), /holds no results/);
    expectRefusal(await called(['report', join(empty, 'nowhere')]), /holds no results/);
    expect(filesBelow(empty)).toEqual([]);
    expectRefusal(await called(['report']), /See gapcam --help/);
    writeFileSync(join(empty, 'run.json'), '{');
    expectRefusal(await called(['report', empty]), /run\.json is no longer readable/);
  });
});

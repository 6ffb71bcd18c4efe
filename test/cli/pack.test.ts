import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { afterPhotos, killRun } from '../helpers/kills.js';
import { picturesOf, samplesOf, tabledPhotos } from '../helpers/packed.js';
import { cat, expectRefusal, explainedNames, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';
import { startS3 } from '../helpers/s3-server.js';

const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
const names = Array.from({ length: 24 }, (_, i) => `${i % 2}/${i}.jpg`);

let photos: string;
let undisturbed: string;
beforeAll(async () => {
  photos = folderWith({ ...Object.fromEntries(names.map((name, i) => [name, i % 3 ? cat : rocket])), '0/bad.jpg': '' });
  undisturbed = join(temporaryFolder(), 'out');
  await runHere({ photos: [photos], output: undisturbed, pack: true, explain: { format: 'jpeg' } });
});

describe('--pack', () => {
  it('killed by kill -9 in its midst and given again, has the pictures of a run that nothing disturbed', async () => {
    const output = join(temporaryFolder(), 'out');
    const args = ['-', ...small, '--jobs', '2', '--pack', '-o', output];
    // It has some photos in its hands when it is killed, and waits for more, so that it is not done before.
    const stream = { cwd: photos, names: names.slice(0, 12) };
    expect((await killRun({ args, stream }, afterPhotos(8))).code).toBe(null);
    expect(manifestOf(output).length).toBeGreaterThanOrEqual(8);
    const { code, stdout, stderr } = await gapcam([photos, ...small, '--jobs', '2', '--pack', '-o', output]);
    expect(stderr).toMatch(/photos explained, \d+ done before, 1 failed/);
    expect(stdout).toMatch(/airplane \d+\.\d % -> .*\/pictures\/\d{5}\.tar\/\d\/\d+\.overlay\.jpg$/m);
    expect(code).toBe(1);
    expect(picturesOf(output)).toEqual(picturesOf(undisturbed));
    expect(await tabledPhotos(output)).toEqual(explainedNames(undisturbed));
    // Another program reads it.
    const listed = linesOf(execFileSync('tar', ['tf', join(undisturbed, 'pictures/00000.tar')], { encoding: 'utf8' }));
    expect(listed.sort()).toEqual(
      [...samplesOf(undisturbed).keys()].flatMap((key) => [`${key}.overlay.jpg`, `${key}.json`]).sort(),
    );
  });

  it('into a bucket is as in a folder, also where it is killed as its tar or its table was put', async () => {
    const server = await startS3();
    try {
      const { environment } = server;
      const run = [photos, ...small, '--jobs', '2', '--pack', '-q', '-o', 's3://bucket/out'];
      for (const moment of [/00000\.tar$/, /00000\.parquet$/]) {
        const killed = start(run, { environment });
        let seen = false;
        server.fault = (method, path) => {
          // At the next request after it.
          if (seen) killed.child.kill('SIGKILL');
          seen ||= method !== 'GET' && moment.test(path);
          return undefined;
        };
        await killed.outcome;
        server.fault = () => undefined;
      }
      expect((await gapcam(run, { environment })).code).toBe(1);
      const merged = join(temporaryFolder(), 'merged');
      expect((await gapcam(['merge', 's3://bucket/out', '-o', merged], { environment })).code).toBe(1);
      expect(picturesOf(merged)).toEqual(picturesOf(undisturbed));
      const kept = [...server.objects.keys()].filter((path) => path.includes('/pictures/'));
      expect(kept.filter((path) => path.endsWith('.tar'))).toHaveLength(1);
      expect(kept.filter((path) => path.endsWith('.parquet'))).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it.each([
    [['--write', 'none'], /^gapcam: --write none makes no file, and --pack wants some; leave one of them out\.$/m],
    [['--show'], /^gapcam: --show prints pictures, and --pack puts them away in tars; leave one of them out\.$/m],
  ])('with %j is refused', async (words, about) => {
    expectRefusal(await called([photos, '--pack', ...words]), about);
  });
});

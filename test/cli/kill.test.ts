import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { runHere } from '../helpers/in-process.js';
import { afterPhotos, damageOf, killRun, killWorker, whilePreparing } from '../helpers/kills.js';
import { childrenOf, leftOf, signalTo, tellsChildren } from '../helpers/processes.js';
import { folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';

const COUNT = 40;
const names = Array.from({ length: COUNT }, (_, i) => `${i % 3}/${100 + i}.jpg`);

let photos: string;
let undisturbed: string;
beforeAll(async () => {
  const kinds = await Promise.all(
    ['astronaut', 'cat', 'coffee', 'rocket'].map((name) =>
      sharp(fixture('photos', `${name}.jpg`))
        .resize(200)
        .jpeg()
        .toBuffer(),
    ),
  );
  photos = folderWith(Object.fromEntries(names.map((name, i) => [name, kinds[i % kinds.length]])));
  undisturbed = temporaryFolder();
  expect(await runHere({ photos: [photos], output: undisturbed, report: true })).toMatchObject({ done: COUNT });
});

const into = (output: string, ...args: string[]) => [...small, '--jobs', '2', '-o', output, ...args];

describe('kill -9 of the whole run', () => {
  it('again and again costs nothing that the next run does not make good', async () => {
    const output = join(temporaryFolder(), 'out');
    const manifest = join(output, 'manifest.jsonl');
    const doneBefore = () => (existsSync(manifest) ? linesOf(readFileSync(manifest, 'utf8')).length : 0);
    const opened = { reached: () => existsSync(join(output, '.gapcam/run')) };
    for (const [moment, count] of [
      [opened, 0],
      [afterPhotos(1), 1],
      [afterPhotos(9), 9],
    ] as const) {
      // Each run has some photos in its hands when it is killed, and waits for more, so that none is done before.
      const stream = { cwd: photos, names: names.slice(0, doneBefore() + count + 4) };
      const { code, stderr, left } = await killRun({ args: ['-', ...into(output)], stream }, moment);
      expect(code).toBe(null);
      expect(stderr).not.toContain('    at ');
      expect(left).toEqual([]);
    }
    // In the middle, or nothing was tried here.
    const before = manifestOf(output).length;
    expect(before).toBeGreaterThanOrEqual(10);
    expect(before).toBeLessThan(COUNT);
    const { code, stderr } = await gapcam([photos, ...into(output)]);
    expect(stderr).toContain(` photos explained, ${before} done before`);
    expect(code).toBe(0);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });
});

describe.skipIf(!tellsChildren).concurrent('a process that works on photos', () => {
  it.each([
    ['while it prepares the model', whilePreparing],
    ['in the midst of its work', afterPhotos(14)],
  ])('costs nothing where it is killed %s', async (_, moment) => {
    const output = temporaryFolder();
    const { code, stderr, left } = await killWorker({ args: [photos, ...into(output)] }, moment, 0);
    expect(stderr).toContain(`${COUNT} photos explained, `);
    expect(code).toBe(0);
    expect(left).toEqual([]);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });

  it('costs no photo where it stops answering, but the time of --timeout', async () => {
    const output = temporaryFolder();
    const timeout = 5;
    const run = start(['-', ...into(output, '--timeout', String(timeout))], { cwd: photos, input: null });
    const give = (some: readonly string[]) => run.child.stdin?.write(some.map((name) => `${name}\n`).join(''));
    give(names.slice(0, 12));
    expect(linesOf(await run.printed(12))).toHaveLength(12);
    // The first has nothing to do, and so it is given a photo after it was stopped.
    const workers = childrenOf(run.child.pid);
    signalTo(workers[0], 'SIGSTOP');
    const stopped = performance.now();
    give(names.slice(12));
    run.child.stdin?.end();
    expect((await run.outcome).code).toBe(0);
    // It had a photo in its hands, or nothing was tried here.
    expect(performance.now() - stopped).toBeGreaterThan(timeout * 1000);
    expect(await leftOf(workers)).toEqual([]);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });
});

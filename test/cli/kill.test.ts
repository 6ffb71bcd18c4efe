import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { damageOf, killRun, strikeWorker } from '../helpers/kills.js';
import { tellsChildren } from '../helpers/processes.js';
import { folderWith, manifestOf, small } from '../helpers/runs.js';

const COUNT = 40;

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
  const names = Array.from({ length: COUNT }, (_, i) => `${i % 3}/${100 + i}.jpg`);
  photos = folderWith(Object.fromEntries(names.map((name, i) => [name, kinds[i % kinds.length]])));
  undisturbed = temporaryFolder();
  expect((await gapcam([photos, ...small, '--jobs', '2', '-o', undisturbed])).code).toBe(0);
});

const into = (output: string, ...args: string[]) => [photos, ...small, '--jobs', '2', '-o', output, ...args];

describe('kill -9 of the whole run', () => {
  it('again and again costs nothing that the next run does not make good', async () => {
    const output = join(temporaryFolder(), 'out');
    for (const moment of [
      { photos: 0, milliseconds: 150 },
      { photos: 0, milliseconds: 500 },
      { photos: 1, milliseconds: 0 },
      { photos: 5, milliseconds: 7 },
      { photos: 8, milliseconds: 3 },
    ]) {
      const { code, stderr, left } = await killRun(into(output), moment);
      expect(code).toBe(null);
      expect(stderr).not.toContain('    at ');
      expect(left).toEqual([]);
    }
    // In the middle, or nothing was tried here.
    const before = manifestOf(output).length;
    expect(before).toBeGreaterThanOrEqual(10);
    expect(before).toBeLessThan(COUNT);
    const { code, stderr } = await gapcam(into(output));
    expect(stderr).toContain(` photos explained, ${before} done before`);
    expect(code).toBe(0);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });
});

describe.skipIf(!tellsChildren).concurrent('a process that works on photos', () => {
  it.each([
    { photos: 0, milliseconds: 250 },
    { photos: 14, milliseconds: 4 },
    { photos: 25, milliseconds: 9 },
  ])('costs nothing where it is killed: $photos photos and $milliseconds ms', async (moment) => {
    const output = temporaryFolder();
    const { code, stderr, left } = await strikeWorker(into(output), moment, 'SIGKILL');
    expect(stderr).toContain(`${COUNT} photos explained, `);
    expect(code).toBe(0);
    expect(left).toEqual([]);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });

  it('costs no photo where it stops answering, but the time of --timeout', async () => {
    const output = temporaryFolder();
    const moment = { photos: 12, milliseconds: 0 };
    const start = performance.now();
    const { code, left } = await strikeWorker(into(output, '--timeout', '1.5'), moment, 'SIGSTOP');
    // It had a photo in its hands, or nothing was tried here.
    expect(performance.now() - start).toBeGreaterThan(1500);
    expect(code).toBe(0);
    expect(left).toEqual([]);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });
});

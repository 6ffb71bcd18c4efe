import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { gapcam } from '../helpers/command.js';
import { afterPhotos, damageOf, killRun, killWorker, type Moment } from '../helpers/kills.js';
import { poison } from '../helpers/poison.js';
import { fixture } from '../helpers/repository.js';
import { mountDisk, remountDisk, unmountDisk } from '../helpers/small-disk.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';

const small = ['-m', 'nin-cifar10', '-q'] as const;

const randomMoment = (photos: number): Moment =>
  afterPhotos(Math.floor(Math.random() * photos), Math.floor(Math.random() * 40));

/** The line of a finding whose limit is that nothing is damaged. */
const damaged = (what: string, damage: readonly string[], remark = ''): Finding => ({
  what,
  found: (damage.length === 0 ? 'no damage' : damage.slice(0, 5).join('; ')) + remark,
  limit: 'no damage',
  holds: damage.length === 0,
});

/** Kills the whole run at random moments, one after the other, and lets the last go to its end. */
export const killedRuns = (kills: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const photos = manyPhotos(folder, kills * 10);
    const [output, undisturbed] = [join(folder, 'out'), join(folder, 'undisturbed')];
    await gapcam([photos, ...small, '-o', undisturbed]);
    const left: number[] = [];
    // With lines to count, and so not quiet.
    for (let i = 0; i < kills; i++) {
      const args = [photos, '-m', 'nin-cifar10', '-o', output];
      left.push(...(await killRun({ args }, randomMoment(10))).left);
    }
    const { code, stderr } = await gapcam([photos, '-m', 'nin-cifar10', '-o', output]);
    const damage = [...damageOf(output, undisturbed)];
    if (code !== 0) damage.push(`exit code ${code}`);
    if (left.length > 0) damage.push(`${left.length} processes stayed behind`);
    return damaged(`kill -9 of ${kills} runs, then one to the end`, damage, `; ${stderr.split('\n')[0]}`);
  });

/** Kills one process of a run at a random moment, in as many runs. */
export const killedWorkers = (kills: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const photos = manyPhotos(folder, 60);
    const undisturbed = join(folder, 'undisturbed');
    await gapcam([photos, ...small, '-o', undisturbed]);
    const damage: string[] = [];
    for (let i = 0; i < kills; i++) {
      const output = join(folder, `${i}`);
      const args = [photos, '-m', 'nin-cifar10', '--jobs', '2', '-o', output];
      const { code } = await killWorker({ args }, randomMoment(50), i);
      if (code !== 0) damage.push(`exit code ${code}`);
      damage.push(...damageOf(output, undisturbed));
    }
    return damaged(`kill -9 of one process in ${kills} runs`, damage);
  });

/** Good photos among everything that is none, and one of 256 megapixels in a file of 250 kB. */
export const poisoned = (good: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const photos = manyPhotos(folder, good);
    const undisturbed = join(folder, 'undisturbed');
    await gapcam([photos, ...small, '-o', undisturbed]);
    const codes = await poison(photos, fixture('photos', 'cat.jpg'));
    const size = { width: 16_000, height: 16_000, channels: 3 } as const;
    await sharp({ create: { ...size, background: '#123' } })
      .png()
      .toFile(join(photos, 'inflated.png'));
    const output = join(folder, 'out');
    await gapcam([photos, ...small, '--timeout', '10', '-o', output]);
    const fates = new Map<string, string>();
    for (const line of readFileSync(join(output, 'manifest.jsonl'), 'utf8').trimEnd().split('\n')) {
      const { photo, error } = JSON.parse(line);
      fates.set(photo, error?.code ?? 'done');
    }
    const damage = [...codes].filter(([name, code]) => fates.get(name) !== code).map(([name]) => `${name} is not told`);
    const done = [...fates.values()].filter((fate) => fate === 'done').length;
    const inflated = fates.get('inflated.png');
    if (done - (inflated === 'done' ? 1 : 0) !== good) damage.push(`${done} photos are done`);
    return damaged(`${good} good photos among ${codes.size + 1} bad ones`, damage, `; inflated.png: ${inflated}`);
  });

/** A disk that fills up, twice, and is made larger. */
export const fullDisk = (): Promise<Finding> =>
  inFolder(async (folder) => {
    const what = 'a disk that fills up';
    const photos = manyPhotos(folder, 200);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (!mountDisk(disk, 3000)) return { what, found: 'no disk can be mounted here', limit: 'no damage', holds: true };
    try {
      const [output, undisturbed] = [join(disk, 'out'), join(folder, 'undisturbed')];
      await gapcam([photos, ...small, '-o', undisturbed]);
      const runs = [];
      for (const size of ['3000k', '6000k', '1g']) {
        remountDisk(disk, `size=${size}`);
        runs.push(await gapcam([photos, ...small, '-o', output]));
      }
      const codes = runs.map(({ code }) => code).join(', ');
      const damage = [...damageOf(output, undisturbed)];
      if (codes !== '2, 2, 0') damage.push(`exit codes ${codes}`);
      return damaged(what, damage, `; "${runs[0].stderr.trim()}"`);
    } finally {
      unmountDisk(disk);
    }
  });

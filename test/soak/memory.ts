import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { start } from '../helpers/command.js';
import { childrenOf } from '../helpers/processes.js';
import { fixture } from '../helpers/repository.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';

/**
 * A process's memory in MB, as the system tells it: VmRSS is what it has now, VmHWM the most it ever had. NaN for one that
 * has just ended.
 */
export const memoryOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number => {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // It has ended since it was listed.
  }
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
};

/** Memory must not grow with the number of photos. */
export const memoryOfMany = (count: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const { child, outcome } = start([manyPhotos(folder, count), '-o', join(folder, 'out')]);
    const pid = child.pid ?? 0;
    const memory = () => new Map([pid, ...childrenOf(pid)].map((id) => [id, memoryOf(id, 'VmRSS')]));
    let [early, late] = [new Map<number, number>(), new Map<number, number>()];
    let lines = 0;
    child.stdout?.on('data', (text: string) => {
      lines += text.split('\n').length - 1;
      if (early.size === 0 && lines >= 100) early = memory();
      if (late.size === 0 && lines >= count - 20) late = memory();
    });
    const { code, stderr } = await outcome;
    const growth = [...early].map(([id, before]) => (late.get(id) ?? Number.POSITIVE_INFINITY) - before);
    const [summary] = stderr.split('\n').filter((line) => line.includes('explained'));
    const each = growth.map((grown) => `${grown > 0 ? '+' : ''}${grown.toFixed(0)}`).join(', ');
    return {
      what: `${count} photos: growth of each process since 100 photos, the first one's first`,
      found: `${each} MB of ${[...early.values()].map((mb) => mb.toFixed(0)).join(', ')} MB; ${summary}`,
      limit: '64 MB',
      holds: code === 0 && early.size > 1 && Math.max(...growth) <= 64,
    };
  });

/** The most that a process needs for photos of 24 megapixels, two in flight. */
export const memoryOfLarge = (): Promise<Finding> =>
  inFolder(async (folder) => {
    const photos = manyPhotos(folder, 0);
    const large = join(folder, 'large.jpg');
    await sharp(fixture('photos', 'coffee.jpg')).resize(6000, 4000, { fit: 'fill' }).jpeg().toFile(large);
    for (let i = 0; i < 8; i++) symlinkSync(large, join(photos, `${i}.jpg`));
    const { child, outcome } = start([photos, '--jobs', '1', '-o', join(folder, 'out')]);
    let most = 0;
    const watch = setInterval(() => {
      for (const memory of childrenOf(child.pid).map((worker) => memoryOf(worker, 'VmHWM'))) {
        if (memory > most) most = memory;
      }
    }, 20);
    const { code } = await outcome;
    clearInterval(watch);
    return {
      what: 'photos of 24 megapixels: the most memory of their process',
      found: `${most.toFixed(0)} MB`,
      limit: '700 MB',
      holds: code === 0 && most > 0 && most < 700,
    };
  });

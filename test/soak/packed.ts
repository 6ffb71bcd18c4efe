import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gapcam } from '../helpers/command.js';
import { afterPhotos, killRun } from '../helpers/kills.js';
import { filesOfPack, picturesOf, tabledPhotos } from '../helpers/packed.js';
import { fixture } from '../helpers/repository.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';

export const packed = ['-m', 'nin-cifar10', '--pack'] as const;

/** Puts another photo in the place of one, so that it is done again. */
export const replaceOne = (photos: string): void => {
  const names = readdirSync(photos);
  const file = join(photos, names[Math.floor(Math.random() * names.length)]);
  const kinds = ['astronaut', 'cat', 'coffee', 'rocket'].map((name) => fixture('photos', `${name}.jpg`));
  const others = kinds.filter((kind) => statSync(kind).size !== statSync(file).size);
  rmSync(file);
  symlinkSync(others[Math.floor(Math.random() * others.length)], file);
};

const photosIn = (output: string): string =>
  readFileSync(join(output, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).photo)
    .sort()
    .join('\n');

/** How a packed run differs from another of the same photos, in words. Throws where a key comes twice, or a tar is not whole. */
export const packedDifferences = async (output: string, undisturbed: string): Promise<string[]> => {
  const [found, expected] = [picturesOf(output), picturesOf(undisturbed)];
  const damage = [...expected]
    .filter(([key, pictures]) => found.get(key) !== pictures)
    .map(([key]) => `${key} differs`);
  for (const key of found.keys()) if (!expected.has(key)) damage.push(`${key} is left over`);
  if ((await tabledPhotos(output)).join() !== (await tabledPhotos(undisturbed)).join()) damage.push('other rows');
  if (photosIn(output) !== photosIn(undisturbed)) damage.push('the manifest names other photos');
  const names = filesOfPack(output, '').map((path) => path.replace(/tar$/, 'parquet'));
  if (new Set(names).size * 2 !== names.length) damage.push('a tar without its table, or more beside them');
  return damage;
};

/**
 * Kills packed runs at random moments, one after the other, while photos change in between; lets the last go to its end. Then
 * kills merges of two shards in the same way.
 */
export const killedPacked = (kills: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const photos = manyPhotos(folder, kills * 10);
    const output = join(folder, 'out');
    const damage: string[] = [];
    const left: number[] = [];
    let changes = 0;
    for (let i = 0; i < kills; i++) {
      const moment = afterPhotos(Math.floor(Math.random() * 10), Math.floor(Math.random() * 60));
      left.push(...(await killRun({ args: [photos, ...packed, '-o', output] }, moment)).left);
      if (i % 3 === 0 && ++changes > 0) replaceOne(photos);
    }
    const last = await gapcam([photos, ...packed, '-o', output]);
    if (last.code !== 0) damage.push(`exit code ${last.code}: ${last.stderr}`);
    const undisturbed = join(folder, 'undisturbed');
    await gapcam([photos, ...packed, '-q', '-o', undisturbed]);
    damage.push(...(await packedDifferences(output, undisturbed)));
    const merged = join(folder, 'merged');
    const shards = [1, 2].map((index) => join(folder, `shards/${index}-of-2`));
    mkdirSync(join(folder, 'shards'));
    for (const index of [1, 2]) {
      await gapcam([photos, ...packed, '-q', '--shard', `${index}/2`, '-o', join(folder, 'shards')]);
    }
    for (let i = 0; i < kills; i++) {
      const moment = { reached: () => true, milliseconds: 150 + Math.floor(Math.random() * 400) };
      await killRun({ args: ['merge', ...shards, '-o', merged] }, moment);
      if (i % 5 === 4) rmSync(merged, { recursive: true, force: true });
    }
    const { code, stderr } = await gapcam(['merge', ...shards, '-o', merged]);
    if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
    damage.push(...(await packedDifferences(merged, undisturbed)));
    if (left.length > 0) damage.push(`${left.length} processes stayed behind`);
    return {
      what: `kill -9 of ${kills} packed runs, with ${changes} photos changed in between, and of ${kills} merges`,
      found: `${damage.slice(0, 5).join('; ') || 'no damage'}; ${last.stderr.split('\n')[0]}`,
      limit: 'each photo once, in tars and tables of an undisturbed run',
      holds: damage.length === 0,
    };
  });

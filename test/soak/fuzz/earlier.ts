import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gapcam } from '../../helpers/command.js';
import { fixture } from '../../helpers/repository.js';
import { truths, writeTruth } from './truths.js';

/**
 * Makes a folder with photos and what two runs made of them, two whose pictures are packed, and one that was evaluated.
 * @returns its path.
 */
export const makeEarlier = async (below: string): Promise<string> => {
  const folder = join(below, 'earlier');
  mkdirSync(join(folder, 'photos', 'more'), { recursive: true });
  for (const name of ['photo.png', 'second.png', 'more/third.png']) {
    copyFileSync(fixture('heads', 'input.png'), join(folder, 'photos', name));
  }
  writeFileSync(join(folder, 'photos', 'broken.png'), 'no photo');
  const small = ['-m', 'nin-cifar10', '-q', '--jobs', '1'];
  await gapcam(['photos', ...small, '-o', 'run'], { cwd: folder });
  await gapcam(['photos/photo.png', ...small, '-o', 'other'], { cwd: folder });
  await gapcam(['photos', ...small, '--pack', '-o', 'packed'], { cwd: folder });
  await gapcam(['photos', ...small, '--pack', '--shard', '1/2', '-o', '.'], { cwd: folder });
  writeTruth(folder, truths['truth.json']);
  await gapcam(['photos', ...small, '-k', '5', '--truth', 'truth.json', '-o', 'known'], { cwd: folder });
  await gapcam(['evaluate', 'known'], { cwd: folder });
  return folder;
};

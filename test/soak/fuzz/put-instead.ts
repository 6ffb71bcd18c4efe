import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Random } from './random.js';

/** What may stand where a file is expected. */
const kinds: Readonly<Record<string, (path: string, folder: string) => void>> = {
  nothing: () => {},
  pipe: (path) => execFileSync('mkfifo', [path]),
  folder: (path) => mkdirSync(path),
  'folder with a file': (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'file'), 'of somebody');
  },
  'link without end': (path) => symlinkSync('/dev/zero', path),
  'link to nothing': (path) => symlinkSync('nowhere', path),
  'link to itself': (path) => symlinkSync(basename(path), path),
  'link outside': (path, folder) => symlinkSync(join(folder, 'outside', 'keep.txt'), path),
  'link to a folder outside': (path, folder) => symlinkSync(join(folder, 'outside'), path),
  'link to a file to come': (path, folder) => symlinkSync(join(folder, 'outside', 'new.txt'), path),
};

/**
 * Puts something that is no file in a file's place.
 * @param folder of the case, outside of whose output links lead.
 * @param kind left out: any.
 */
export const putInstead = (path: string, random: Random, folder: string, kind?: string): void => {
  rmSync(path, { recursive: true, force: true });
  kinds[kind ?? random.pick(Object.keys(kinds))](path, folder);
};

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gapcam } from '../helpers/command.js';
import { fixture, root } from '../helpers/repository.js';
import { explainedIn } from './answers.js';

const kinds = ['astronaut', 'cat', 'coffee', 'rocket'];

/** A folder with what a recipe needs, and what a plain run says of it. */
export interface Workplace {
  readonly folder: string;
  /** Holds the photos, copies of four. */
  readonly photos: string;
  /** A file with a path a line: each photo, and one that is missing. */
  readonly list: string;
  readonly paths: readonly string[];
  readonly missing: string;
  /** The numbers of the best map of each photo, by its file's name. */
  readonly expected: ReadonlyMap<string, readonly number[]>;
  /** The environment, with the built command as `gapcam` in its path. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const kindOf = (path: string): string => basename(path).split(' ')[0];

const expectedOf = async (paths: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> => {
  const four = kinds.map((kind) => fixture('photos', `${kind}.jpg`));
  const { stdout } = await gapcam([...four, '-m', 'nin-cifar10', '--json', '--write', 'none', '-q']);
  const byKind = new Map(explainedIn(stdout).map(({ photo, maps }) => [photo.replace('.jpg', ''), maps[0].map]));
  return new Map(paths.map((path) => [basename(path), byKind.get(kindOf(path)) ?? []]));
};

/** Does the work in a workplace of its own, which is gone afterwards. @param count of photos. */
export const atWorkplace = async <T>(count: number, work: (place: Workplace) => Promise<T>): Promise<T> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gapcam-engine-')));
  try {
    const photos = join(folder, 'photos');
    const bin = join(folder, 'bin');
    for (const made of [photos, bin]) mkdirSync(made);
    const paths = Array.from({ length: count }, (_, i) => join(photos, `${kinds[i % kinds.length]} ${i}.jpg`));
    for (const path of paths) copyFileSync(fixture('photos', `${kindOf(path)}.jpg`), path);
    const missing = join(photos, 'missing.jpg');
    const list = join(folder, 'photos.txt');
    writeFileSync(list, [...paths, missing].map((path) => `${path}\n`).join(''));
    const script = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/gapcam.js')}' "$@"\n`;
    writeFileSync(join(bin, 'gapcam'), script);
    chmodSync(join(bin, 'gapcam'), 0o755);
    const environment = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    return await work({ folder, photos, list, paths, missing, expected: await expectedOf(paths), environment });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from '../helpers/repository.js';

/** Gives an empty folder to the work, and takes it away after it. */
export const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gapcam-soak-')));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const kinds = ['astronaut', 'cat', 'coffee', 'rocket'].map((name) => fixture('photos', `${name}.jpg`));

/** A folder below another with so many photos: links to the four of the fixtures. */
export const manyPhotos = (folder: string, count: number): string => {
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  for (let i = 0; i < count; i++) symlinkSync(kinds[i % kinds.length], join(photos, `${100_000 + i}.jpg`));
  return photos;
};

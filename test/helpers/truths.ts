import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownPhoto, PhotoTruth } from '../../src/truth/truth.js';
import { temporaryFolder } from './folders.js';

/** A file of this content in a folder of its own. */
export const fileOf = (content: unknown, name = 'truth.json'): string => {
  const path = join(temporaryFolder(), name);
  const isAsItIs = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(path, isAsItIs ? content : JSON.stringify(content));
  return path;
};

/** A photo of 40 x 30 pixels. */
export const photoOf = (photo: string, others: Partial<KnownPhoto> = {}): KnownPhoto => ({
  photo,
  width: 40,
  height: 30,
  ...others,
});

/** Each object in one line: its name, class and box. */
export const inShort = (truth: PhotoTruth | undefined): readonly string[] | undefined =>
  truth?.objects.map(({ name, class: index, box, difficult }) => {
    const place = box === undefined ? 'nowhere' : [box.x, box.y, box.width, box.height].join(' ');
    return `${name}, ${index ?? 'no class'}: ${place}${difficult ? ', difficult' : ''}`;
  });

export const animals = { labels: ['tabby, tabby cat', 'dog', 'crane', 'crane, machine'] };

/** A data set with a photo of each of these classes, called like it. */
export const namedSet = (names: readonly string[]) =>
  fileOf({
    images: names.map((name, id) => ({ id, file_name: `${name}.jpg` })),
    annotations: names.map((_, id) => ({ image_id: id, category_id: id })),
    categories: names.map((name, id) => ({ id, name })),
  });

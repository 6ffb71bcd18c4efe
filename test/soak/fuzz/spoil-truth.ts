import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from '../../helpers/repository.js';
import { spoiled, textIn } from './hostile.js';
import { mutateJson } from './mutate-json.js';
import { putInstead } from './put-instead.js';
import type { Random } from './random.js';
import { classMaps, truths, writeTruth } from './truths.js';

/** Numbers and names that are replaced in a text: what stands between the signs of XML and of lists. */
const WORD = /[^<>,\n/?]+/g;

const spoiledText = (text: string, random: Random, folder: string): Uint8Array => {
  if (random.chance(0.3)) return spoiled(Buffer.from(text), random);
  const words = [...text.matchAll(WORD)];
  const { index, 0: word } = random.pick(words);
  const instead = random.chance(0.5)
    ? textIn(random, folder)
    : random.pick([
        '',
        '-1',
        '0',
        '1e309',
        'NaN',
        '&a;',
        '<!ENTITY a "b">',
        '<a>'.repeat(5000),
        '../../outside/keep.txt,x',
      ]);
  return Buffer.from(text.slice(0, index) + instead + text.slice(index + word.length));
};

/** @param text of the file where nobody is hostile. */
const spoilFile = (path: string, text: string, random: Random, folder: string): void => {
  if (random.chance(0.1)) {
    putInstead(path, random, folder);
    return;
  }
  putInstead(path, random, folder, 'nothing');
  writeFileSync(path, path.endsWith('.json') ? mutateJson(text, random, folder) : spoiledText(text, random, folder));
};

const writeMasks = (folder: string, random: Random): string => {
  mkdirSync(join(folder, 'masks', 'more'), { recursive: true });
  const bytes = readFileSync(fixture('heads', 'input.png'));
  for (const name of ['photo.png', 'second.png', 'more/third.png', 'photo_ignore.png']) {
    writeFileSync(join(folder, 'masks', name), random.chance(0.5) ? spoiled(bytes, random) : bytes);
  }
  if (random.chance(0.3)) putInstead(join(folder, 'masks', random.pick(['photo.png', 'more'])), random, folder);
  if (random.chance(0.1)) copyFileSync(fixture('heads', 'input.png'), join(folder, 'masks', '..png'));
  return 'masks';
};

/** Writes a hostile truth. @returns the words that give it to a command. */
export const spoilTruth = (folder: string, random: Random): readonly string[] => {
  const place = random.pick([...Object.keys(truths), ...Object.keys(truths), 'masks', 'folders']);
  if (place === 'masks') writeMasks(folder, random);
  else if (place !== 'folders') {
    writeTruth(folder, truths[place]);
    for (let left = 1 + random.below(3); left > 0; left--) {
      const [name, text] = random.pick(Object.entries(truths[place]));
      spoilFile(join(folder, name), text, random, folder);
    }
  }
  if (!random.chance(0.2)) return ['--truth', place];
  writeTruth(folder, classMaps);
  const [map, text] = random.pick(Object.entries(classMaps));
  if (random.chance(0.8)) spoilFile(join(folder, map), text, random, folder);
  return ['--truth', place, '--map-classes', map];
};

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fixture } from '../../helpers/repository.js';
import { spoiled } from './hostile.js';
import type { Random } from './random.js';

// As Latin-1, so that a name can be any bytes.
const pieces = [
  'a',
  '.',
  '..',
  ' ',
  '-o',
  '--',
  '\n',
  '\r',
  '\t',
  '\u001b[31m',
  '\u0007',
  '\u007f',
  '\u009b',
  '"',
  "'",
  '\\',
]
  .concat([
    '`',
    '$(touch x)',
    '%2e',
    '<img src=x>',
    '&amp;',
    '*',
    '?',
    '[a]',
    '{a,b}',
    '!',
    '#',
    '\u00ff\u00fe',
    '\u00c3\u00a9',
  ])
  .concat([
    '\u00e2\u0080\u00ae',
    '\u00ed\u00a0\u0080',
    'run.json',
    'manifest.jsonl',
    'report.html',
    'report-data',
    '.gapcam',
    'CON',
  ])
  .concat(['x'.repeat(120), 'x'.repeat(240), '.3-cat', '__proto__', 'constructor']);

const nameIn = (random: Random): string => {
  const name = Array.from({ length: 1 + random.below(3) }, () => random.pick(pieces)).join('');
  return /^\.{0,2}$/.test(name) ? 'dots' : name;
};

const photos = [
  ['heads', 'input.png'],
  ['photos', 'cat.jpg'],
  ['looks', 'heatmap.webp'],
].map((path) => readFileSync(fixture(...path)));

const contentIn = (random: Random): Uint8Array | string => {
  const photo = random.pick(photos);
  const kind = random.below(10);
  if (kind === 0) return 'no photo';
  return kind < 4 ? spoiled(photo, random) : photo;
};

/** Photos, damaged ones, files that are none, and folders of them, with names that mean something elsewhere. */
export const writeNames = (folder: string, random: Random): void => {
  for (let left = 1 + random.below(6); left > 0; left--) {
    const parent = random.chance(0.3) ? `${folder}/${nameIn(random)}` : folder;
    try {
      mkdirSync(Buffer.from(parent, 'latin1'), { recursive: true });
      const ending = random.pick(['.png', '.png', '.jpg', '.PNG', '']);
      const path = Buffer.from(`${parent}/${nameIn(random)}${ending}`, 'latin1');
      writeFileSync(path, contentIn(random));
    } catch {
      // Too long for the disk, or already the name of another thing.
    }
  }
};

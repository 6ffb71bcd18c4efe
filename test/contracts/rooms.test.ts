import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/repository.js';

const source = join(root, 'src');

/** The rooms of the house, each of which knows those before it and none after it; a file at the top is a room too. */
const ROOMS = [
  ...[
    'package-file',
    'version',
    'rounding',
    'extremes',
    'fnv',
    'json-depth',
    'nearest',
    'errors',
    'regular-file',
    'wasm',
    'maps',
    'localise',
    'image',
    'render',
    'model',
    'measure',
    'options',
    'explain',
    'index',
  ],
  ...[
    's3',
    'http',
    'stores',
    'results',
    'truth',
    'run',
    'convert',
    'evaluate',
    'report',
    'terminal',
    'commands',
    'cli',
  ],
];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('assembly'),
);

const roomOf = (path: string): string => relative(source, path).split(sep)[0].replace(/\.ts$/, '');

/** Files of the project that a file imports, for types alone too, or starts as a process. */
const importsOf = (name: string): readonly string[] => {
  const text = readFileSync(join(source, name), 'utf8');
  const given = text.matchAll(/(?:from|import\()\s*'(\.[^']+\.js)'/g);
  const started = text.matchAll(/packageFile\('dist\/([^']+\.js)'\)/g);
  return [
    ...Array.from(given, ([, path]) => resolve(source, dirname(name), path.replace(/\.js$/, '.ts'))),
    ...Array.from(started, ([, path]) => resolve(source, path.replace(/\.js$/, '.ts'))),
  ];
};

describe('the rooms of the house', () => {
  it('are all in the list, and the list has no other', () => {
    expect([...new Set(files.map((name) => roomOf(join(source, name))))].sort()).toEqual([...ROOMS].sort());
  });

  it.each(files)('%s knows only rooms before its own', (name) => {
    const own = ROOMS.indexOf(roomOf(join(source, name)));
    const later = importsOf(name).filter((path) => ROOMS.indexOf(roomOf(path)) > own);
    expect(later.map((path) => relative(source, path))).toEqual([]);
  });
});

describe('the files of the house', () => {
  it.each(files)('%s has one subject: at most 250 lines', (name) => {
    expect(readFileSync(join(source, name), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(250);
  });
});

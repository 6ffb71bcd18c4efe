import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/folders.js';

const dist = join(root, 'dist');
const imports = /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?"([^"]+)";$|^import "([^"]+)";$/gm;

/** What built files load before they do anything, by name. Functions may load more. */
const loadedBy = (files: readonly string[]): readonly string[] => {
  const met = new Set<string>();
  const packages = new Set<string>();
  const meet = (file: string): void => {
    if (met.has(file)) return;
    met.add(file);
    for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(imports)) {
      const name = from ?? alone;
      if (name.startsWith('.')) meet(join(dirname(file), name));
      else packages.add(name);
    }
  };
  files.forEach(meet);
  return [...packages].sort();
};

const builtOf = (name: RegExp): readonly string[] =>
  readdirSync(dist)
    .filter((file) => name.test(file))
    .map((file) => join(dist, file));

const forAll = ['yargs', 'yargs/helpers'];

it('a run waits in its own process for no decoder, no runtime, no client of networks and no parser of patterns', () => {
  const files = [...builtOf(/^cli\.js$/), ...builtOf(/^explain-[A-Z0-9]+\.js$/)];
  expect(files).toHaveLength(2);
  const loaded = loadedBy(files).filter((name) => !name.startsWith('node:'));
  expect(loaded).toEqual(['d3-scale-chromatic', ...forAll]);
  expect(loadedBy(files)).not.toContain('node:http');
});

it('what every command waits for is the parser of its words', () => {
  expect(loadedBy(builtOf(/^cli\.js$/)).filter((name) => !name.startsWith('node:'))).toEqual(forAll);
});

it('the processes that explain load the decoder and the runtime, which tells that this is seen here', () => {
  expect(loadedBy([join(dist, 'run/workers/worker.js')])).toEqual(
    expect.arrayContaining(['onnxruntime-node', 'sharp']),
  );
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { ManifestLine, PhotoLine } from '../../src/results/line.js';
import type { Outcome } from './command.js';
import { fixture, temporaryFolder } from './folders.js';

/** Where the model does not matter: the one that loads fastest. More threads would cost more than they save. */
export const small = ['-m', 'nin-cifar10', '--threads', '1'] as const;

/** Bytes of a photo that every test may copy: 451 x 300, a JPEG. */
export const cat = readFileSync(fixture('photos', 'cat.jpg'));

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** A folder with these files in it. */
export const folderWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

/** Paths of the files below a folder, with slashes, sorted. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Results' pictures, without the files about the run. */
export const picturesBelow = (output: string): string[] =>
  filesBelow(output).filter(
    (name) => !['manifest.jsonl', 'run.json', 'report.html'].includes(name) && !name.startsWith('report-data/'),
  );

/** Every line of the manifest, which must end whole. */
export const manifestOf = (output: string): ManifestLine[] => {
  const text = readFileSync(join(output, 'manifest.jsonl'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return linesOf(text).map((line) => JSON.parse(line));
};

/** The manifest's lines of photos that were explained. */
export const explainedOf = (output: string): PhotoLine[] =>
  manifestOf(output).filter((line): line is PhotoLine => 'maps' in line);

/** The score of a class, where the network gives scores. */
export const scoreOf = ({ score }: { readonly score: number | null }): number => {
  if (score === null) throw new Error('there is no score');
  return score;
};

/** Names of the photos that were explained, sorted: they are finished in any order. */
export const explainedNames = (output: string): string[] =>
  explainedOf(output)
    .map(({ photo }) => photo)
    .sort();

/** The run says one thing, in one sentence on one line, and nothing of the program's inside. */
export const expectSentence = (line: string | undefined, about: RegExp): void => {
  expect(line).toMatch(about);
  expect(line).toMatch(/\.$/);
  expect(line).not.toMatch(/undefined|\[object|null|NaN/);
};

/** The run stopped before its first photo, with exit code 2 and one sentence. */
export const expectRefusal = ({ code, stdout, stderr }: Outcome, about: RegExp): void => {
  expect(stderr).not.toContain('    at ');
  expect(linesOf(stderr)).toHaveLength(1);
  expectSentence(linesOf(stderr)[0], about);
  expect(stdout).toBe('');
  expect(code).toBe(2);
};

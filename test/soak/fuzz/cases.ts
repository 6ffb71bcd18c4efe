import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { colorClassifier } from '../../helpers/build-model.js';
import { fixture } from '../../helpers/repository.js';
import { mutateModel } from './mutate-model.js';
import type { Random } from './random.js';
import { spoilEvaluatedRun, spoilPackedRun, spoilRun } from './spoil-run.js';
import { spoilSideFiles } from './spoil-side-files.js';
import { spoilTruth } from './spoil-truth.js';
import { writeNames } from './write-names.js';

/** What a command is given: words, in a folder full of hostile files. */
export interface Case {
  readonly args: readonly string[];
  /** Names in the folder that the command may write to. */
  readonly writes: readonly string[];
  /** Where all that is to be tried is reading this model: its path in the folder. */
  readonly model?: string;
}

/** What cases are made from. */
export interface Material {
  /** Folder of an earlier run, and the photos beside it. */
  readonly earlier: string;
}

/** Writes the files of a case into an empty folder. */
type Writing = (folder: string, random: Random, material: Material) => Case;

const heads = readdirSync(fixture('heads'))
  .filter((name) => name.endsWith('.onnx'))
  .sort();

const MODEL = 'model/model.onnx';

/** The commands that read a model, with limits that keep a hostile one short. */
const readingOf = (random: Random): Case =>
  random.pick<Case>([
    { args: ['inspect', MODEL, '--timeout', '3'], writes: [], model: MODEL },
    { args: ['inspect', 'model', '--timeout', '3', '--json'], writes: [], model: MODEL },
    { args: ['photos', '-m', MODEL, '--timeout', '2', '-k', '2', '-o', 'out'], writes: ['out'], model: MODEL },
    { args: ['photos', '-m', MODEL, '--timeout', '2', '--jobs', '1', '-o', 'out'], writes: ['out'], model: MODEL },
    { args: ['export', MODEL, '--timeout', '3', '-o', 'out.onnx'], writes: ['out.onnx'], model: MODEL },
  ]);

const withPhoto = (folder: string): void => {
  mkdirSync(join(folder, 'photos'));
  mkdirSync(join(folder, 'model'));
  copyFileSync(fixture('heads', 'input.png'), join(folder, 'photos', 'photo.png'));
};

const hostileModel: Writing = (folder, random) => {
  withPhoto(folder);
  const external = random.chance(0.15);
  const name = external ? 'external/external-data' : random.pick(heads).replace(/\.onnx$/, '');
  if (external) {
    const data = 'external-data.onnx.data';
    copyFileSync(fixture('heads', 'external', data), join(folder, 'model', data));
  }
  const bytes = random.chance(0.05) ? colorClassifier() : readFileSync(fixture('heads', `${name}.onnx`));
  writeFileSync(join(folder, MODEL), mutateModel(bytes, random, folder));
  return readingOf(random);
};

const hostileSideFiles: Writing = (folder, random) => {
  withPhoto(folder);
  writeFileSync(join(folder, MODEL), readFileSync(fixture('heads', random.pick(heads))));
  spoilSideFiles(folder, random);
  return readingOf(random);
};

const hostileRun: Writing = (folder, random, { earlier }) => {
  cpSync(earlier, folder, { recursive: true });
  spoilRun(join(folder, 'run'), random, folder);
  const small = ['-m', 'nin-cifar10', '--timeout', '2', '--jobs', '1'];
  return random.pick<Case>([
    { args: ['report', 'run'], writes: ['run'] },
    { args: ['merge', 'run', 'other', '-o', 'merged'], writes: ['merged'] },
    { args: ['merge', 'other', 'run', '-o', 'merged'], writes: ['merged'] },
    { args: ['photos', ...small, '-o', 'run'], writes: ['run'] },
    { args: ['photos', ...small, '-o', 'run', '--overwrite'], writes: ['run'] },
  ]);
};

const hostilePackedRun: Writing = (folder, random, { earlier }) => {
  cpSync(earlier, folder, { recursive: true });
  spoilPackedRun(join(folder, 'packed'), random, folder);
  const small = ['-m', 'nin-cifar10', '--timeout', '2', '--jobs', '1', '--pack'];
  return random.pick<Case>([
    { args: ['report', 'packed'], writes: ['packed'] },
    { args: ['merge', 'packed', '1-of-2', '-o', 'merged'], writes: ['merged'] },
    { args: ['merge', '1-of-2', '-o', 'packed'], writes: ['packed'] },
    { args: ['photos', ...small, '-o', 'packed'], writes: ['packed'] },
    { args: ['photos', ...small, '-o', 'packed', '--overwrite'], writes: ['packed'] },
  ]);
};

const hostileNames: Writing = (folder, random) => {
  mkdirSync(join(folder, 'photos'));
  writeNames(join(folder, 'photos'), random);
  const args = ['photos', '-m', 'nin-cifar10', '--timeout', '2', '--jobs', '1', '-o', 'out'];
  return { args: random.chance(0.2) ? [...args, '--json'] : args, writes: ['out'] };
};

const hostileTruth: Writing = (folder, random, { earlier }) => {
  cpSync(earlier, folder, { recursive: true });
  const given = spoilTruth(folder, random);
  const small = ['-m', 'nin-cifar10', '--timeout', '2', '--jobs', '1'];
  return random.pick<Case>([
    { args: ['evaluate', 'run', ...given], writes: ['run'] },
    { args: ['evaluate', 'known', ...given, '--json'], writes: ['known'] },
    { args: ['photos', ...small, ...given, '-o', 'out'], writes: ['out'] },
    { args: ['photos', ...small, ...given, '--write', 'none'], writes: [] },
    { args: ['convert', 'run', '--to', 'coco', ...given, '-o', 'out'], writes: ['out'] },
  ]);
};

const hostileEvaluation: Writing = (folder, random, { earlier }) => {
  cpSync(earlier, folder, { recursive: true });
  spoilEvaluatedRun(join(folder, 'known'), random, folder);
  return random.pick<Case>([
    { args: ['evaluate', 'known'], writes: ['known'] },
    { args: ['evaluate', 'known', '--profile', 'wsol', '--fail-under', 'top-1=50'], writes: ['known'] },
    { args: ['evaluate', 'known', '--truth', 'truth.json'], writes: ['known'] },
    { args: ['report', 'known'], writes: ['known'] },
  ]);
};

/** The kinds of cases. Often: how many of 24 are of it. */
export const kinds = {
  model: { write: hostileModel, often: 10 },
  'side files': { write: hostileSideFiles, often: 5 },
  run: { write: hostileRun, often: 3 },
  'packed run': { write: hostilePackedRun, often: 1 },
  names: { write: hostileNames, often: 1 },
  truth: { write: hostileTruth, often: 2 },
  evaluation: { write: hostileEvaluation, often: 2 },
} as const;

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Outcome } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { judgedApart } from '../helpers/judged-apart.js';
import { cat, expectRefusal, explainedNames, folderWith } from '../helpers/runs.js';

const WEIGHTS = 'external-data.onnx.data';

/** A model with a second file, and two photos. After the 4,660 bytes that tensors use, the file has more. */
const copy = () => {
  const here = folderWith({ 'photos/one.jpg': cat, 'photos/two.jpg': cat });
  mkdirSync(join(here, 'model'));
  for (const name of ['external-data.onnx', WEIGHTS]) {
    copyFileSync(fixture('heads', 'external', name), join(here, 'model', name));
  }
  const model = join(here, 'model', 'external-data.onnx');
  const weights = join(here, 'model', WEIGHTS);
  appendFileSync(weights, new Uint8Array(1000));
  const turn = (at: number) =>
    writeFileSync(
      weights,
      readFileSync(weights).map((byte, i) => (i === at ? byte ^ 1 : byte)),
    );
  const photos = join(here, 'photos');
  writeFileSync(join(here, 'model', 'labels.txt'), 'a\nb\nc\nd\ne\n');
  const fed = ['--preset', 'torchvision', '--size', '48x32', '--threads', '1'];
  /** By the built command. */
  const explain = (output: string, ...args: string[]) =>
    gapcam([photos, '-m', model, ...fed, '-q', '-o', join(here, output), ...args]);
  /** Without a start of it. */
  const run = (output: string, more: Partial<Parameters<typeof runHere>[0]> = {}) => {
    const prepare = { preset: 'torchvision', input: { size: '48x32' } } as const;
    return runHere({ photos: [photos], model, prepare, output: join(here, output), ...more });
  };
  return { here, photos, model, weights, turn, explain, run };
};

const settingsFile = (output: string) => join(output, 'run.json');

/** The run as a version before this one left it. */
const forgetWeights = (output: string): void => {
  const { model, ...settings } = JSON.parse(readFileSync(settingsFile(output), 'utf8'));
  expect(model.weights.files).toEqual([WEIGHTS]);
  const { weights: _, ...rest } = model;
  writeFileSync(settingsFile(output), JSON.stringify({ ...settings, model: rest }));
};

// Of the last tensor, and of none.
const [USED, UNUSED] = [4650, 5000];

describe.concurrent('a run with weights in a second file', () => {
  it('is not gone on with where they have changed beside an unchanged model', async () => {
    const { here, photos, turn, run } = copy();
    await run('out');
    turn(USED);
    writeFileSync(join(photos, 'three.jpg'), cat);
    expectRefusal(
      await refusalOf(run('out')),
      /other weights of model .*external-data\.onnx\.data beside the model.*--overwrite/,
    );
    expect(explainedNames(join(here, 'out'))).toEqual(['one.jpg', 'two.jpg']);
    expect(await run('out', { overwrite: true })).toMatchObject({ done: 3 });
  });

  it('is gone on with where bytes have changed that the model does not use', async () => {
    const { here, photos, turn, run } = copy();
    await run('out');
    turn(UNUSED);
    writeFileSync(join(photos, 'three.jpg'), cat);
    expect(await run('out')).toMatchObject({ done: 1, skipped: 2 });
    expect(explainedNames(join(here, 'out'))).toEqual(['one.jpg', 'three.jpg', 'two.jpg']);
  });

  it('is gone on with where it is of a version that did not note them', async () => {
    const { here, turn, run } = copy();
    await run('out');
    forgetWeights(join(here, 'out'));
    turn(USED);
    expect(await run('out')).toMatchObject({ done: 0, skipped: 2 });
  });

  it('is not merged with one of other weights, in whatever order they are named', async () => {
    const { here, turn, run } = copy();
    await run('old');
    forgetWeights(join(here, 'old'));
    await run('first');
    turn(USED);
    await run('second');
    const merge = (...outputs: string[]) =>
      called(['merge', ...outputs.map((name) => join(here, name)), '-o', join(here, `all-${outputs.join('-')}`)]);
    for (const outputs of [
      ['first', 'second'],
      ['old', 'first', 'second'],
    ]) {
      expectRefusal(await merge(...outputs), /other weights of model .*external-data\.onnx\.data beside the model/);
    }
    expect((await merge('old', 'second')).code).toBe(0);
    const merged = JSON.parse(readFileSync(settingsFile(join(here, 'all-old-second')), 'utf8'));
    const second = JSON.parse(readFileSync(settingsFile(join(here, 'second')), 'utf8'));
    expect(merged.model.weights).toEqual(second.model.weights);
  });

  it('has shards that are gone on with only with the same weights', async () => {
    const { here, turn, run } = copy();
    const shards = [1, 2].map((index) => [`parts/${index}-of-2`, { shard: { index, count: 2 } }] as const);
    for (const shard of shards) await run(...shard);
    turn(USED);
    const explained = shards.filter(([output]) => explainedNames(join(here, output)).length > 0);
    expect(explained).not.toEqual([]);
    for (const shard of explained) {
      expectRefusal(await refusalOf(run(...shard)), /other weights of model .* beside the model/);
    }
    // A shard without a photo stands in nobody's way.
    for (const shard of shards) if (!explained.includes(shard)) await run(...shard);
  });
});

describe.concurrent('a second file that cannot be used is named, before the model is loaded', () => {
  const faults: readonly [string, (given: ReturnType<typeof copy>) => void, RegExp][] = [
    [
      'missing',
      ({ weights }) => rmSync(weights),
      /The weights file external-data\.onnx\.data is not beside the model; put it into .*model\./,
    ],
    [
      'a folder',
      ({ weights }) => {
        rmSync(weights);
        mkdirSync(weights);
      },
      /The weights file external-data\.onnx\.data in .*model is a folder; put the file itself in its place/,
    ],
    [
      'a pipe',
      ({ weights }) => {
        rmSync(weights);
        expect(spawnSync('mkfifo', [weights]).status).toBe(0);
      },
      /external-data\.onnx\.data in .*model is no regular file/,
    ],
    [
      'too short',
      ({ weights }) => truncateSync(weights, 4659),
      /external-data\.onnx\.data in .*model is shorter than the model says, 4659 bytes instead of at least 4660/,
    ],
    [
      'a link to a file outside the folder',
      ({ here, weights }) => {
        renameSync(weights, join(here, 'elsewhere'));
        symlinkSync('../elsewhere', weights);
      },
      /external-data\.onnx\.data in .*model is a link to a file outside that folder/,
    ],
    [
      'outside the folder',
      ({ here, model, weights }) => {
        renameSync(weights, join(here, 'elsewhere'));
        const proto = fromBinary(ModelProtoSchema, readFileSync(model));
        for (const { externalData } of proto.graph?.initializer ?? []) {
          for (const entry of externalData) if (entry.key === 'location') entry.value = '../elsewhere';
        }
        writeFileSync(model, toBinary(ModelProtoSchema, proto));
      },
      /The model wants weights from \.\.\/elsewhere, outside its own folder .*model; save it again/,
    ],
  ];

  const commands: readonly ((given: ReturnType<typeof copy>) => Promise<Outcome>)[] = [
    ({ explain }) => explain('out'),
    ({ model }) => gapcam(['inspect', model]),
    ({ model }) => gapcam(['export', model, '-o', join(temporaryFolder(), 'with-maps.onnx')]),
  ];

  let outcomes: readonly Outcome[];
  beforeAll(async () => {
    const damaged = faults.map(([, damage]) => {
      const given = copy();
      damage(given);
      return { model: given.model, options: {} };
    });
    outcomes = await judgedApart(damaged);
  });

  // Each command reads the model by the same function.
  it.each(faults.map(([name, , sentence], i) => [name, i, sentence] as const))('%s', (_, i, sentence) => {
    expectRefusal(outcomes[i], sentence);
  });

  it('missing: by each of them', async () => {
    const [[, damage, sentence]] = faults;
    const given = copy();
    damage(given);
    for (const command of commands) expectRefusal(await command(given), sentence);
  });
});

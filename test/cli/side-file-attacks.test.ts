import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Model, prepareModel } from '../../src/index.js';
import { colorClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { called, refusalOf } from '../helpers/in-process.js';
import { judgedApart } from '../helpers/judged-apart.js';
import { expectRefusal } from '../helpers/runs.js';

const modelFolder = (): string =>
  writeModelFolder(join(temporaryFolder(), 'model'), {
    model: colorClassifier(),
    labels: ['red', 'green'],
    preprocessor: cropped(8),
  });

const prepare = (model: string): Promise<Model> => prepareModel(model, { threads: 1 });
/** In a process of its own, which is all that an attack could hang or crash. */
const inspect = (model: string) => called(['inspect', model]);

const MODEL = 'model.onnx';
const CONFIG = 'config.json';
const LABELS = 'labels.txt';
const all = [MODEL, CONFIG, 'preprocessor_config.json', 'processor_config.json', 'model.json', LABELS];

/** Puts something into a file's place, and says in which files' places, and what the command says of it. */
interface Attack {
  readonly put: (file: string) => void;
  readonly names: readonly string[];
  readonly about: RegExp;
}

const attacks: readonly [string, Attack][] = [
  [
    'a pipe that nobody writes to',
    { put: (file) => expect(spawnSync('mkfifo', [file]).status).toBe(0), names: all, about: /is a pipe or a device/ },
  ],
  [
    'a link to a device without end',
    { put: (file) => symlinkSync('/dev/zero', file), names: all, about: /is a pipe or a device/ },
  ],
  ['a folder', { put: (file) => mkdirSync(file), names: [MODEL, CONFIG], about: /is a folder/ }],
  [
    '5 GiB that take no place on the disk',
    {
      put: (file) => {
        writeFileSync(file, '');
        truncateSync(file, 5 * 2 ** 30);
      },
      names: [MODEL, CONFIG, LABELS],
      about: /is larger than (16 MiB|2 GiB)/,
    },
  ],
];

describe.concurrent.each(attacks)('an attack by %s', (_, { put, names, about }) => {
  /** A model folder with it in a file's place. */
  const attackedAt = (name: string): string => {
    const folder = modelFolder();
    // Where config.json names the classes, no other file of labels is read.
    if (name === LABELS) rmSync(join(folder, CONFIG));
    rmSync(join(folder, name), { force: true });
    put(join(folder, name));
    return folder;
  };

  it('in the place of any file is refused in one sentence that names it', async () => {
    const folders = names.map(attackedAt);
    const labels = join(temporaryFolder(), 'names.txt');
    put(labels);
    const outcomes = await judgedApart([
      ...folders.map((model) => ({ model, options: {} })),
      { model: modelFolder(), options: { labels } },
    ]);
    const files = [...folders.map((folder, i) => join(folder, names[i])), labels];
    outcomes.forEach((outcome, i) => {
      expectRefusal(outcome, about);
      expect(outcome.stderr).toContain(files[i]);
    });
  });

  it('in the place of the last of them is refused so by inspect', async () => {
    const [name] = names.slice(-1);
    const folder = attackedAt(name);
    const outcome = await inspect(folder);
    expectRefusal(outcome, about);
    expect(outcome.stderr).toContain(join(folder, name));
  });
});

describe.concurrent('a side file', () => {
  it('may be a link to a regular file, as the model may be', async () => {
    const [folder, links] = [modelFolder(), temporaryFolder()];
    for (const name of all.slice(0, 3)) symlinkSync(join(folder, name), join(links, name));
    expect((await prepare(links)).labels).toEqual(['red', 'green']);
  });

  it.each([CONFIG, LABELS])('%s that is a link that leads to nothing is not taken as missing', async (name) => {
    const folder = modelFolder();
    rmSync(join(folder, CONFIG));
    symlinkSync('nowhere', join(folder, name));
    expectRefusal(
      await refusalOf(prepare(folder)),
      new RegExp(`${name} cannot be read: it is a link that leads to nothing`),
    );
  });

  it('may begin with the mark of its encoding', async () => {
    const folder = modelFolder();
    writeFileSync(join(folder, 'config.json'), '\uFEFF{"id2label": {"0": "red", "1": "blue"}}');
    expect((await prepare(folder)).labels).toEqual(['red', 'blue']);
  });

  const MOST_BYTES = 2 ** 24;
  const padded = (length: number) => '{"id2label": {"0": "red", "1": "blue"}}'.padEnd(length);

  it('of 16 MiB is read, and an attack by one byte more is refused', async () => {
    const folder = modelFolder();
    const file = join(folder, 'config.json');
    writeFileSync(file, padded(MOST_BYTES));
    expect((await prepare(folder)).labels).toEqual(['red', 'blue']);
    writeFileSync(file, padded(MOST_BYTES + 1));
    expectRefusal(await refusalOf(prepare(folder)), /config\.json cannot be read: it is larger than 16 MiB/);
  });

  const nested = (depth: number) =>
    `{"id2label": {"0": "[[{{\\"[[", "1": "blue"}, "more": ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  it.each([101, 5_000_000])('with lists in lists 100 deep is read, and an attack by %d is refused', async (depth) => {
    const folder = modelFolder();
    const file = join(folder, 'config.json');
    writeFileSync(file, nested(100));
    expect((await prepare(folder)).labels[1]).toBe('blue');
    writeFileSync(file, nested(depth));
    expectRefusal(await inspect(folder), new RegExp(`config\\.json .*${depth} deep, and at most 100`));
  });
});

describe.concurrent("an attack by words and numbers that JavaScript's own objects react to", () => {
  const faults: readonly [string, string, string, RegExp][] = [
    ['config.json', '__proto__ as a class', '{"id2label": {"__proto__": "red", "1": "green"}}', /no class 0/],
    ['config.json', 'constructor as a class', '{"id2label": {"constructor": "red", "0": "green"}}', /no class 1/],
    ['config.json', '1e400 as an index', '{"id2label": {"red": 0, "green": 1e400}}', /no class 1/],
    ['preprocessor_config.json', '1e400 as a size', '{"size": 1e400}', /size/],
    ['preprocessor_config.json', 'a size that denies to be text', '{"size": {"toString": 1}}', /size/],
    ['model.json', 'a size that denies to be text', '{"input": {"size": {"toString": 1, "valueOf": 1}}}', /size/],
    ['model.json', 'a mean that denies to be a number', '{"input": {"mean": [{"valueOf": 1}, 0, 0]}}', /mean/],
    ['model.json', 'a mean of 1e400', '{"input": {"mean": 1e400}}', /mean/],
  ];

  it.each(faults)('in %s, %s, is refused in one sentence', async (name, _, text, about) => {
    const folder = modelFolder();
    writeFileSync(join(folder, name), text);
    expectRefusal(await refusalOf(prepare(folder)), about);
  });

  it('is refused so by the command', async () => {
    const folder = modelFolder();
    writeFileSync(join(folder, CONFIG), '{"id2label": {"__proto__": "red", "1": "green"}}');
    expectRefusal(await gapcam(['inspect', folder]), /no class 0/);
  });

  it('as keys that nothing asks for is refused by name', async () => {
    const folder = modelFolder();
    const own = '{"__proto__": {"labels": ["a", "b"], "input": 7}, "constructor": {"prototype": {"labels": 1}}}';
    writeFileSync(join(folder, 'model.json'), own);
    expectRefusal(await refusalOf(prepare(folder)), /model\.json.* key __proto__/);
  });
});

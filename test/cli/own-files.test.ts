import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { settingsFor } from '../helpers/reports.js';
import { cat, expectRefusal, filesBelow, folderWith, linesOf, small } from '../helpers/runs.js';

/** A photo, and the run of it. */
let first: string;
beforeAll(async () => {
  first = folderWith({ 'photos/a.jpg': cat });
  expect(await runHere({ photos: [join(first, 'photos')], output: join(first, 'out') })).toMatchObject({ done: 1 });
});

const copy = () => {
  const here = temporaryFolder();
  cpSync(first, here, { recursive: true, preserveTimestamps: true });
  const run = (...args: string[]) => gapcam(['photos', ...small, ...args], { cwd: here });
  const file = (name: string) => join(here, 'mine', name);
  mkdirSync(join(here, 'mine'));
  return { here, run, file };
};

const refusals: readonly [string, (file: (name: string) => string) => void, RegExp][] = [
  [
    "somebody else's run.json",
    (file) => writeFileSync(file('run.json'), '{"scripts":{"start":"x"}}'),
    /run\.json in .*mine is none of gapcam's, or damaged; move it away, or choose another --output\.$/,
  ],
  [
    'a run.json that is torn',
    (file) => writeFileSync(file('run.json'), '{"version":"0.1.0","model":{'),
    /run\.json in .*mine is none of gapcam's, or damaged/,
  ],
  [
    "somebody else's manifest.jsonl",
    (file) => writeFileSync(file('manifest.jsonl'), '{"image":"a.jpg","text":"a cat"}\n'),
    /manifest\.jsonl in .*mine is none of gapcam's; move it away, or choose another --output\.$/,
  ],
  [
    'a run.json that is a folder',
    (file) => mkdirSync(file('run.json')),
    /run\.json in .*mine is a folder, a link or a pipe, and none of gapcam's/,
  ],
  [
    'a manifest.jsonl that is a link to a file elsewhere',
    (file) => {
      writeFileSync(file('../precious'), '');
      symlinkSync(file('../precious'), file('manifest.jsonl'));
    },
    /manifest\.jsonl in .*mine is a folder, a link or a pipe, and none of gapcam's/,
  ],
  [
    'a run.json that is a pipe nobody writes to',
    (file) => expect(spawnSync('mkfifo', [file('run.json')]).status).toBe(0),
    /run\.json in .*mine is a folder, a link or a pipe, and none of gapcam's/,
  ],
];

describe.concurrent('an output folder with', () => {
  it.each(refusals)(
    '%s is refused and left as it is, with --overwrite too, by a run and by a merge',
    async (_, put, sentence) => {
      const { here, file } = copy();
      put(file);
      writeFileSync(file('notes.txt'), 'mine');
      const before = filesBelow(join(here, 'mine')).map((name) => [
        name,
        readFileSync(join(here, 'mine', name), 'utf8'),
      ]);
      const [photos, output, mine] = ['photos', 'out', 'mine'].map((name) => join(here, name));
      const merge = ['merge', output, '-o', mine];
      const outcomes = await Promise.all([
        refusalOf(runHere({ photos: [photos], output: mine })),
        refusalOf(runHere({ photos: [photos], output: mine, overwrite: true })),
        called(merge),
        called([...merge, '--overwrite']),
      ]);
      for (const outcome of outcomes) expectRefusal(outcome, sentence);
      expectRefusal(await called(['report', mine]), /mine/);
      const after = filesBelow(join(here, 'mine')).map((name) => [
        name,
        readFileSync(join(here, 'mine', name), 'utf8'),
      ]);
      expect(after).toEqual(before);
      expect(existsSync(file('.gapcam'))).toBe(false);
    },
  );

  // The first, and those at which the command could wait or write elsewhere.
  it.each([refusals[0], ...refusals.slice(-2)])('%s is refused so by the built command', async (_, put, sentence) => {
    const { run, file } = copy();
    put(file);
    expectRefusal(await run('-o', 'mine'), sentence);
  });

  it("files of other names, an empty manifest.jsonl, or one of a run's lines without run.json is taken", async () => {
    const { here, file } = copy();
    const run = (overwrite: boolean) =>
      runHere({ photos: [join(here, 'photos')], output: join(here, 'mine'), overwrite });
    writeFileSync(file('notes.txt'), 'mine');
    writeFileSync(file('manifest.jsonl'), '');
    expect(await run(false)).toMatchObject({ done: 1 });
    rmSync(file('run.json'));
    expect(await run(true)).toMatchObject({ done: 1 });
    expect(readFileSync(file('notes.txt'), 'utf8')).toBe('mine');
    expect(filesBelow(join(here, 'mine'))).toEqual(['a.jpg.3-cat.jpg', 'manifest.jsonl', 'notes.txt', 'run.json']);
  });
});

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe.concurrent('a run.json made to crash its readers', () => {
  const good = JSON.stringify(settingsFor(['cat', 'dog']));
  const hostile: readonly [string, string][] = [
    ['classes that are numbers', good.replace('"classes":["cat","dog"]', '"classes":[1,2]')],
    ['a shard that is a number beyond all', good.replace('{"version"', '{"shard":1e400,"version"')],
    ['a shard beyond its count', good.replace('{"version"', '{"shard":"3/2","version"')],
    ['a shard of a thousand million', good.replace('{"version"', '{"shard":"1/999999999","version"')],
    ['complete in words', good.replace('{"version"', '{"complete":"yes","version"')],
    ['a version that is a number', good.replace('"version":"0.1.0"', '"version":1')],
    ['options nested 20,000 times', good.replace('"options":{', `"options":{"x":${nested(20_000)},`)],
    ['a kind of head that is a list', good.replace('"kind":"exact"', '"kind":[]')],
    ['a size beyond all numbers', good.replace('"width":224', '"width":1e400')],
    ['a list in place of all', '[]'],
  ];

  const sentence = /run\.json is no longer readable \(.*\); name another folder, or move it away\.$/;

  it.each(hostile)('with %s is refused in one sentence by each command', async (_, text) => {
    const here = folderWith({ 'photos/a.jpg': cat, 'out/run.json': text, 'out/manifest.jsonl': '' });
    expect(text).not.toBe(good);
    const [output, all] = [join(here, 'out'), join(here, 'all')];
    for (const args of [
      ['report', output],
      ['merge', output, '-o', all],
    ]) {
      expectRefusal(await called(args), sentence);
    }
    expect(existsSync(all)).toBe(false);
  });

  it('is refused so by the built command', async () => {
    const text = good.replace('"options":{', `"options":{"x":${nested(20_000)},`);
    const here = folderWith({ 'out/run.json': text, 'out/manifest.jsonl': '' });
    expectRefusal(await gapcam(['report', 'out'], { cwd: here }), sentence);
    expectRefusal(await gapcam(['merge', 'out', '-o', 'all'], { cwd: here }), sentence);
  });

  it('is read up to 16 MiB', async () => {
    const filled = (bytes: number) => good + ' '.repeat(bytes - good.length);
    const files = (text: string) => ({ 'out/run.json': text, 'out/manifest.jsonl': '' });
    const report = (bytes: number) => called(['report', join(folderWith(files(filled(bytes))), 'out')]);
    expect((await report(2 ** 24)).code).toBe(0);
    expectRefusal(await report(2 ** 24 + 1), /run\.json is no longer readable \(it is larger than 16 MiB\)/);
  });

  it('may be nested 100 times', async () => {
    const files = (depth: number) => ({
      'out/run.json': good.replace('"options":{', `"options":{"x":${nested(depth - 2)},`),
      'out/manifest.jsonl': '',
    });
    const report = (depth: number) => called(['report', join(folderWith(files(depth)), 'out')]);
    expect((await report(100)).code).toBe(0);
    const { stderr } = await report(101);
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/\(it is nested more than 100 times\)/)]);
  });
});

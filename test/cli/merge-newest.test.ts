import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import {
  cat,
  expectRefusal,
  explainedNames,
  explainedOf,
  folderWith,
  linesOf,
  picturesBelow,
} from '../helpers/runs.js';

const rocket = readFileSync(fixture('photos', 'rocket.jpg'));

/** Two photos, explained into `old`; and into `new` once one of them is another photo. */
let first: string;
beforeAll(async () => {
  first = folderWith({ 'photos/a.jpg': cat, 'photos/b.jpg': cat });
  const run = (name: string) => runHere({ photos: [join(first, 'photos')], output: join(first, name) });
  expect(await run('old')).toMatchObject({ done: 2 });
  writeFileSync(join(first, 'photos/a.jpg'), rocket);
  expect(await run('new')).toMatchObject({ done: 2 });
});

const copy = () => {
  const here = temporaryFolder();
  cpSync(first, here, { recursive: true, preserveTimestamps: true });
  const folder = (name: string) => join(here, name);
  /** The built command. */
  const merge = (...args: string[]) => gapcam(['merge', ...args], { cwd: here });
  /** The same without a start of it. @param outputs folders by name; the last is the target. */
  const mergeHere = (...outputs: string[]) => {
    const folders = outputs.map(folder);
    return called(['merge', ...folders.slice(0, -1), '-o', folders[folders.length - 1]]);
  };
  const manifest = (name: string) => join(here, name, 'manifest.jsonl');
  const edit = (name: string, change: (lines: readonly string[]) => readonly string[]) =>
    writeFileSync(manifest(name), `${change(linesOf(readFileSync(manifest(name), 'utf8'))).join('\n')}\n`);
  const labelOf = (name: string, photo: string) =>
    explainedOf(folder(name)).find((line) => line.photo === photo)?.predictions[0].label;
  const isComplete = (name: string) => JSON.parse(readFileSync(join(here, name, 'run.json'), 'utf8')).complete === true;
  return { here, folder, merge, mergeHere, manifest, edit, labelOf, isComplete };
};

const at = (time: number) => (line: string) => line.replace(/"explained":\d+/, `"explained":${time}`);
const withoutTime = (line: string) =>
  line.replace(/"source":\{[^}]*\},"explained":\d+,/, '').replace('"version":2', '"version":1');

describe.concurrent('gapcam merge', () => {
  it.each([
    ['old', 'new'],
    ['new', 'old'],
  ])('takes the newest result of a photo, whichever run is named first: %s, %s', async (one, other) => {
    const { folder, mergeHere, labelOf } = copy();
    const { code, stderr } = await mergeHere(one, other, 'all');
    expect(linesOf(stderr)[0]).toBe(`2 photos of 2 runs in ${folder('all')}`);
    expect(code).toBe(0);
    expect(labelOf('all', 'a.jpg')).toBe(labelOf('new', 'a.jpg'));
    expect(labelOf('all', 'a.jpg')).not.toBe(labelOf('old', 'a.jpg'));
    expect(picturesBelow(folder('all'))).toEqual(picturesBelow(folder('new')));
  });

  it('takes a newer result into a target that has an older one, whose pictures go', async () => {
    const { folder, mergeHere, isComplete, labelOf } = copy();
    await mergeHere('old', 'all');
    const before = picturesBelow(folder('all'));
    const { code, stderr } = await mergeHere('new', 'all');
    expect(linesOf(stderr)[0]).toBe(`2 photos of 1 run in ${folder('all')}`);
    expect(code).toBe(0);
    expect(labelOf('all', 'a.jpg')).toBe(labelOf('new', 'a.jpg'));
    expect(explainedNames(folder('all'))).toEqual(['a.jpg', 'b.jpg']);
    expect(picturesBelow(folder('all'))).toEqual(picturesBelow(folder('new')));
    expect(picturesBelow(folder('all'))).not.toEqual(before);
    expect(isComplete('all')).toBe(true);
    // And not the other way round.
    await mergeHere('old', 'all');
    expect(labelOf('all', 'a.jpg')).toBe(labelOf('new', 'a.jpg'));
    expect(picturesBelow(folder('all'))).toEqual(picturesBelow(folder('new')));
  });

  it.each([
    ['explained in the same millisecond', at(5), at(5), 'old'],
    ['explained a millisecond later', at(5), at(6), 'new'],
    ['neither of which says when it was explained', withoutTime, withoutTime, 'old'],
    ['the first of which does not say when', withoutTime, at(0), 'new'],
    ['the second of which does not say when', at(0), withoutTime, 'old'],
  ])('of two results %s takes the right one', async (_, ofOld, ofNew, taken) => {
    const { mergeHere, edit, labelOf } = copy();
    edit('old', (lines) => lines.map(ofOld));
    edit('new', (lines) => lines.map(ofNew));
    await mergeHere('old', 'new', 'all');
    expect(labelOf('all', 'a.jpg')).toBe(labelOf(taken, 'a.jpg'));
    await mergeHere('old', 'into');
    await mergeHere('new', 'into');
    expect(labelOf('into', 'a.jpg')).toBe(labelOf(taken, 'a.jpg'));
  });

  it('names the lines that it cannot read, of the runs and of the target, and does not call the whole complete', async () => {
    const { merge, mergeHere, edit, manifest, isComplete, folder } = copy();
    await mergeHere('new', 'all');
    edit('all', (lines) => [...lines, 'words']);
    // Two lines joined into one, a line that lacks a cell, and the last one torn.
    edit('old', ([one, two]) => [one + two, one.replace('"map":[', '"map":["x",')]);
    appendFileSync(manifest('old'), '{"version":2,"photo":"torn');
    const { code, stderr } = await merge('old', '-o', 'all');
    expect(linesOf(stderr)).toEqual([
      '2 photos of 1 run in all',
      'Report: all/report.html',
      '1 line of all/manifest.jsonl cannot be read (line 3); run that again, and merge then.',
      '3 lines of old/manifest.jsonl cannot be read (lines 1, 2 and 3); run that again, and merge then.',
    ]);
    expect(code).toBe(1);
    expect(isComplete('all')).toBe(false);
    expect(explainedNames(folder('all'))).toEqual(['a.jpg', 'b.jpg']);
    expect((await mergeHere('new', 'all')).code).toBe(0);
    expect(isComplete('all')).toBe(true);
  });

  it('reads a last line that lacks only its line feed, and line ends of Windows', async () => {
    const { folder, mergeHere, manifest } = copy();
    writeFileSync(manifest('old'), linesOf(readFileSync(manifest('old'), 'utf8')).join('\r\n'));
    const { code, stderr } = await mergeHere('old', 'all');
    expect(linesOf(stderr)[0]).toBe(`2 photos of 1 run in ${folder('all')}`);
    expect(code).toBe(0);
    expect(readFileSync(manifest('all'), 'utf8')).not.toContain('\r');
  });

  it('is refused before it touches anything where a picture of what would be taken is gone', async () => {
    const { here, folder, mergeHere } = copy();
    await mergeHere('old', 'all');
    const before = picturesBelow(folder('all'));
    for (const picture of picturesBelow(folder('new'))) rmSync(join(here, 'new', picture));
    expectRefusal(await mergeHere('new', 'all'), /The picture .* is gone, .*run it again, and merge then/);
    expect(picturesBelow(folder('all'))).toEqual(before);
    expect(explainedNames(folder('all'))).toEqual(['a.jpg', 'b.jpg']);
  });
});

describe.concurrent('a manifest made to name files that are none of its pictures', () => {
  /** The runs, with all that such names lead to. */
  const withSecrets = () => {
    const copied = copy();
    const { here, folder } = copied;
    writeFileSync(folder('secret.txt'), 'secret');
    symlinkSync(here, join(folder('old'), 'link'));
    symlinkSync(folder('secret.txt'), join(folder('old'), 'secret-link'));
    mkdirSync(join(folder('old'), 'folder'));
    writeFileSync(join(folder('old'), 'folder/notes.txt'), 'notes');
    return copied;
  };
  const naming = (file: string) => (line: string) => line.replace(/"files":\["[^"]*"\]/, `"files":["${file}"]`);

  const attacks: readonly [string, string][] = [
    ['above the folder', '../secret.txt'],
    ['by its whole path', '/etc/hostname'],
    ['behind a link in the folder', 'link/secret.txt'],
    ['that is a link itself', 'secret-link'],
    ['that is a folder', 'folder'],
    ["that is the run's own", 'run.json'],
    ["that is somebody's own", 'folder/notes.txt'],
    ["that is another photo's picture", 'c.jpg.3-cat.jpg'],
    ["that is the run's own, in disguise", './manifest.jsonl'],
  ];

  it.each(attacks)('is refused by a merge: one %s', async (_, name) => {
    const { folder, mergeHere, edit } = withSecrets();
    edit('old', ([one, two]) => [naming(name)(one), two]);
    const outcome = await mergeHere('old', 'all');
    expectRefusal(
      outcome,
      /manifest\.jsonl of .*old names .* as a picture of .*\.jpg, which is no picture of it in that folder/,
    );
    expect(outcome.stderr).toContain(` names ${name} as `);
    expect(existsSync(folder('all'))).toBe(false);
  });

  it('is refused by the built command, too', async () => {
    const { folder, merge, edit } = withSecrets();
    edit('old', ([one, two]) => [naming('../secret.txt')(one), two]);
    expectRefusal(await merge('old', '-o', 'all'), /names \.\.\/secret\.txt as a picture of .*, which is no picture/);
    expect(existsSync(folder('all'))).toBe(false);
  });

  it('lets --overwrite remove nothing: all of these at once', async () => {
    const { here, folder, edit } = withSecrets();
    const kept = ['link', 'secret-link', 'folder', 'folder/notes.txt', 'c.jpg.3-cat.jpg'];
    writeFileSync(join(folder('old'), 'c.jpg.3-cat.jpg'), 'mine');
    edit('old', ([one, two]) => [
      ...attacks.map(([, name], i) => naming(name)(one).replace(/"photo":"[^"]*"/, `"photo":"${i}.jpg"`)),
      two,
    ]);
    // The picture that no line names any more may be in the way: nobody knows whose it is.
    await runHere({ photos: [join(here, 'photos')], output: folder('old'), overwrite: true });
    expect(readFileSync(folder('secret.txt'), 'utf8')).toBe('secret');
    for (const name of kept) expect(existsSync(join(folder('old'), name)), name).toBe(true);
    expect(existsSync('/etc/hostname')).toBe(true);
  });
});

it('a run that goes on ignores names that lead out of the folder, and does the photo again', async () => {
  const { here, folder, edit } = copy();
  writeFileSync(folder('secret.txt'), 'secret');
  utimesSync(join(here, 'photos/b.jpg'), 1, 1);
  edit('new', (lines) => lines.map((line) => line.replace(/"files":\["[^"]*"\]/, '"files":["../secret.txt"]')));
  expect(await runHere({ photos: [join(here, 'photos')], output: folder('new') })).toMatchObject({ done: 2 });
  expect(readFileSync(folder('secret.txt'), 'utf8')).toBe('secret');
});

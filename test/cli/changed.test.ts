import {
  appendFileSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManifestLine } from '../../src/results/line.js';
import { gapcam, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import {
  cat,
  explainedNames,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';

const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];

// One run for all tests; each has its own copy to go on with.
let first: string;
beforeAll(async () => {
  first = folderWith(Object.fromEntries(names.map((name) => [`photos/${name}`, cat])));
  const output = join(first, 'out');
  expect(await runHere({ photos: [join(first, 'photos')], output, report: true })).toMatchObject({ done: 4 });
});

const copy = () => {
  const here = temporaryFolder();
  cpSync(first, here, { recursive: true, preserveTimestamps: true });
  const output = join(here, 'out');
  /** By the command, without a start of it. */
  const run = () => called([join(here, 'photos'), ...small, '-o', output]);
  /** The same without its processes, and without a report. */
  const again = () => runHere({ photos: [join(here, 'photos')], output });
  const photo = (name: string) => join(here, 'photos', name);
  const lineOf = (name: string): ManifestLine | undefined => manifestOf(output).find((line) => line.photo === name);
  const timesOf = () => filesBelow(output).map((name) => [name, statSync(join(output, name)).mtimeMs] as const);
  return { here, output, run, again, photo, lineOf, timesOf };
};

const pictureOf = (name: string, label = '3-cat') => `${name}.${label}.jpg`;

const expectEachOnce = (output: string) => {
  expect(explainedNames(output)).toEqual(names);
  expect(manifestOf(output)).toHaveLength(names.length);
  expect(picturesBelow(output)).toHaveLength(names.length);
};

describe.concurrent('a run that goes on', () => {
  it('notes of each photo what its file was, and when it was explained', () => {
    const { photo, lineOf } = copy();
    const { size, mtimeMs } = statSync(photo('a.jpg'));
    const line = lineOf('a.jpg');
    expect(line).toMatchObject({ version: 2, source: { size, modified: Math.round(mtimeMs) } });
    expect(Object.keys(line ?? {}).slice(0, 4)).toEqual(['version', 'photo', 'source', 'explained']);
    expect(line?.explained).toBeGreaterThanOrEqual(Math.floor(mtimeMs));
    expect(line?.explained).toBeLessThanOrEqual(Date.now());
  });

  it('does photos again that have changed since, and no other', async () => {
    const { here, output, again, photo, lineOf } = copy();
    const others = [lineOf('b.jpg'), lineOf('d.jpg')];
    // Another photo, and one of the same size that was written at another time.
    writeFileSync(photo('a.jpg'), rocket);
    utimesSync(photo('c.jpg'), 1000, 1000);
    const { code, stdout, stderr } = await gapcam(['photos', ...small, '-o', 'out'], { cwd: here });
    expect(
      linesOf(stdout)
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['photos/a.jpg', 'photos/c.jpg']);
    expect(stderr).toContain('2 photos explained, 2 done before;');
    expect(stderr).toContain('\n2 photos changed since, done again\n');
    expect(code).toBe(0);
    expectEachOnce(output);
    expect([lineOf('b.jpg'), lineOf('d.jpg')]).toEqual(others);
    expect(lineOf('c.jpg')?.source).toEqual({ size: cat.length, modified: 1_000_000 });
    // The picture of the class that the photo had before is gone.
    expect(picturesBelow(output)).not.toContain(pictureOf('a.jpg'));
    expect(await again()).toMatchObject({ done: 0, skipped: 4 });
  });

  it('says of one photo that it has changed', async () => {
    const { run, photo } = copy();
    utimesSync(photo('b.jpg'), 1000, 1000);
    expect((await run()).stderr).toContain('\n1 photo changed since, done again\n');
  });

  it('touches no line and no picture of a changed photo that it does not list, or of one that is gone', async () => {
    const { here, output, photo, timesOf } = copy();
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(photo(name), rocket);
    rmSync(photo('c.jpg'));
    rmSync(join(output, pictureOf('d.jpg')));
    const ofOthers = () => timesOf().filter(([name]) => name.startsWith('a.jpg') || name.startsWith('c.jpg'));
    const before = ofOthers();
    const outcome = await gapcam(['-', ...small, '-o', '../out'], {
      cwd: join(here, 'photos'),
      input: 'b.jpg\nc.jpg\n',
    });
    expect(outcome.stderr).toContain('1 photo explained, 1 done before;');
    expect(ofOthers()).toEqual(before);
    expect(explainedNames(output)).toEqual(names);
    expect(manifestOf(output)).toHaveLength(names.length);
  });

  it('keeps the failure of a photo that it does not list, but not of one that is gone', async () => {
    const { output, photo, again } = copy();
    for (const name of ['e.jpg', 'f.jpg']) writeFileSync(photo(name), 'words');
    expect(await again()).toMatchObject({ done: 0, skipped: 4, failures: new Map([['not-a-photo', 2]]) });
    rmSync(photo('f.jpg'));
    expect(await runHere({ photos: [photo('a.jpg')], output })).toMatchObject({ done: 0, skipped: 1 });
    const failed = manifestOf(output).filter((line) => 'error' in line);
    expect(failed).toMatchObject([{ photo: 'e.jpg', source: { size: 5 }, error: { code: 'not-a-photo' } }]);
  });

  it('does a photo again whose picture is empty, or is no file, and keeps what stands in its place', async () => {
    const { here, output, run } = copy();
    truncateSync(join(output, pictureOf('a.jpg')), 0);
    truncateSync(join(output, pictureOf('b.jpg')), 1);
    rmSync(join(output, pictureOf('c.jpg')));
    writeFileSync(join(here, 'mine.jpg'), 'mine');
    symlinkSync(join(here, 'mine.jpg'), join(output, pictureOf('c.jpg')));
    const { code, stderr } = await run();
    // A picture of one byte was not written by half: nobody looks further.
    expect(stderr).toContain('1 photo explained, 2 done before, 1 failed;');
    expect(stderr).toMatch(/c\.jpg\.3-cat\.jpg is .*, and is not replaced; move it away/);
    expect(code).toBe(1);
    expect(statSync(join(output, pictureOf('a.jpg'))).size).toBeGreaterThan(1000);
    expect(readFileSync(join(here, 'mine.jpg'), 'utf8')).toBe('mine');
  });

  it('removes the other pictures of a photo one of which is missing, since the new ones may differ', async () => {
    const { here } = copy();
    const run = () => runHere({ photos: [join(here, 'photos/a.jpg')], output: join(here, 'two'), explain: { top: 2 } });
    await run();
    const [one, other] = picturesBelow(join(here, 'two'));
    rmSync(join(here, 'two', one));
    writeFileSync(join(here, 'two', other), 'another content');
    expect(await run()).toMatchObject({ done: 1, skipped: 0 });
    expect(picturesBelow(join(here, 'two'))).toEqual([one, other]);
    expect(statSync(join(here, 'two', other)).size).toBeGreaterThan(1000);
  });

  it('counts a photo of a run of before as unchanged, since that did not note what its file was', async () => {
    const { output, again, photo } = copy();
    const file = join(output, 'manifest.jsonl');
    const before = readFileSync(file, 'utf8')
      .replaceAll('"version":2', '"version":1')
      .replaceAll(/"source":\{[^}]*\},"explained":\d+,/g, '');
    writeFileSync(file, before);
    writeFileSync(photo('a.jpg'), rocket);
    expect(await again()).toMatchObject({ done: 0, skipped: 4, changed: 0 });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('that is killed in the midst of changed photos leaves nothing twice', async () => {
    const { here, output, again, photo } = copy();
    for (const name of names) writeFileSync(photo(name), rocket);
    const killed = start(['-', ...small, '--jobs', '1', '-o', '../out'], { cwd: join(here, 'photos'), input: null });
    killed.child.stdin?.write('a.jpg\nb.jpg\nc.jpg\n');
    await killed.printed(2);
    killed.child.kill('SIGKILL');
    await killed.outcome;
    expect(manifestOf(output).length).toBeGreaterThan(names.length);
    await again();
    expectEachOnce(output);
    expect(picturesBelow(output).some((name) => name.includes('3-cat'))).toBe(false);
  });

  it('that is interrupted in the midst of changed photos has one line of each', async () => {
    const { here, output, photo } = copy();
    for (const name of names) writeFileSync(photo(name), rocket);
    const run = start(['-', ...small, '--jobs', '1', '-o', '../out'], { cwd: join(here, 'photos'), input: null });
    run.child.stdin?.write('a.jpg\nb.jpg\n');
    await run.printed(2);
    run.child.kill('SIGINT');
    expect((await run.outcome).code).toBe(130);
    expectEachOnce(output);
  });

  it('says how many lines it could not read, and does their photos again', async () => {
    const { output, run } = copy();
    const file = join(output, 'manifest.jsonl');
    const [one, two, three, four] = linesOf(readFileSync(file, 'utf8'));
    // Two lines joined into one, and the last one torn.
    writeFileSync(file, `${one}\n${two.slice(0, 300)}${three}\n${four.slice(0, -20)}`);
    const { code, stderr } = await run();
    expect(stderr).toContain('3 photos explained, 1 done before;');
    expect(stderr).toContain('\n2 lines of manifest.jsonl could not be read; their photos are done again\n');
    expect(code).toBe(0);
    expectEachOnce(output);
    appendFileSync(file, '{"version":2,"pho');
    expect((await run()).stderr).toContain('\n1 line of manifest.jsonl could not be read; its photo is done again\n');
  });

  it('is not crashed by lines made to: nested 20,000 times, with a number beyond all, of a name of megabytes', async () => {
    const { output, run } = copy();
    const file = join(output, 'manifest.jsonl');
    const [one] = linesOf(readFileSync(file, 'utf8'));
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const lines = [
      `{"version":2,"photo":"n.jpg","x":${nested}}`,
      one.replace(/"width":\d+/, `"width":${nested}`).replace(/"photo":"[^"]*"/, '"photo":"w.jpg"'),
      one.replace(/"explained":\d+/, '"explained":1e400').replace(/"photo":"[^"]*"/, '"photo":"e.jpg"'),
      one.replace(/"size":\d+/, `"size":${'9'.repeat(400)}`).replace(/"photo":"[^"]*"/, '"photo":"s.jpg"'),
      one.replace(/"photo":"[^"]*"/, `"photo":"${'\\\\n'.repeat(2 ** 23)}"`),
    ];
    appendFileSync(file, `${lines.join('\n')}\n`);
    for (const outcome of [await run(), await called(['report', output])]) {
      expect(outcome.stderr).not.toContain('    at ');
      expect(outcome.code).toBe(0);
    }
    const merged = await called(['merge', output, '-o', join(output, '../all')]);
    expect(merged.stderr).not.toContain('    at ');
  });
});

describe('a manifest that goes while a run writes to it', () => {
  it.each([
    { how: 'removed', take: (file: string) => rmSync(file) },
    { how: 'moved away', take: (file: string) => renameSync(file, `${file}.mine`) },
    {
      how: 'replaced by another file',
      take: (file: string) => {
        copyFileSync(file, `${file}.copy`);
        linkSync(file, `${file}.mine`);
        renameSync(`${file}.copy`, file);
      },
    },
  ])('stops the run with one sentence where it is $how', async ({ take }) => {
    const { here, output, photo, again } = copy();
    rmSync(output, { recursive: true });
    mkdirSync(output);
    for (const name of ['e.jpg', 'f.jpg']) writeFileSync(photo(name), cat);
    const run = start(['-', ...small, '--jobs', '1', '-o', '../out'], { cwd: join(here, 'photos'), input: null });
    run.child.stdin?.write('a.jpg\n');
    await run.printed(1);
    take(join(output, 'manifest.jsonl'));
    run.child.stdin?.write('b.jpg\n');
    const { code, stderr } = await run.outcome;
    run.child.stdin?.end();
    expect(linesOf(stderr)).toHaveLength(1);
    expect(stderr).toMatch(
      /^gapcam: .*manifest\.jsonl was removed or replaced while the run wrote to it; run the same command again\.$/m,
    );
    expect(code).toBe(2);
    await again();
    expect(explainedNames(output)).toEqual([...names, 'e.jpg', 'f.jpg']);
  });
});

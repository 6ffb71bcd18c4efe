import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { cat, expectRefusal, explainedNames, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';

const picture = 'cat.jpg.3-cat.jpg';

/** Photos in a folder, as the shell lists them. */
const listed = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort();

describe.concurrent("folders and patterns that would find the run's own pictures", () => {
  const byCommand = (args: readonly string[], cwd: string) => gapcam([...args, ...small], { cwd });
  const here = (args: readonly string[], cwd: string) =>
    called([...args.map((word) => (/^[pl]/.test(word) ? join(cwd, word) : word)), ...small]);

  it.each([
    ['folders in the output', ['p/a', 'p/b', '-o', 'p'], here],
    ['a folder in the output alone', ['p/a', '-o', 'p'], here],
    ['a folder behind a link', ['link', '-o', 'p'], here],
    ['an output behind a link', ['p/a', '-o', 'p-too'], here],
    ['a pattern in the output', ['p/a/*.jpg', '-o', 'p'], here],
    ['a pattern over the output', ['p/**/*.jpg', '-o', 'p'], here],
    ['a pattern in the current folder, which is the output', ['*.jpg', '-o', '.'], byCommand],
    ['a folder in the output of all shards', ['p/a', '-o', 'p', '--shard', '1/2'], here],
  ])('are refused before anything is written: %s', async (_, args, refuse) => {
    const cwd = folderWith({ 'p/a/cat.jpg': cat, 'p/b/cat.jpg': cat });
    symlinkSync(join(cwd, 'p/a'), join(cwd, 'link'));
    symlinkSync(join(cwd, 'p'), join(cwd, 'p-too'));
    const outcome = await refuse(args, cwd);
    expectRefusal(outcome, /looks for photos in the --output .*choose another --output\./);
    expect(readdirSync(join(cwd, 'p')).sort()).toEqual(['a', 'b']);
    expect(readdirSync(cwd).sort()).toEqual(['link', 'p', 'p-too']);
  });

  it('are a line for themselves on standard input, and the other paths go on', async () => {
    const cwd = folderWith({ 'p/a/cat.jpg': cat, 'q/cat.jpg': cat });
    const { code, stderr } = await gapcam(['-', ...small, '-o', 'p'], { cwd, input: 'p/a\np/a/*.jpg\nq\n' });
    expect(linesOf(stderr).slice(0, 2).sort()).toEqual([
      expect.stringMatching(/^p\/a\/\*\.jpg: p\/a\/\*\.jpg looks for photos in the --output /),
      expect.stringMatching(/^p\/a: p\/a looks for photos in the --output /),
    ]);
    expect(
      manifestOf(join(cwd, 'p'))
        .map((line) => ('error' in line ? line.error.code : line.photo))
        .sort(),
    ).toEqual(['in-output', 'in-output', 'q/cat.jpg']);
    expect(code).toBe(1);
  });

  it('may hold the output, or lie beside it, again and again', async () => {
    const cwd = folderWith({ 'p/cat.jpg': cat, 'q-more/cat.jpg': cat });
    const run = async (photos: string, output: string, counts: object) => {
      expect(await runHere({ photos: [join(cwd, photos)], output: join(cwd, output) })).toMatchObject(counts);
    };
    for (const [photos, output] of [
      ['p', 'p/out'],
      ['q-more', 'q'],
    ]) {
      await run(photos, output, { done: 1, skipped: 0 });
      await run(photos, output, { done: 0, skipped: 1 });
    }
    expect(explainedNames(join(cwd, 'p/out'))).toEqual(['cat.jpg']);
  });
});

describe.concurrent('a run whose photos lie in its output', () => {
  it('has the same one line for one photo, however often it is run', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    const run = () => runHere({ photos: [join(cwd, 'cat.jpg')], output: cwd });
    expect(await run()).toMatchObject({ done: 1, skipped: 0, own: 0 });
    const { code, stderr } = await called([join(cwd, 'cat.jpg'), ...small, '-o', cwd]);
    expect([code, stderr]).toEqual([0, `0 photos explained, 1 done before; results in ${cwd}\n`]);
    expect(await run()).toMatchObject({ done: 0, skipped: 1, own: 0 });
    expect(manifestOf(cwd)).toHaveLength(1);
  });

  it('leaves out the pictures that the shell lists with the photos, and says how many', async () => {
    // The second is a photo, though it is called as if it showed the first.
    const cwd = folderWith({ 'cat.jpg': cat, 'cat.jpg.bak.jpg': cat });
    const run = (overwrite: boolean) =>
      runHere({ photos: listed(cwd).map((name) => join(cwd, name)), output: cwd, overwrite });
    expect(await run(false)).toMatchObject({ done: 2, own: 0 });
    expect(listed(cwd)).toHaveLength(4);
    const { code, stderr } = await called([...listed(cwd).map((name) => join(cwd, name)), ...small, '-o', cwd]);
    expect(stderr).toContain('0 photos explained, 2 done before, 2 left out, as they are pictures of the run itself; ');
    expect(code).toBe(0);
    expect(await run(true)).toMatchObject({ done: 2, own: 2 });
    expect(explainedNames(cwd)).toEqual(['cat.jpg', 'cat.jpg.bak.jpg']);
    expect(listed(cwd)).toHaveLength(4);
  });

  it('explains files there that no line of it names, whatever they are called', async () => {
    const cwd = folderWith({ [picture]: cat, 'sub/dog.jpg': cat });
    const photos = [picture, 'sub/dog.jpg'].map((name) => join(cwd, name));
    expect(await runHere({ photos, output: cwd })).toMatchObject({ done: 2, own: 0 });
    expect(explainedNames(cwd)).toEqual([picture, 'sub/dog.jpg']);
  });

  it('has nothing to do with pictures alone, and says so by its exit code', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    await runHere({ photos: [join(cwd, 'cat.jpg')], output: cwd });
    const { code, stderr } = await called([join(cwd, picture), ...small, '-o', cwd]);
    expect(stderr).toBe('0 photos explained, 1 left out, as it is a picture of the run itself\n');
    expect(code).toBe(2);
  });

  it('does not explain pictures that a search finds as they are made', async () => {
    const cwd = folderWith({ 'p/cat.jpg': cat, 'p/dog.jpg': cat });
    const made = join('p/p', picture);
    const { child, outcome, until } = start(['-', ...small, '-o', 'p'], { cwd, input: null });
    child.stdin?.write('p/cat.jpg\n');
    await until(() => existsSync(join(cwd, made)));
    child.stdin?.end(`${made}\np/dog.jpg\n`);
    const { code, stderr } = await outcome;
    expect(stderr).toContain('2 photos explained, 1 left out, as it is a picture of the run itself; ');
    expect(explainedNames(join(cwd, 'p'))).toEqual(['p/cat.jpg', 'p/dog.jpg']);
    expect(code).toBe(0);
  });

  it('waits for the photos under way before it takes what may be a picture of one for a photo', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    const run = () => gapcam(['-', ...small, '-o', '.'], { cwd, input: `cat.jpg\n${picture}\n` });
    await runHere({ photos: [join(cwd, 'cat.jpg')], output: cwd });
    // As a killed run leaves it: a picture, and no line.
    rmSync(join(cwd, 'manifest.jsonl'));
    expect((await run()).stderr).toContain('1 photo explained, 1 left out, as it is a picture of the run itself; ');
    expect(explainedNames(cwd)).toEqual(['cat.jpg']);
  });
});

describe.concurrent('links', () => {
  it('to pictures of the run, and to folders of them, bring no picture among the photos', async () => {
    const cwd = folderWith({ 'p/sub/cat.jpg': cat, 'p/cat.jpg': cat });
    const run = () => runHere({ photos: [join(cwd, 'p')], output: join(cwd, 'out') });
    expect(await run()).toMatchObject({ done: 2 });
    symlinkSync(join(cwd, 'out', picture), join(cwd, 'p/one.jpg'));
    symlinkSync(join(cwd, 'out/sub'), join(cwd, 'p/folder'));
    symlinkSync(join(cwd, 'out'), join(cwd, 'p/all'));
    expect(await run()).toMatchObject({ done: 0, skipped: 2, own: 1 });
    expect(explainedNames(join(cwd, 'out'))).toEqual(['cat.jpg', 'sub/cat.jpg']);
  });

  it('in the output that lead to photos elsewhere are photos', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    const output = join(temporaryFolder(), 'out');
    mkdirSync(output);
    symlinkSync(join(cwd, 'cat.jpg'), join(output, 'link.jpg'));
    writeFileSync(join(output, 'own.jpg'), cat);
    const run = () => runHere({ photos: [join(output, 'link.jpg'), join(output, 'own.jpg')], output });
    expect(await run()).toMatchObject({ done: 2, own: 0 });
    expect(await run()).toMatchObject({ done: 0, skipped: 2, own: 0 });
    expect(explainedNames(output)).toEqual(['link.jpg', 'own.jpg']);
  });
});

import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { cat, expectRefusal, explainedNames, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';

const picture = 'cat.jpg.3-cat.jpg';

/** Photos in a folder, as the shell lists them. */
const listed = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort();

describe.concurrent("folders and patterns that would find the run's own pictures", () => {
  it.each([
    ['folders in the output', ['p/a', 'p/b', '-o', 'p']],
    ['a folder in the output alone', ['p/a', '-o', 'p']],
    ['a folder behind a link', ['link', '-o', 'p']],
    ['an output behind a link', ['p/a', '-o', 'p-too']],
    ['a pattern in the output', ['p/a/*.jpg', '-o', 'p']],
    ['a pattern over the output', ['p/**/*.jpg', '-o', 'p']],
    ['a pattern in the current folder, which is the output', ['*.jpg', '-o', '.']],
    ['a folder in the output of all shards', ['p/a', '-o', 'p', '--shard', '1/2']],
  ])('are refused before anything is written: %s', async (_, args) => {
    const cwd = folderWith({ 'p/a/cat.jpg': cat, 'p/b/cat.jpg': cat });
    symlinkSync(join(cwd, 'p/a'), join(cwd, 'link'));
    symlinkSync(join(cwd, 'p'), join(cwd, 'p-too'));
    expectRefusal(
      await gapcam([...args, ...small], { cwd }),
      /looks for photos in the --output .*choose another --output\./,
    );
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
    for (const before of ['1 photo explained', '0 photos explained, 1 done before']) {
      expect((await gapcam(['p', ...small, '-o', 'p/out'], { cwd })).stderr).toContain(`${before}; results in p/out`);
      expect((await gapcam(['q-more', ...small, '-o', 'q'], { cwd })).stderr).toContain(`${before}; results in q\n`);
    }
    expect(explainedNames(join(cwd, 'p/out'))).toEqual(['cat.jpg']);
  });
});

describe.concurrent('a run whose photos lie in its output', () => {
  it('has the same one line for one photo, however often it is run', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    for (const words of [
      '1 photo explained',
      '0 photos explained, 1 done before',
      '0 photos explained, 1 done before',
    ]) {
      const { code, stderr } = await gapcam(['cat.jpg', ...small, '-o', '.'], { cwd });
      expect([code, stderr]).toEqual([0, `${words}; results in .\n`]);
    }
    expect(manifestOf(cwd)).toHaveLength(1);
  });

  it('leaves out the pictures that the shell lists with the photos, and says how many', async () => {
    // The second is a photo, though it is called as if it showed the first.
    const cwd = folderWith({ 'cat.jpg': cat, 'cat.jpg.bak.jpg': cat });
    expect((await gapcam([...listed(cwd), ...small, '-o', '.'], { cwd })).stderr).toContain('2 photos explained; ');
    expect(listed(cwd)).toHaveLength(4);
    const { code, stderr } = await gapcam([...listed(cwd), ...small, '-o', '.'], { cwd });
    expect(stderr).toContain('0 photos explained, 2 done before, 2 left out, as they are pictures of the run itself; ');
    expect(code).toBe(0);
    const again = await gapcam([...listed(cwd), ...small, '-o', '.', '--overwrite'], { cwd });
    expect(again.stderr).toContain('2 photos explained, 2 left out, as they are pictures of the run itself; ');
    expect(again.code).toBe(0);
    expect(explainedNames(cwd)).toEqual(['cat.jpg', 'cat.jpg.bak.jpg']);
    expect(listed(cwd)).toHaveLength(4);
  });

  it('explains files there that no line of it names, whatever they are called', async () => {
    const cwd = folderWith({ [picture]: cat, 'sub/dog.jpg': cat });
    const { stderr } = await gapcam([picture, 'sub/dog.jpg', ...small, '-o', '.'], { cwd });
    expect(stderr).toContain('2 photos explained; ');
    expect(explainedNames(cwd)).toEqual([picture, 'sub/dog.jpg']);
  });

  it('has nothing to do with pictures alone, and says so by its exit code', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    await gapcam(['cat.jpg', ...small, '-o', '.'], { cwd });
    const { code, stderr } = await gapcam([picture, ...small, '-o', '.'], { cwd });
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
    await gapcam(['cat.jpg', ...small, '-o', '.'], { cwd });
    // As a killed run leaves it: a picture, and no line.
    rmSync(join(cwd, 'manifest.jsonl'));
    expect((await run()).stderr).toContain('1 photo explained, 1 left out, as it is a picture of the run itself; ');
    expect(explainedNames(cwd)).toEqual(['cat.jpg']);
  });
});

describe.concurrent('links', () => {
  it('to pictures of the run, and to folders of them, bring no picture among the photos', async () => {
    const cwd = folderWith({ 'p/sub/cat.jpg': cat, 'p/cat.jpg': cat });
    await gapcam(['p', ...small, '-o', 'out'], { cwd });
    symlinkSync(join(cwd, 'out', picture), join(cwd, 'p/one.jpg'));
    symlinkSync(join(cwd, 'out/sub'), join(cwd, 'p/folder'));
    symlinkSync(join(cwd, 'out'), join(cwd, 'p/all'));
    const { code, stderr } = await gapcam(['p', ...small, '-o', 'out'], { cwd });
    expect(stderr).toContain('0 photos explained, 2 done before, 1 left out, as it is a picture of the run itself; ');
    expect(code).toBe(0);
    expect(explainedNames(join(cwd, 'out'))).toEqual(['cat.jpg', 'sub/cat.jpg']);
  });

  it('in the output that lead to photos elsewhere are photos', async () => {
    const cwd = folderWith({ 'cat.jpg': cat });
    const output = join(temporaryFolder(), 'out');
    mkdirSync(output);
    symlinkSync(join(cwd, 'cat.jpg'), join(output, 'link.jpg'));
    writeFileSync(join(output, 'own.jpg'), cat);
    const args = [join(output, 'link.jpg'), join(output, 'own.jpg'), ...small, '-o', output];
    expect((await gapcam(args)).stderr).toContain('2 photos explained; ');
    expect((await gapcam(args)).stderr).toContain('0 photos explained, 2 done before; ');
    expect(explainedNames(output)).toEqual(['link.jpg', 'own.jpg']);
  });
});

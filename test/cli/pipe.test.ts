import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { fixture } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { cat, expectRefusal, folderWith, linesOf, small } from '../helpers/runs.js';

const pipe = ['-', ...small, '--json', '--write', 'none'] as const;
const photo = fixture('photos', 'cat.jpg');

interface Answer {
  readonly in: string;
  readonly photo: string;
  readonly error?: { readonly code: string };
  readonly maps?: readonly { readonly files: readonly string[]; readonly map: readonly number[] }[];
}

describe.concurrent('a pipe: paths in, lines out, no file', () => {
  it('answers each line once, echoed, whatever it is, and ends with exit code 0 though some fail', async () => {
    const folder = folderWith({ 'cat.jpg': cat, 'a*b.jpg': cat, 'folder/cat.jpg': cat, 'text.jpg': 'words' });
    const elsewhere = join(folderWith({ 'x.jpg': cat }), 'x.jpg');
    const lines = ['cat.jpg', '', 'cat.jpg', './cat.jpg', 'a*b.jpg', '*.jpg', 'folder', 'text.jpg', 'no\ud800.jpg'];
    const long = 'l'.repeat(2 ** 17);
    const more = ['run.json', '<standard input>', '-o', 'c\0t.jpg', elsewhere, 'cr\rlf.jpg'];
    const input = Buffer.concat([
      Buffer.from([...lines, long, ...more].join('\n')),
      Buffer.from('\nb\xe9.jpg\r\n', 'latin1'),
    ]);
    const { code, stdout, stderr } = await gapcam(pipe, { cwd: folder, input });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{"in":"/);
    const answers: Answer[] = linesOf(stdout).map((line) => JSON.parse(line));
    // What was written as a lone surrogate are the bytes of U+FFFD by the time it is in the pipe.
    const start = `${long.slice(0, 100)}...`;
    const expected = [...lines.map((line) => line.replace('\ud800', '\ufffd')), start, ...more, 'b\udce9.jpg'];
    expect(answers.map((answer) => answer.in).sort()).toEqual(expected.sort());
    const fates = new Map(answers.map((answer) => [answer.in, answer.error?.code ?? 'explained']));
    expect(Object.fromEntries(fates)).toMatchObject({
      'cat.jpg': 'explained',
      './cat.jpg': 'explained',
      // A line is a path, never a pattern.
      'a*b.jpg': 'explained',
      '*.jpg': 'missing',
      '': 'missing',
      folder: 'not-a-file',
      'text.jpg': 'not-a-photo',
      'c\0t.jpg': 'missing',
      [elsewhere]: 'explained',
      'b\udce9.jpg': 'missing',
      [start]: 'missing',
    });
    expect(answers.filter(({ maps }) => maps !== undefined)).toHaveLength(5);
    for (const { maps } of answers) expect(maps?.flatMap(({ files }) => files) ?? []).toEqual([]);
    expect(stderr).toContain('5 photos explained, 12 failed\n');
    expect(readdirSync(folder).sort()).toEqual(['a*b.jpg', 'cat.jpg', 'folder', 'text.jpg']);
  });

  it('answers while further lines may come, and has the same map as a run that writes', async () => {
    const folder = folderWith({ 'cat.jpg': cat });
    const { child, outcome, printed } = start([...pipe, '--jobs', '1'], { cwd: folder, input: null });
    child.stdin?.write('cat.jpg\nno');
    const [first] = linesOf(await printed(1));
    child.stdin?.end('ne.jpg\n');
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(2);
    expect(existsSync(join(folder, 'heatmaps'))).toBe(false);
    const other = await called([join(folder, 'cat.jpg'), ...small, '--json', '-o', join(folder, 'out')]);
    const [{ in: answered, ...answer }, line] = [JSON.parse(first), JSON.parse(other.stdout)];
    expect(answered).toBe('cat.jpg');
    expect(answer.maps).toEqual(line.maps.map((map: object) => ({ ...map, files: [] })));
    expect(Object.keys(answer)).toEqual(Object.keys(line));
  });

  it('ends with exit code 0 and nothing on standard output where no line comes, as in an empty partition', async () => {
    expect(await gapcam([...pipe, '--quiet'], { input: '' })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('ends with exit code 1 with --strict where a photo failed, after all lines', async () => {
    const settings = ['--preset', 'raw', '--size', '32', '--strict'];
    const { code, stdout } = await gapcam([...pipe, ...settings, '-q'], { input: `none.jpg\n${photo}\n` });
    expect(linesOf(stdout)).toHaveLength(2);
    expect(code).toBe(1);
  });
});

describe('a run that writes nothing', () => {
  it.each([
    [['-o', 'out'], /--output wants some/],
    [['-o', 'heatmaps'], /--output wants some/],
    [['--overwrite'], /--overwrite wants some/],
    [['--report'], /--report wants some/],
    [['--write', 'overlay'], /Nothing else is written with none/],
    [['--crop-boxes'], /Nothing else is written with none/],
    [['--caption'], /A caption belongs to overlays/],
    [['--show'], /--show shows overlays/],
    [['--quiet'], /would say nothing; add --json/],
  ])('refuses %j, which wants a file or leaves nothing', async (words, about) => {
    expectRefusal(await called([photo, '--write', 'none', ...words]), about);
  });

  it('refuses a part of standard input, each line of which has an answer', async () => {
    expectRefusal(await called(['-', '--json', '--write', 'none', '--shard', '1/2']), /leave out --shard/);
  });

  it('says on the terminal what is seen, and fails as other runs do where a photo fails', async () => {
    const folder = folderWith({ 'cat.jpg': cat, 'text.jpg': 'words' });
    const { code, stdout, stderr } = await called([folder, ...small, '--write', 'none']);
    expect(stdout).toMatch(/\/cat\.jpg: cat \d+\.\d %\n$/);
    expect(stderr).toContain('1 photo explained, 1 failed\n');
    expect(code).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['cat.jpg', 'text.jpg']);
  });

  it('says in JSON which photo each line is about as it was named, and with --exit-zero fails for no photo', async () => {
    const folder = folderWith({ 'a/x.jpg': cat, 'b/x.jpg': 'words' });
    const photos = ['a/x.jpg', 'b/x.jpg'].map((name) => join(folder, name));
    const { code, stdout } = await called([...photos, ...small, '--json', '--write', 'none', '--exit-zero']);
    expect(linesOf(stdout).map((line) => JSON.parse(line).in)).toEqual(expect.arrayContaining(photos));
    expect(code).toBe(0);
  });
});

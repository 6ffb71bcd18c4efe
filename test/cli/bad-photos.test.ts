import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Outcome } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { declaredPng } from '../helpers/poison.js';
import { cat, expectSentence, explainedNames, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';
import { somebody } from '../helpers/somebody.js';

describe('a folder with photos that cannot be read', () => {
  const output = join(temporaryFolder(), 'out');
  let outcome: Outcome;
  let folder: string;
  beforeAll(async () => {
    const png = await sharp(cat).png().toBuffer();
    const webp = await sharp(cat).webp().toBuffer();
    folder = folderWith({
      'a.jpg': cat,
      'empty.jpg': '',
      'half.jpg': cat.subarray(0, cat.length >> 1),
      'half.png': png.subarray(0, png.length >> 1),
      'half.webp': webp.subarray(0, webp.length >> 1),
      'huge.png': declaredPng(20_000, 20_000),
      'vector.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
      'words.jpg': 'just words',
      'z.jpg': cat,
    });
    outcome = await gapcam([folder, join(folder, 'missing.jpg'), ...small, '-o', output]);
  });

  const noteOn = (name: string): string | undefined => {
    const notes = linesOf(outcome.stderr).filter((line) => line.startsWith(`${join(folder, name)}: `));
    expect(notes).toHaveLength(1);
    return notes[0];
  };

  it('has the others explained, and exit code 1', () => {
    expect(explainedNames(output)).toEqual(['a.jpg', 'z.jpg']);
    expect(linesOf(outcome.stdout)).toHaveLength(2);
    expect(linesOf(outcome.stderr).slice(-3)).toEqual([
      `2 photos explained, 8 failed; results in ${output}`,
      expect.stringMatching(/^Failed: 3 undecodable, 2 not-a-photo, (1 [a-z-]+(, |$)){3}/),
      `Report: ${join(output, 'report.html')}`,
    ]);
    expect(outcome.code).toBe(1);
  });

  it.each([
    ['A text file named .jpg', 'words.jpg', /not one of jpeg, png/, 'not-a-photo'],
    ['An SVG named .png', 'vector.png', /svg.*not one of jpeg, png/, 'not-a-photo'],
    ['An empty file', 'empty.jpg', /empty/, 'empty'],
    ['A JPEG cut in half', 'half.jpg', /damaged or cut off/, 'undecodable'],
    ['A PNG cut in half', 'half.png', /damaged or cut off/, 'undecodable'],
    ['A WebP cut in half', 'half.webp', /damaged or cut off/, 'undecodable'],
    ['A photo of 20,000 x 20,000 declared pixels', 'huge.png', /more than 268 million pixels/, 'too-large'],
    ['A missing file', 'missing.jpg', /no file or folder/, 'missing'],
  ])('%s costs only that photo, with one sentence', (_, name, about, code) => {
    expectSentence(noteOn(name), about);
    const lines = manifestOf(output).filter(({ photo }) => photo === name);
    expect(lines).toMatchObject([{ photo: name, error: { code } }]);
  });

  it('says nothing else, and shows no stack', () => {
    expect(linesOf(outcome.stderr)).toHaveLength(11);
    expect(outcome.stderr).not.toContain('    at ');
  });
});

describe.skipIf(somebody === undefined).concurrent('what may not be read', () => {
  /** Runs the command as someone to whom permissions apply, in a folder that all may enter. */
  const runAsSomeone = async (...names: string[]) => {
    const folder = folderWith({ 'a.jpg': cat, 'locked.jpg': cat, 'shut/b.jpg': cat, 'z/after.jpg': cat });
    const output = temporaryFolder();
    for (const name of ['.', 'z']) chmodSync(join(folder, name), 0o755);
    for (const name of ['a.jpg', 'z/after.jpg']) chmodSync(join(folder, name), 0o644);
    for (const name of ['locked.jpg', 'shut']) chmodSync(join(folder, name), 0);
    if (somebody?.uid !== undefined) chownSync(output, somebody.uid, somebody.uid);
    const outcome = await gapcam([...names, ...small, '-o', output], { cwd: folder, ...somebody });
    chmodSync(join(folder, 'shut'), 0o755);
    return { ...outcome, output };
  };

  it('costs one photo where it is a file', async () => {
    const { code, stdout, stderr, output } = await runAsSomeone('a.jpg', 'locked.jpg');
    expect(linesOf(stderr)).toHaveLength(3);
    expectSentence(linesOf(stderr)[0], /^locked\.jpg: .*cannot be read/);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(explainedNames(output)).toEqual(['a.jpg']);
    expect(code).toBe(1);
  });

  it('costs what is in it where it is a folder, and no folder after it', async () => {
    const { code, stderr, output } = await runAsSomeone('.');
    expect(stderr).not.toContain('    at ');
    expect(linesOf(stderr).filter((line) => line.includes('shut'))).toHaveLength(1);
    expect(explainedNames(output)).toEqual(['a.jpg', 'z/after.jpg']);
    expect(code).toBe(1);
  });

  it('is named where it is the one folder given', async () => {
    const { code, stderr } = await runAsSomeone('shut');
    expectSentence(linesOf(stderr)[0], /^shut: .*cannot be read/);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(1);
  });
});

describe.concurrent('inputs without a photo', () => {
  it.each<[string, readonly (readonly [string, RegExp])[], number]>([
    [
      'a folder without photos, an empty folder, a pattern that matches nothing',
      [
        ['words', /words holds no photos/],
        ['empty', /empty holds no photos/],
        ['**/*.webp', /No photo matches \*\*\/\*\.webp/],
      ],
      2,
    ],
    [
      'a pattern below a folder that is not there, a missing file',
      [
        ['gone/*.webp', /Nothing matches gone\/\*\.webp/],
        ['gone.jpg', /There is no file or folder gone\.jpg/],
      ],
      1,
    ],
  ])('are named: %s', async (_, inputs, exitCode) => {
    const cwd = folderWith({ 'a.jpg': cat, 'words/notes.txt': 'words' });
    mkdirSync(join(cwd, 'empty'));
    const words = inputs.map(([input]) => input);
    const { code, stdout, stderr } = await gapcam([...words, ...small, '-o', temporaryFolder()], { cwd });
    for (const [input, about] of inputs) {
      const [named, ...more] = linesOf(stderr).filter((line) => line.startsWith(`${input}: `));
      expectSentence(named, about);
      expect(more).toEqual([]);
    }
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(exitCode);
  });

  it('cost no other: a folder without photos beside a photo', async () => {
    const folder = folderWith({ 'a.jpg': cat });
    mkdirSync(join(folder, 'none'));
    writeFileSync(join(folder, 'none/notes.txt'), 'words');
    const words = ['none', 'a.jpg'].map((name) => join(folder, name));
    const { code, stdout } = await called([...words, ...small, '-o', temporaryFolder()]);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('are said to be none where standard input is empty', async () => {
    const { code, stderr } = await gapcam(['-', ...small, '-o', temporaryFolder()]);
    expectSentence(linesOf(stderr)[0], /no photo|no path/i);
    expect(code).toBe(2);
  });
});

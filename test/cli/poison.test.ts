import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isError } from '../../src/results/line.js';
import { gapcam, type Outcome, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { poison } from '../helpers/poison.js';
import {
  cat,
  expectSentence,
  explainedNames,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';

const GOOD = 30;
const goodNames = Array.from({ length: GOOD }, (_, i) => `${100 + i}.jpg`);

describe('a folder of good photos with everything else among them', () => {
  const output = join(temporaryFolder(), 'out');
  const folder = folderWith(Object.fromEntries(goodNames.map((name) => [name, cat])));
  let codes: ReadonlyMap<string, string>;
  let outcome: Outcome;
  beforeAll(async () => {
    codes = await poison(folder, fixture('photos', 'cat.jpg'));
    outcome = await gapcam([folder, ...small, '-q', '-o', output]);
  });

  it('has every good photo explained, and exit code 1', () => {
    expect(explainedNames(output)).toEqual(goodNames);
    expect(picturesBelow(output)).toHaveLength(GOOD);
    expect(outcome.code).toBe(1);
  });

  it('has a line in the manifest for each of the others, with what is wrong', () => {
    const failures = manifestOf(output).filter(isError);
    expect(Object.fromEntries(failures.map(({ photo, error }) => [photo, error.code]))).toEqual(
      Object.fromEntries(codes),
    );
    expect(failures).toHaveLength(codes.size);
  });

  it('has a sentence on standard error for each of them, with --quiet too, and nothing else', () => {
    const notes = linesOf(outcome.stderr);
    expect(notes).toHaveLength(codes.size);
    for (const name of codes.keys()) {
      const [note] = notes.filter((line) => line.startsWith(`${join(folder, name)}: `));
      expectSentence(note, /: .+/);
    }
    expect(outcome.stdout).toBe('');
  });
});

describe('a photo whose picture a folder stands in the way of', () => {
  it('costs no other', async () => {
    const output = temporaryFolder();
    const photos = folderWith({ 'a.jpg': cat, 'a.jpg.3-cat.jpg/x.jpg': cat, 'z.jpg': cat });
    const { code, stderr } = await called([photos, ...small, '-o', output]);
    // Whichever is written first, the file or the folder, is in the other's way.
    expect(stderr).toMatch(/: (No file can be called .*|.* is a folder, and is not replaced; .*)\.\n/);
    expect(code).toBe(1);
    expect(explainedNames(output)).toContain('z.jpg');
    expect(manifestOf(output).filter((line) => 'error' in line)).toMatchObject([
      { error: { code: expect.stringMatching(/^name-(unwritable|taken)$/) } },
    ]);
  });
});

describe('paths from standard input that lead to no photo', () => {
  it('cost no other: one that is gone, one too long, one through a file, a pipe', async () => {
    const folder = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const output = temporaryFolder();
    const input = `a.jpg\ngone.jpg\n${'n'.repeat(300)}.jpg\na.jpg/x.jpg\n/dev/zero\nb.jpg\n`;
    const { code, stderr } = await gapcam(['-', ...small, '-o', output], { cwd: folder, input });
    expect(explainedNames(output)).toEqual(['a.jpg', 'b.jpg']);
    expect(stderr).not.toContain('    at ');
    for (const line of linesOf(stderr).slice(0, 4)) expectSentence(line, /There is no file|too long|no file, but/);
    expect(stderr).toContain('2 photos explained, 4 failed;');
    expect(code).toBe(1);
  });

  it('are refused where they end in zero bytes, and what was done before is kept', async () => {
    const folder = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const output = temporaryFolder();
    const { code, stderr } = await gapcam(['-', ...small, '-q', '-o', output], {
      cwd: folder,
      input: 'a.jpg\nb.jpg\0',
    });
    expect(linesOf(stderr)).toHaveLength(1);
    expectSentence(linesOf(stderr)[0], /zero byte.*without -print0/);
    expect(code).toBe(2);
    expect(explainedNames(output)).toEqual(['a.jpg']);
  });

  it('cost no other: a photo that is removed after it was listed', async () => {
    const folder = folderWith(Object.fromEntries(goodNames.map((name) => [name, cat])));
    const output = temporaryFolder();
    const { child, outcome } = start([folder, ...small, '--jobs', '1', '-o', output]);
    child.stdout?.once('data', () => rmSync(join(folder, goodNames[GOOD - 1])));
    const { code, stderr } = await outcome;
    expect(explainedNames(output)).toEqual(goodNames.slice(0, -1));
    expectSentence(linesOf(stderr)[0], /129\.jpg: The file is not there\.$/);
    expect(code).toBe(1);
  });
});

describe.skipIf(process.platform !== 'linux')('names that are no UTF-8', () => {
  // Latin-1 for "é.jpg" and "è.jpg": as text, both are the same mark of what cannot be read.
  const names = [0xe9, 0xe8].map((byte) => Buffer.from([byte, ...Buffer.from('.jpg')]));
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'photos'));
  const pathTo = (name: Buffer) => Buffer.concat([Buffer.from(join(folder, 'photos/')), name]);
  for (const name of names) writeFileSync(pathTo(name), cat);

  const expectBoth = (output: string, below = '') => {
    expect(
      manifestOf(output)
        .map(({ photo }) => photo)
        .sort(),
    ).toEqual([`${below}\udce8.jpg`, `${below}\udce9.jpg`]);
    expect(explainedNames(output)).toHaveLength(2);
    const pictures = readdirSync(join(output, below), { encoding: 'buffer' }).map((name) => name.toString('latin1'));
    expect(pictures.filter((name) => name.endsWith('cat.jpg')).sort()).toEqual(['è.jpg.3-cat.jpg', 'é.jpg.3-cat.jpg']);
  };

  it('are explained in a folder, under the same bytes, and once', async () => {
    const output = temporaryFolder();
    expect((await gapcam([join(folder, 'photos'), ...small, '-o', output])).code).toBe(0);
    expectBoth(output);
    expect(await runHere({ photos: [join(folder, 'photos')], output })).toMatchObject({ done: 0, skipped: 2 });
    expectBoth(output);
  });

  it('are explained from standard input', async () => {
    const output = temporaryFolder();
    const input = Buffer.concat(names.flatMap((name) => [Buffer.from('photos/'), name, Buffer.from('\n')]));
    expect((await gapcam(['-', ...small, '-o', output], { cwd: folder, input })).code).toBe(0);
    expectBoth(output, 'photos/');
  });

  it('are explained where they are long', async () => {
    const long = folderWith({});
    for (const name of names) {
      const from = Buffer.concat([Buffer.from(`${long}/`), name]);
      writeFileSync(from, cat);
      renameSync(from, Buffer.concat([Buffer.from(`${long}/${'n'.repeat(240)}`), name]));
    }
    const output = temporaryFolder();
    expect(await runHere({ photos: [long], output })).toMatchObject({ done: 2 });
    expect(picturesBelow(output)).toHaveLength(2);
  });
});

import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { pixelsOf } from '../helpers/pictures.js';
import { expectRefusal, explainedOf, small } from '../helpers/runs.js';

const photo = fixture('photos', 'cat.jpg');

describe.concurrent('an option out of its range is refused before anything is written', () => {
  it.each([
    [['-k', '0'], /whole number from 1 for top .*0/],
    [['-k', '1.5'], /whole number from 1 for top .*1\.5/],
    [['-k', '-1'], /whole number from 1 for top .*-1/],
    [['-k', 'many'], /whole number from 1 for top .*many/],
    [['-k'], /\b(top|k)\b/],
    [['--opacity', '1.01'], /number from 0 to 1 for opacity .*1\.01/],
    [['--opacity', '-0.1'], /number from 0 to 1 for opacity .*-0\.1/],
    [['--opacity', 'half'], /number from 0 to 1 for opacity .*half/],
    [['--opacity'], /opacity/],
    [['--opacity', '0.2', '--opacity', '0.4'], /opacity/],
    [['--format', 'bmp'], /jpeg"?, "?png"?, "?webp/],
    [['--colormap', 'rainbow'], /turbo"?, .*viridis/],
    [['-c', ''], /index or a label/],
    [['-m'], /\b(model|m)\b/],
    [['-o'], /\b(output|o)\b/],
    [['--wings'], /wings/],
  ])('%j', async (words, about) => {
    const output = join(temporaryFolder(), 'out');
    const target = words[0] === '-o' ? [] : ['-o', output];
    const model = words[0] === '-m' ? [] : small;
    expectRefusal(await gapcam([photo, ...model, ...target, ...words], { cwd: temporaryFolder() }), about);
    expect(existsSync(output)).toBe(false);
  });

  it('is told from a photo that is missing: an unknown option swallows no photo', async () => {
    expectRefusal(await gapcam(['--wings', photo], { cwd: temporaryFolder() }), /wings/);
  });

  it('has a way on: no words at all', async () => {
    expectRefusal(await gapcam([]), /photo.*gapcam --help/);
  });

  it('is refused: photos both as words and from standard input', async () => {
    expectRefusal(await gapcam(['-', photo, '-o', temporaryFolder()]), /not both/);
  });
});

describe.concurrent('the ends of a range are taken', () => {
  it.each([
    ['--opacity', '0'],
    ['--opacity', '1'],
    ['-k', '1'],
    ['-k', '10'],
  ])('%s %s', async (option, value) => {
    const output = temporaryFolder();
    expect((await gapcam([photo, ...small, '-o', output, option, value])).code).toBe(0);
    const [{ maps }] = explainedOf(output);
    expect(maps).toHaveLength(option === '-k' ? Number(value) : 1);
    expect((await pixelsOf(join(output, maps[0].files[0]))).width).toBe(451);
  });
});

describe.concurrent('an output folder that cannot be written is refused in one sentence', () => {
  it('where a file stands in its place, or above it', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const output of [file, join(file, 'below')]) {
      expectRefusal(await gapcam([photo, ...small, '-o', output]), /Cannot write to the output folder .*file stands/);
    }
  });

  it('where the system lets nobody make folders', async () => {
    const { child, outcome } = start([photo, ...small, '-o', '/proc/gapcam/results']);
    const watch = setTimeout(() => child.kill('SIGKILL'), 8000);
    const ended = await outcome;
    clearTimeout(watch);
    expectRefusal(ended, /Cannot write to the output folder \/proc/);
  });

  it('where it may not be written to', async () => {
    const output = temporaryFolder();
    chmodSync(output, 0o555);
    // Root writes anywhere, so it runs the command as nobody.
    const user = process.getuid?.() === 0 ? { uid: 65534 } : {};
    expectRefusal(await gapcam([photo, ...small, '-o', output], user), /Cannot write .*may not be written/);
  });
});

import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isError } from '../../src/results/line.js';
import { buildModel } from '../helpers/build-model.js';
import { gapcam, start } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { pixelsOf } from '../helpers/pictures.js';
import { expectRefusal, explainedNames, explainedOf, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';
import { somebody } from '../helpers/somebody.js';

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
    [['--jobs', '0'], /whole number from 1 to 1024 for jobs .*0/],
    [['--jobs', '1025'], /whole number from 1 to 1024 for jobs .*1025/],
    [['--jobs', '1.5'], /whole number from 1 to 1024 for jobs .*1\.5/],
    [['--jobs', 'x'], /whole number from 1 to 1024 for jobs .*x/],
    [['-o', 'one', '-o', 'two'], /--output is given twice; give it once/],
    [['-k', '1', '-k', '2'], /is given twice; give it once/],
    [['--timeout', '0'], /seconds above 0, at most 86400 for timeout .*0/],
    [['--timeout', '-1'], /seconds above 0, at most 86400 for timeout .*-1/],
    [['--timeout', '86401'], /seconds above 0, at most 86400 for timeout .*86401/],
    [['--timeout', 'long'], /seconds above 0, at most 86400 for timeout .*long/],
    [['--measure', 'nope'], /one of insertion, deletion, drop, adcc, ablation for measure .*nope.*the nearest is/],
    [['--measure', 'insertion,delletion'], /for measure .*delletion.*the nearest is deletion/],
    [['--measure'], /measure/],
    [['--measure', 'drop', '--measure-profile', 'rice'], /one of rise, rise-224, .* the nearest is rise/],
    [['--measure-profile', 'rise'], /The profile rise belongs to insertion and deletion; add one of them/],
    [['--measure', 'drop', '--measure-profile', 'rise'], /The profile rise belongs to insertion and deletion/],
    [['--measure-sample', '1%'], /--measure-sample says which photos are measured; add --measure/],
    [['--measure', 'drop', '--measure-sample', '0'], /a number of photos up to 1000000.* for measure-sample .*0/],
    [['--shard', '4/3'], /a part such as 3\/16, or auto for shard .*4\/3/],
    [['--shard', 'auto'], /--shard auto finds none of JOB_COMPLETION_INDEX/],
    [['-c', ''], /index or a label/],
    [['-m'], /\b(model|m)\b/],
    [['-o'], /\b(output|o)\b/],
    [['--wings'], /wings/],
  ])('%j', async (words, about) => {
    const output = join(temporaryFolder(), 'out');
    const target = words[0] === '-o' ? [] : ['-o', output];
    const model = words[0] === '-m' ? [] : small;
    expectRefusal(await called([photo, ...model, ...target, ...words]), about);
    expect(existsSync(output)).toBe(false);
  });

  it('by the command', async () => {
    const cwd = temporaryFolder();
    expectRefusal(await gapcam([photo, ...small, '--opacity', '1.01'], { cwd }), /number from 0 to 1 for opacity/);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe.concurrent('words that make no sense', () => {
  it('are named where an option is unknown, which swallows no photo', async () => {
    expectRefusal(await called(['--wings', photo]), /wings/);
  });

  it('are refused in English, whatever the language of the system', async () => {
    const environment = { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
    expectRefusal(await gapcam([photo, '-k'], { environment }), /^gapcam: Not enough arguments following: k\./);
  });

  it('are refused where there are none at all, with the way to the help', async () => {
    expectRefusal(await called([]), /photo.*gapcam --help/);
  });

  it('are refused where photos come both as words and from standard input', async () => {
    expectRefusal(await called(['-', photo, '-o', temporaryFolder()]), /not both/);
  });
});

describe.concurrent('the ends of a range are taken', () => {
  it.each([
    [1, ['--opacity', '0', '-k', '1', '--jobs', '1']],
    [10, ['--opacity', '1', '-k', '10', '--jobs', '1024', '--timeout', '86400']],
  ])('%s map with %j', async (count, words) => {
    const output = temporaryFolder();
    expect((await called([photo, ...small, '-o', output, ...words])).code).toBe(0);
    const [{ maps }] = explainedOf(output);
    expect(maps).toHaveLength(count);
    expect((await pixelsOf(join(output, maps[0].files[0]))).width).toBe(451);
  });
});

describe('--timeout', () => {
  // The classifier of colours with a kernel as large as some photos, nearly all of it zeros: a photo's time is its pixels'.
  const slowClassifier = (edge: number): Uint8Array => {
    const kernel = (level: number) => Array.from({ length: edge ** 2 }, (_, i) => (i === (edge ** 2) >> 1 ? level : 0));
    return buildModel({
      nodes: [
        { op: 'Conv', in: ['input', 'weight'], out: 'maps', with: { pads: Array(4).fill(edge >> 1) } },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: { weight: { dims: [2, 3, edge, edge], data: [1, -1, -1, -1, 1, -1].flatMap(kernel) } },
    });
  };

  it('may be a part of a second: a photo that takes longer costs itself alone', async () => {
    const paintPng = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#345' } })
        .png()
        .toBuffer();
    // The one takes half a minute of a core, the other milliseconds.
    const photos = folderWith({ 'large.png': await paintPng(200_000, 16), 'small.png': await paintPng(16, 16) });
    const output = temporaryFolder();
    const model = join(folderWith({ 'slow.onnx': slowClassifier(257) }), 'slow.onnx');
    const fed = ['-m', model, '--preset', 'raw', '--whole', '--size', '16', '--jobs', '1', '--threads', '1'];
    const { code, stderr } = await gapcam([photos, ...fed, '--timeout', '1.5', '-q', '-o', output]);
    expect(linesOf(stderr).at(-1)).toBe(
      `${join(photos, 'large.png')}: The photo took longer than 1.5 s, twice; give it more with --timeout.`,
    );
    expect(manifestOf(output).filter(isError)).toMatchObject([{ photo: 'large.png', error: { code: 'timeout' } }]);
    expect(explainedNames(output)).toEqual(['small.png']);
    expect(code).toBe(1);
  });
});

describe.concurrent('an output folder that cannot be written is refused in one sentence', () => {
  it('where a file stands in its place, or above it', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const output of [file, join(file, 'below')]) {
      const outcome = await refusalOf(runHere({ photos: [photo], output }));
      expectRefusal(outcome, /Cannot write to the output folder .*file stands/);
    }
  });

  it('where the system lets nobody make folders', async ({ onTestFinished }) => {
    const { child, outcome } = start([photo, ...small, '-o', '/proc/gapcam/results']);
    // Where it never ended, it would keep a core from all that comes later.
    onTestFinished(() => void child.kill('SIGKILL'));
    expectRefusal(await outcome, /Cannot write to the output folder \/proc/);
  });

  it.skipIf(somebody === undefined)('where it may not be written to', async () => {
    const output = temporaryFolder();
    chmodSync(output, 0o555);
    const outcome = await gapcam([photo, ...small, '-o', output], somebody);
    expectRefusal(outcome, /Cannot write .*may not be written/);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Outcome, start } from '../helpers/command.js';
import { fixture, root, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { largestDifference, pixelsOf } from '../helpers/pictures.js';
import {
  cat,
  explainedNames,
  explainedOf,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  scoreOf,
  small,
} from '../helpers/runs.js';

const photoNames = ['astronaut.jpg', 'cat.jpg', 'coffee.jpg', 'rocket.jpg'];

describe('a folder of photos', () => {
  const output = join(temporaryFolder(), 'made', 'where', 'needed');
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await gapcam(['fixtures/photos', '-o', output]);
  });

  it('has every photo explained', async () => {
    expect(outcome.code).toBe(0);
    expect(explainedNames(output)).toEqual(photoNames);
    const pictures = explainedOf(output).flatMap(({ maps }) => maps.flatMap(({ files }) => files));
    expect(picturesBelow(output)).toEqual([...pictures].sort());
    for (const { photo, maps } of explainedOf(output)) {
      const picture = await pixelsOf(join(output, maps[0].files[0]));
      const original = await pixelsOf(fixture('photos', photo));
      expect([picture.width, picture.height]).toEqual([original.width, original.height]);
      expect(largestDifference(picture.data, original.data)).toBeGreaterThan(60);
    }
  });

  it('gets a line a photo with file, label, score, and where the picture went', () => {
    const lines = linesOf(outcome.stdout);
    expect(lines).toHaveLength(photoNames.length);
    for (const { photo, maps } of explainedOf(output)) {
      const [{ label, files }] = maps;
      const score = scoreOf(maps[0]);
      const result = `fixtures/photos/${photo}: ${label.split(',')[0]} ${(score * 100).toFixed(1)} %`;
      expect(lines).toContain(`${result} -> ${join(output, files[0])}`);
    }
    expect(lines.find((line) => line.includes('cat.jpg'))).toContain('tiger cat');
  });

  it('ends with a summary on standard error', () => {
    expect(outcome.stderr).toBe(`4 photos explained; results in ${output}\nReport: ${join(output, 'report.html')}\n`);
  });

  it('leaves a record of the run and its report beside the pictures and nothing else', () => {
    const run = JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'));
    expect(run).toMatchObject({ model: { name: 'efficientnet-lite0' }, head: { kind: 'exact' }, options: { top: 1 } });
    expect(run.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(picturesBelow(output)).toHaveLength(photoNames.length);
  });
});

/** The photos of the lines on standard output, sorted. */
const shownIn = (stdout: string): string[] =>
  linesOf(stdout)
    .map((line) => line.split(':')[0])
    .sort();

describe.concurrent('a run', () => {
  const folder = folderWith({ 'a/b/deep.jpg': cat, 'a/near.JPEG': cat, 'top.jpg': cat, 'notes.txt': 'no photo' });
  writeFileSync(join(folder, '.hidden.jpg'), cat);
  let webp: Buffer;
  beforeAll(async () => {
    webp = await sharp(cat).resize(60).webp().toBuffer();
    for (const name of ['flat.webp', 'a/b/deep.webp']) writeFileSync(join(folder, name), webp);
  });

  it('mirrors the tree of a folder', async () => {
    const output = temporaryFolder();
    expect(await runHere({ photos: [folder], output })).toMatchObject({ done: 5 });
    expect(picturesBelow(output)).toEqual([
      'a/b/deep.jpg.3-cat.jpg',
      'a/b/deep.webp.3-cat.webp',
      'a/near.JPEG.3-cat.jpg',
      'flat.webp.3-cat.webp',
      'top.jpg.3-cat.jpg',
    ]);
  });

  it('takes a quoted pattern, a file called like a pattern, and one whose name starts with a hyphen, after --', async () => {
    const odd = folderWith({
      'x[1]*.jpg': cat,
      'x1.jpg': cat,
      '-x.jpg': cat,
      'a/b/deep.webp': webp,
      'flat.webp': webp,
    });
    const output = temporaryFolder();
    const words = ['**/*.webp', 'x[1]*.jpg', ...small, '-o', output, '--', '-x.jpg'];
    const { code, stdout } = await gapcam(words, { cwd: odd });
    expect(code).toBe(0);
    const found = ['-x.jpg', 'a/b/deep.webp', 'flat.webp', 'x[1]*.jpg'];
    expect(shownIn(stdout)).toEqual(found.map((name) => name.replace(/^-/, './-')));
    expect(explainedNames(output)).toEqual(found);
  });

  it('takes paths from standard input, one a line, whatever ends the lines', async () => {
    const output = temporaryFolder();
    const input = 'top.jpg\r\n\na/near.JPEG';
    const { code, stdout } = await gapcam(['-', ...small, '-o', output], { cwd: folder, input });
    expect(code).toBe(0);
    expect(shownIn(stdout)).toEqual(['a/near.JPEG', 'top.jpg']);
    expect(picturesBelow(output)).toEqual(['a/near.JPEG.3-cat.jpg', 'top.jpg.3-cat.jpg']);
  });

  it('does not take its own results for photos', async () => {
    const here = folderWith({ 'cat.jpg': cat });
    expect(await runHere({ photos: [here], output: join(here, 'heatmaps') })).toMatchObject({ done: 1 });
    const { code, stderr } = await gapcam(['.', ...small], { cwd: here });
    expect(stderr).toContain('0 photos explained, 1 done before');
    expect(code).toBe(0);
    expect(explainedOf(join(here, 'heatmaps'))).toHaveLength(1);
  });

  it('counts a photo that is given twice once', async () => {
    const output = temporaryFolder();
    const photos = [`${folder}/top.jpg`, `${folder}/./top.jpg`];
    expect(await runHere({ photos, output })).toMatchObject({ done: 1, skipped: 0 });
    expect(manifestOf(output)).toHaveLength(1);
  });
});

describe('an overlay', () => {
  const folder = temporaryFolder();
  const output = join(temporaryFolder(), 'out');
  const hue = { r: 200, g: 40, b: 60 };
  beforeAll(async () => {
    const red = sharp({ create: { width: 48, height: 32, channels: 3, background: hue } });
    const clear = sharp({ create: { width: 48, height: 32, channels: 4, background: { ...hue, alpha: 0 } } });
    const frames = await Promise.all(
      ['#c8283c', '#0000ff'].map((background) =>
        sharp({ create: { width: 48, height: 32, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const made = {
      'gray.jpg': red.clone().grayscale().jpeg(),
      'gray.png': red.clone().grayscale().toColourspace('b-w').png(),
      'palette.png': red.clone().png({ palette: true }),
      'clear.png': clear.clone().png(),
      'clear.webp': clear.clone().webp({ lossless: true }),
      'cmyk.jpg': red.clone().toColourspace('cmyk').jpeg(),
      'deep.png': red.clone().toColourspace('rgb16').png(),
      'moving.gif': sharp(frames, { join: { animated: true } }).gif(),
      'red.tiff': red.clone().tiff(),
      'red.avif': red.clone().avif(),
    };
    for (const [name, image] of Object.entries(made)) writeFileSync(join(folder, name), await image.toBuffer());
    expect((await sharp(join(folder, 'cmyk.jpg')).metadata()).space).toBe('cmyk');
    expect((await sharp(join(folder, 'deep.png')).metadata()).depth).toBe('ushort');
    expect((await sharp(join(folder, 'palette.png')).metadata()).isPalette).toBe(true);
    expect((await sharp(join(folder, 'moving.gif')).metadata()).pages).toBe(2);
    const { code, stderr } = await called([folder, ...small, '--opacity', '0', '-o', output]);
    expect(stderr).toMatch(/^10 photos explained, \d+\.\d photos\/s; results in .*$/m);
    expect(code).toBe(0);
  });

  const colorIn = async (name: string) => {
    const [line] = explainedOf(output).filter(({ photo }) => photo === name);
    const { width, height, data } = await pixelsOf(join(output, line.maps[0].files[0]));
    expect([width, height]).toEqual([48, 32]);
    return [...data.subarray(0, 3)];
  };
  const expectColor = async (name: string, color: readonly number[], tolerance: number) =>
    expect(largestDifference(await colorIn(name), color), `${name} ${await colorIn(name)}`).toBeLessThanOrEqual(
      tolerance,
    );
  const red = [hue.r, hue.g, hue.b];

  it('keeps the format of a JPEG, PNG or WebP, and is JPEG otherwise', async () => {
    const formats = explainedOf(output).map(async ({ photo, maps }) => {
      const { format } = await sharp(join(output, maps[0].files[0])).metadata();
      return [photo, format, maps[0].files[0].split('.').at(-1)];
    });
    expect(Object.fromEntries((await Promise.all(formats)).map(([photo, ...rest]) => [photo, rest.join()]))).toEqual({
      'clear.png': 'png,png',
      'clear.webp': 'webp,webp',
      'cmyk.jpg': 'jpeg,jpg',
      'deep.png': 'png,png',
      'gray.jpg': 'jpeg,jpg',
      'gray.png': 'png,png',
      'moving.gif': 'jpeg,jpg',
      'palette.png': 'png,png',
      'red.avif': 'jpeg,jpg',
      'red.tiff': 'jpeg,jpg',
    });
  });

  it('shows transparency over white', async () => {
    await expectColor('clear.png', [255, 255, 255], 0);
    await expectColor('clear.webp', [255, 255, 255], 3);
  });

  it('shows gray as gray', async () => {
    for (const name of ['gray.jpg', 'gray.png']) {
      const [r, g, b] = await colorIn(name);
      expect([g, b], name).toEqual([r, r]);
      expect(r).toBeGreaterThan(60);
      expect(r).toBeLessThan(140);
    }
  });

  it('keeps the colours of a palette, of 16 bits a channel, and of the first frame', async () => {
    await expectColor('palette.png', red, 1);
    await expectColor('deep.png', red, 1);
    await expectColor('moving.gif', red, 4);
    await expectColor('red.tiff', red, 4);
    await expectColor('red.avif', red, 8);
  });

  it('shows CMYK in about the colours it was made of', async () => {
    await expectColor('cmyk.jpg', red, 60);
  });
});

describe.concurrent('the classes explained', () => {
  it('are the k best with -k, best first', async () => {
    const output = temporaryFolder();
    const { stdout, stderr } = await called([fixture('photos', 'cat.jpg'), ...small, '-k', '3', '-o', output]);
    expect(stderr).toMatch(/^1 photo explained/);
    const [{ maps, predictions }] = explainedOf(output);
    expect(picturesBelow(output)).toHaveLength(3);
    const classes = maps.map((map) => map.class);
    expect(classes).toEqual([3, 5, 6]);
    expect(predictions.map((prediction) => prediction.class)).toEqual(classes);
    expect(linesOf(stdout)).toHaveLength(3);
    const scores = predictions.map(scoreOf);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  it('are all of them with a k above their number', async () => {
    const output = temporaryFolder();
    await runHere({ photos: [fixture('photos', 'cat.jpg')], output, explain: { top: 11 } });
    const classes = explainedOf(output)[0].maps.map((map) => map.class);
    expect(classes.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are those named by index, label or synonym, in any case and each once', async () => {
    const names = ['3', 'tabby, tabby cat', 'TIGER CAT', ' Carcharodon Carcharias ', '282'];
    const [photos, output] = [[fixture('photos', 'cat.jpg')], temporaryFolder()];
    await runHere({ photos, model: 'efficientnet-lite0', output, explain: { classes: names } });
    expect(explainedOf(output)[0].maps.map((map) => map.class)).toEqual([3, 281, 282, 2]);
    expect(picturesBelow(output)).toHaveLength(4);
  });

  it('are refused where one is unknown, with the nearest label', async () => {
    const [photos, model, output] = [[fixture('photos', 'cat.jpg')], 'efficientnet-lite0', temporaryFolder()];
    const { stderr } = await refusalOf(runHere({ photos, model, output, explain: { classes: ['tabbi'] } }));
    expect(stderr).toBe('gapcam: The model has no class "tabbi"; the nearest is "tabby".\n');
  });
});

describe.concurrent('standard output', () => {
  it('is the lines of the manifest with --json', async () => {
    const output = temporaryFolder();
    const photos = folderWith({ 'cat.jpg': cat, 'words.jpg': 'words' });
    const { code, stdout, stderr } = await called([photos, ...small, '--json', '-o', output]);
    expect(stdout).toBe(readFileSync(join(output, 'manifest.jsonl'), 'utf8'));
    expect(manifestOf(output)).toHaveLength(2);
    expect(linesOf(stderr)).toHaveLength(3);
    expect(code).toBe(1);
  });

  it('is the version of package.json with --version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await gapcam(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('names every command and option with --help', async () => {
    const { code, stdout, stderr } = await gapcam(['--help']);
    for (const word of ['gapcam <photos...>', 'inspect', 'export', 'models', '--model', '--top', '--class', '--json'])
      expect(stdout).toContain(word);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('is a line for each built-in model by gapcam models, the default marked', async () => {
    const { code, stdout, stderr } = await called(['models']);
    expect(linesOf(stdout)).toHaveLength(2);
    expect(linesOf(stdout)[0]).toMatch(/^efficientnet-lite0 \(default\).*1000 classes/);
    expect(linesOf(stdout)[1]).toMatch(/^nin-cifar10.*10 classes/);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('has no colours or control characters, not even from a name', async () => {
    const photos = folderWith({ '\u001b[31mred\n.jpg': cat, '\u001b]0;title\u0007.jpg': 'words' });
    const { stdout, stderr } = await gapcam([photos, ...small, '-o', temporaryFolder()]);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(linesOf(stderr)).toHaveLength(3);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('a pipe that is closed early', () => {
  it('ends the run without a stack trace', async () => {
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.jpg`, cat]));
    const { child, outcome } = start([folderWith(many), ...small, '-o', temporaryFolder()]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect((await outcome).stderr).not.toContain('    at ');
  });
});

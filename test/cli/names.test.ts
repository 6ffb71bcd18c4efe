import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { refusalOf, runHere } from '../helpers/in-process.js';
import { pixelsOf } from '../helpers/pictures.js';
import { cat, explainedNames, explainedOf, folderWith, linesOf, picturesBelow, small } from '../helpers/runs.js';

/** A network with as many classes as labels, each an own mixture of the colours. */
const modelWith = (labels: readonly string[]): string =>
  writeModelFolder(join(temporaryFolder(), 'model'), {
    model: buildModel({
      nodes: [
        { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: {
        weight: { dims: [labels.length, 3, 1, 1], data: labels.flatMap((_, i) => [1 + i / 8, (i % 3) - 1, -0.5]) },
      },
    }),
    labels,
    preprocessor: cropped(8),
  });

/** Every picture that the run names is there, under a name of its own that a file system takes. */
const expectOwnPictures = async (output: string, count: number) => {
  const named = explainedOf(output).flatMap(({ maps }) => maps.flatMap(({ files }) => files));
  expect(named).toHaveLength(count);
  expect(new Set(named.map((name) => name.toLowerCase())).size).toBe(count);
  expect(picturesBelow(output)).toEqual([...named].sort());
  for (const name of named) expect((await pixelsOf(join(output, name))).width).toBeGreaterThan(0);
  return named;
};

describe.concurrent("photos' names", () => {
  it('keep a photo outside apart from one in a folder "@" that imitates its path', async () => {
    const folder = temporaryFolder();
    const outside = join(folderWith({ 'x.jpg': cat }), 'x.jpg');
    const inside = join(folder, '@', outside);
    mkdirSync(dirname(inside), { recursive: true });
    writeFileSync(inside, await sharp(cat).resize(40).jpeg().toBuffer());
    const output = temporaryFolder();
    const input = `@${outside}\n${outside}\n`;
    const { code } = await gapcam(['-', ...small, '--report', '-o', output], { cwd: folder, input });
    expect(code).toBe(0);
    const widths = explainedOf(output).map(({ photo, width }) => [photo, width]);
    expect(Object.fromEntries(widths)).toEqual({ [`@${outside}`]: 451, [`@@${outside}`]: 40 });
    await expectOwnPictures(output, 2);
    // The second run knows both again.
    expect((await gapcam(['-', ...small, '-o', output], { cwd: folder, input })).stderr).toContain('2 done before');
  });

  it('keep names apart that are not UTF-8', async () => {
    const folder = temporaryFolder();
    const named = ['e92e6a7067', 'ea2e6a7067', 'c3a92e6a7067', '65cc812e6a7067'].map((hex) => Buffer.from(hex, 'hex'));
    for (const name of named) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), cat);
    const output = temporaryFolder();
    expect(await runHere({ photos: [folder], output })).toMatchObject({ done: 4 });
    expect(explainedNames(output)).toEqual(['e\u0301.jpg', '\u00e9.jpg', '\udce9.jpg', '\udcea.jpg']);
    expect(readdirSync(output, { encoding: 'buffer' })).toHaveLength(4 + 2);
  });
});

describe.concurrent("pictures' names", () => {
  it.each([{ explain: {} }, { explain: { format: 'png' } as const }])(
    'keep photos of one name and two endings apart: $explain',
    async ({ explain }) => {
      const png = await sharp(cat).resize(40).png().toBuffer();
      const photos = folderWith({ 'a/x.jpg': cat, 'a/x.png': png, 'b/x.jpg': cat, 'a-x.jpg': cat });
      const output = temporaryFolder();
      expect(await runHere({ photos: [photos], output, explain })).toMatchObject({ done: 4 });
      await expectOwnPictures(output, 4);
    },
  );

  it('keep classes of one label apart', async () => {
    const output = temporaryFolder();
    const model = modelWith(['same', 'same', 'Same']);
    const { code, stdout } = await gapcam([folderWith({ 'x.jpg': cat }), '-m', model, '-k', '3', '-o', output]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(3);
    await expectOwnPictures(output, 3);
  });

  it('do not choose between classes of one label: the index is asked for', async () => {
    const [photos, model] = [[folderWith({ 'x.jpg': cat })], modelWith(['same', 'other', 'same'])];
    const run = (name: string) => runHere({ photos, model, output: temporaryFolder(), explain: { classes: [name] } });
    const { stderr } = await refusalOf(run('same'));
    expect(stderr).toBe('gapcam: "same" is the label of classes 0 and 2; give the index.\n');
    expect(await run('2')).toMatchObject({ done: 1 });
  });

  it('are made safely of labels in any letters', async () => {
    const labels = [
      'a/b\\c',
      '"quoted" \'twice\'',
      '../../../escape',
      '老虎',
      'l'.repeat(300),
      '虎'.repeat(300),
      '',
      '..',
      'CON: *?<>|',
      'tab\there\nline',
      'e\u0301tude',
      '🐈',
    ];
    const output = join(temporaryFolder(), 'inside');
    const photos = folderWith({ 'sub/x.jpg': cat });
    const { code, stderr, stdout } = await gapcam([photos, '-m', modelWith(labels), '-k', '12', '-o', output]);
    expect(stderr).toBe(`1 photo explained; results in ${output}\n`);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(labels.length);
    for (const name of await expectOwnPictures(output, labels.length)) {
      expect(name).toMatch(/^sub\/[^/\\"'*?<>|:\p{Cc}]+\.jpg$/u);
      expect(Buffer.byteLength(name.split('/')[1])).toBeLessThanOrEqual(255);
    }
    const labelled = explainedOf(output).flatMap(({ maps }) => maps.map((map) => [map.class, map.label]));
    expect(Object.fromEntries(labelled)).toEqual({ ...labels });
    expect(picturesBelow(output).some((name) => name.includes('老虎'))).toBe(true);
  });

  it('say which class it is where the label is empty', async () => {
    const photos = folderWith({ 'x.jpg': cat });
    const { stdout } = await gapcam([photos, '-m', modelWith(['', '']), '-c', '1', '-o', temporaryFolder()]);
    expect(stdout).toMatch(/x\.jpg: (class )?1 \d+\.\d % ->/);
  });

  it('keep a very long name apart from a photo that is called like its shortened form', async () => {
    const long = `${'n'.repeat(240)}.jpg`;
    const digest = createHash('sha256').update(long).digest('hex');
    const folder = folderWith({ [long]: cat });
    // What its picture is called in this version and in earlier ones, less the class.
    const imitations = [32, 16].map(
      (digits) => `${'n'.repeat(240 - '.3-cat.jpg'.length - digits - 1)}~${digest.slice(0, digits)}`,
    );
    const small40 = await sharp(cat).resize(40).jpeg().toBuffer();
    for (const name of imitations) writeFileSync(join(folder, name), small40);
    const output = temporaryFolder();
    const photos = [long, ...imitations].map((name) => join(folder, name));
    await runHere({ photos, output, explain: { classes: ['3'] } });
    await expectOwnPictures(output, 3);
  });

  it('keep very long names of photos apart', async () => {
    const long = 'n'.repeat(245);
    const photos = folderWith({ [`${long}1.jpg`]: cat, [`${long}2.jpg`]: cat, [`${'長'.repeat(82)}.jpg`]: cat });
    const output = temporaryFolder();
    expect(await runHere({ photos: [photos], output, explain: { top: 2 } })).toMatchObject({ done: 3 });
    await expectOwnPictures(output, 6);
  });
});

import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { pixelsOf } from '../helpers/pictures.js';
import { cat, explainedOf, folderWith, linesOf, picturesBelow, small } from '../helpers/runs.js';

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

describe.concurrent("pictures' names", () => {
  it.each([{ format: [] }, { format: ['--format', 'png'] }])(
    'keep photos of one name and two endings apart: $format',
    async ({ format }) => {
      const png = await sharp(cat).resize(40).png().toBuffer();
      const photos = folderWith({ 'a/x.jpg': cat, 'a/x.png': png, 'b/x.jpg': cat, 'a-x.jpg': cat });
      const output = temporaryFolder();
      expect((await gapcam([photos, ...small, '-o', output, ...format])).code).toBe(0);
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
    const args = [folderWith({ 'x.jpg': cat }), '-m', modelWith(['same', 'other', 'same']), '-o', temporaryFolder()];
    const { code, stderr } = await gapcam([...args, '-c', 'same']);
    expect(stderr).toBe('gapcam: "same" is the label of classes 0 and 2; give the index.\n');
    expect(code).toBe(2);
    expect((await gapcam([...args, '-c', '2'])).code).toBe(0);
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

  it('keep very long names of photos apart', async () => {
    const long = 'n'.repeat(245);
    const photos = folderWith({ [`${long}1.jpg`]: cat, [`${long}2.jpg`]: cat, [`${'長'.repeat(82)}.jpg`]: cat });
    const output = temporaryFolder();
    const { code, stderr } = await gapcam([photos, ...small, '-k', '2', '-o', output]);
    expect(stderr).toContain('3 photos explained;');
    expect(code).toBe(0);
    await expectOwnPictures(output, 6);
  });
});

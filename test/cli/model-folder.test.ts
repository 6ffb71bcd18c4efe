import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareModel } from '../../src/index.js';
import { colorClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { pixelsOf } from '../helpers/pictures.js';
import { explainedOf } from '../helpers/runs.js';

const photo = fixture('photos', 'rocket.jpg');
const colors = { model: colorClassifier(), labels: ['red', 'green'], preprocessor: cropped(16) };

describe('a model folder as people have it', () => {
  it('works without a flag where its files lie above onnx/model.onnx', async () => {
    const folder = writeModelFolder(temporaryFolder(), colors);
    mkdirSync(join(folder, 'onnx'));
    copyFileSync(join(folder, 'model.onnx'), join(folder, 'onnx', 'model.onnx'));
    const { code, stdout, stderr } = await called(['inspect', join(folder, 'onnx')]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^labels +red; green.*config\.json: id2label/m);
    expect(stdout).toMatch(/^size +16x16 .*preprocessor_config\.json/m);
    expect(code).toBe(0);
    const { labels, input } = await prepareModel(join(folder, 'onnx', 'model.onnx'), { threads: 1 });
    expect(labels).toEqual(['red', 'green']);
    expect(input.size).toEqual({ width: 16, height: 16 });
  });

  it('may hold one .onnx file of any name, but not two', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'net.onnx'), colorClassifier());
    expect((await prepareModel(folder, { threads: 1 })).files.file).toBe(join(folder, 'net.onnx'));
    writeFileSync(join(folder, 'other.onnx'), colorClassifier());
    const { stderr } = await refusalOf(prepareModel(folder));
    expect(stderr).toMatch(/holds several models: net\.onnx, other\.onnx; name the \.onnx file itself/);
  });

  it('has a score for each class of its own where it says so', async () => {
    const folder = writeModelFolder(temporaryFolder(), colors);
    const config = { id2label: { 0: 'red', 1: 'green' }, problem_type: 'multi_label_classification' };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const output = temporaryFolder();
    await runHere({ photos: [photo], model: folder, output, explain: { top: 2 } });
    const [{ predictions }] = explainedOf(output);
    for (const { logit, score } of predictions) expect(score).toBeCloseTo(1 / (1 + Math.exp(-logit)), 10);
  });
});

describe('files that contradict each other', () => {
  it('are named, the one that is followed and the one that is not', async () => {
    const folder = writeModelFolder(temporaryFolder(), colors);
    const pretrained = { input_size: [3, 32, 32], interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [1, 1, 1] };
    const config = { id2label: { 0: 'red', 1: 'green' }, architecture: 'resnet18', pretrained_cfg: pretrained };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const { stdout, stderr } = await called(['inspect', folder]);
    expect(stderr).toMatch(/for size, preprocessor_config\.json: .* is followed, not config\.json: input_size\./);
    expect(stdout).toMatch(/^size +16x16/m);
  });
});

describe('what must be assumed', () => {
  const lone = () => {
    const file = join(temporaryFolder(), 'lone.onnx');
    writeFileSync(file, colorClassifier());
    return file;
  };

  it('is said once on standard error', async () => {
    const { code, stderr } = await gapcam([photo, fixture('photos', 'cat.jpg'), '-m', lone(), '-o', temporaryFolder()]);
    expect(stderr.match(/Nothing says how photos are fed/g)).toHaveLength(1);
    expect(stderr.match(/Nothing names the classes/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('is an error with --strict, and none where a preset and labels say it', async () => {
    const model = lone();
    const labels = join(temporaryFolder(), 'labels.txt');
    writeFileSync(labels, 'red\ngreen\n');
    const strict = await called([photo, '-m', model, '--strict', '-o', temporaryFolder()]);
    expect(strict.stderr).toMatch(
      /^gapcam: Nothing says .*resize, .*crop.* Give a --preset, --labels, or the values themselves; .*--save.*\.\n$/,
    );
    expect(strict.code).toBe(2);
    const said = ['--preset', 'torchvision', '--size', '224', '--labels', labels];
    const told = await called([photo, '-m', model, '--strict', ...said, '-o', temporaryFolder()]);
    expect(told.code).toBe(0);
  });

  it('is not a preset that the files overrule, which is said', async () => {
    const folder = writeModelFolder(temporaryFolder(), {
      ...colors,
      preprocessor: { ...cropped(16), do_normalize: false },
    });
    const { stderr } = await called([photo, '-m', folder, '--preset', 'raw', '-o', temporaryFolder()]);
    expect(stderr).toMatch(/--preset raw has no effect/);
  });
});

describe('--write input', () => {
  it.each(['efficientnet-lite0', 'nin-cifar10'])('saves what %s saw, byte for byte', async (model) => {
    const output = temporaryFolder();
    await runHere({ photos: [photo], model, output, explain: { write: ['input'] } });
    const [{ files, maps }] = explainedOf(output);
    expect([files, maps[0].files]).toEqual([['rocket.jpg.input.png'], []]);
    const [saved, expected] = await Promise.all([
      pixelsOf(join(output, files[0])),
      pixelsOf(fixture('reference', model, 'rocket.crop.png')),
    ]);
    expect(Buffer.compare(saved.data, expected.data)).toBe(0);
  });
});

describe('--whole', () => {
  it('lays the heatmap over all of the photo', async () => {
    const output = temporaryFolder();
    await runHere({ photos: [photo], output, model: 'efficientnet-lite0', prepare: { whole: true } });
    const [{ seen, width, height, maps }] = explainedOf(output);
    expect(seen).toEqual([0, 0, width, height]);
    expect(maps[0].grid[1]).toBeGreaterThan(maps[0].grid[0]);
    expect(maps[0].residual).toBeLessThan(1e-4);
  });

  it('is refused beside --crop', async () => {
    const { stderr } = await refusalOf(prepareModel('nin-cifar10', { whole: true, input: { crop: 100 } }));
    expect(stderr).toMatch(/--whole feeds all of the photo, --crop a part/);
  });
});

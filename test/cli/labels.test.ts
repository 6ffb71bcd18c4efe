import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModel, colorClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { cat, expectRefusal, explainedOf, folderWith, linesOf } from '../helpers/runs.js';

const colors = (config: object, files: Readonly<Record<string, string>> = {}): string => {
  const sketch = { model: colorClassifier(), labels: [], preprocessor: cropped(16) };
  const folder = writeModelFolder(temporaryFolder(), sketch);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
const photo = join(photos, 'a.jpg');
const labelsIn = (output: string) => explainedOf(output).flatMap(({ maps }) => maps.map(({ label }) => label));

describe('the classes of a model as exporters write it', () => {
  it('are named by the network itself, where it gives the name of the best and a score for each', async () => {
    const names = ['ant', 'bee'];
    const model = buildModel({
      nodes: [
        { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
        { op: 'Softmax', in: ['logits'], out: 'scores', with: { axis: 1 } },
        { op: 'ArgMax', in: ['scores'], out: 'best', with: { axis: 1, keepdims: 0 } },
        { op: 'ai.onnx.ml.ArrayFeatureExtractor', in: ['names', 'best'], out: 'classLabel' },
        { op: 'ai.onnx.ml.ZipMap', in: ['scores'], out: 'loss', with: { classlabels_strings: names } },
      ],
      weights: { weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
      texts: { names },
      outputs: ['classLabel', 'loss'],
      textOutputs: ['classLabel'],
      zippedOutputs: ['loss'],
    });
    const output = temporaryFolder();
    const { code, stderr } = await gapcam([
      photo,
      '-m',
      join(folderWith({ 'm.onnx': model }), 'm.onnx'),
      '-k',
      '2',
      '-o',
      output,
    ]);
    expect([code, labelsIn(output).toSorted()]).toEqual([0, names]);
    expect(stderr).not.toMatch(/names the classes/);
    const [{ predictions }] = explainedOf(output);
    expect(predictions.reduce((sum, { score }) => sum + (score ?? 0), 0)).toBeCloseTo(1, 6);
  });

  it('are counted where no file names them, which is said once', async () => {
    const model = colors({ architecture: 'resnet10t', num_classes: 2, pretrained_cfg: { input_size: [3, 16, 16] } });
    const output = temporaryFolder();
    const { code, stdout, stderr } = await gapcam([photos, '-m', model, '--preset', 'raw', '-o', output]);
    expect([code, linesOf(stdout)]).toHaveLength(2);
    expect(labelsIn(output)).toEqual([expect.stringMatching(/^class [01]$/), expect.stringMatching(/^class [01]$/)]);
    expect(stderr.match(/Nothing names the classes/g)).toHaveLength(1);
  });
});

describe('-c', () => {
  it('does not choose where a number is a label and an index, and takes either when it is said', async () => {
    const model = colors({}, { 'labels.txt': '1\n10\n' });
    expectRefusal(
      await gapcam([photo, '-m', model, '-c', '1', '-o', temporaryFolder()]),
      /"1" is the label of class 0 and the index of class 1; give label:1 or index:1\.$/,
    );
    const output = temporaryFolder();
    await gapcam([photo, '-m', model, '-c', 'index:1', '-c', 'label:1', '-o', output]);
    expect(labelsIn(output)).toEqual(['10', '1']);
  });

  it('takes a WordNet id of an ImageNet class', async () => {
    const output = temporaryFolder();
    const { stdout } = await gapcam([photo, '-c', 'n02123159', '--write', 'map', '-o', output]);
    expect(stdout).toContain(': tiger cat ');
    expect(labelsIn(output)).toEqual(['tiger cat']);
  });
});

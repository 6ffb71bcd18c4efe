import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PrepareOptions, prepareModel } from '../../../src/model/prepare.js';
import { colorClassifier } from '../../helpers/build-model.js';
import { cropped, temporaryFolder } from '../../helpers/folders.js';

/** Rule and origin of a model with these files beside it. */
const ruleOf = async (files: Readonly<Record<string, unknown>>, options: PrepareOptions = {}) => {
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.onnx'), colorClassifier());
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  const { input } = await prepareModel(folder, options);
  return [input.alpha, input.origins.alpha.source];
};

const id2label = Object.fromEntries([0, 1].map((index) => [index, `class ${index}`]));
const timm = {
  id2label,
  architecture: 'x',
  pretrained_cfg: { input_size: [3, 32, 32], mean: [0, 0, 0], std: [1, 1, 1] },
};

describe('transparency', () => {
  it.each([
    ["timm's files", { 'config.json': timm }, {}, ['drop', 'library']],
    ["transformers' files", { 'preprocessor_config.json': cropped(32) }, {}, ['white', 'library']],
    ['the preset torchvision', {}, { preset: 'torchvision' }, ['drop', 'preset']],
    ['the preset raw', {}, { preset: 'raw' }, ['white', 'preset']],
    ['nothing', {}, {}, ['white', 'assumed']],
    ['the own file', { 'config.json': timm, 'model.json': { input: { alpha: 'black' } } }, {}, ['black', 'own-file']],
    ['a flag', { 'model.json': { input: { alpha: 'black' } } }, { input: { alpha: 'drop' } }, ['drop', 'flag']],
  ] as const)('goes by %s', async (_, files, options, expected) => {
    expect(await ruleOf(files, options)).toEqual(expected);
  });

  it('of another word is refused', async () => {
    const refused = ruleOf({ 'model.json': { input: { alpha: 'pink' } } });
    await expect(refused).rejects.toThrow(
      /^Expected one of white, black, drop for model\.json: alpha but received "pink"/,
    );
  });
});

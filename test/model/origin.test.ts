import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Origin, originWords } from '../../src/model/origin.js';
import { readModel } from '../../src/model/prepare.js';
import { colorClassifier } from '../helpers/build-model.js';
import { temporaryFolder } from '../helpers/folders.js';

describe('where a value came from, as a person reads it', () => {
  it.each<[string, Origin]>([
    ['--size', { source: 'flag', where: '--size' }],
    ['config.json: mean', { source: 'file', where: 'config.json: mean' }],
    ['metadata: names', { source: 'metadata', where: 'names' }],
    ['the graph: its input', { source: 'graph', where: 'its input' }],
    ['the graph: it rescales by itself', { source: 'layers', where: 'it rescales by itself' }],
    ['preset raw', { source: 'preset', where: 'raw' }],
    ['assumed', { source: 'assumed', where: '' }],
    ['assumed: the built-in ImageNet names', { source: 'assumed', where: 'the built-in ImageNet names' }],
  ])('%s', (words, origin) => expect(originWords(origin)).toBe(words));
});

describe("settings of Hugging Face's image processor", () => {
  const settings = {
    image_processor_type: 'ViTImageProcessor',
    size: { height: 8, width: 8 },
    image_std: [0.25, 0.25, 0.25],
  };

  it.each([
    ['preprocessor_config.json', settings],
    ['processor_config.json', { image_processor: settings }],
  ])('are said to be from %s where they are', (name, json) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'model.onnx'), colorClassifier());
    writeFileSync(join(folder, name), JSON.stringify(json));
    const { origins } = readModel(folder).input;
    expect(origins.size).toEqual({ source: 'file', where: `${name}: size` });
    expect(origins.std).toEqual({ source: 'file', where: `${name}: image_std` });
    expect(origins.mean).toEqual({ source: 'file', where: `${name}: default of ViTImageProcessor` });
  });
});

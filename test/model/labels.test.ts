import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findClass, readLabels } from '../../src/model/labels/labels.js';
import { assumed, originWords } from '../../src/model/origin.js';
import { temporaryFolder } from '../helpers/folders.js';

const none = new Map<string, string>();
const options = { wanted: undefined, oneLogit: false };

const read = (files: Readonly<Record<string, unknown>>, count: number, metadata = none) => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return readLabels({ name: 'm', file: join(folder, 'net.onnx'), folder }, metadata, count, options);
};

describe('labels are read from', () => {
  it.each([
    ['config.json, as Hugging Face writes it', { 'config.json': { id2label: { 0: 'cat', 1: 'dog' } } }],
    ['config.json, as timm writes it', { 'config.json': { architecture: 'resnet18', label_names: ['cat', 'dog'] } }],
    [
      'config.json of timm, inside its settings',
      { 'config.json': { pretrained_cfg: { label_names: ['cat', 'dog'] } } },
    ],
    ["a model's own file", { 'net.json': { labels: ['cat', 'dog'] } }],
    ['labels.txt', { 'labels.txt': 'cat\ndog\n' }],
    ['labels.txt with numbers', { 'labels.txt': '0 cat\n1 dog\n' }],
    ['classes.txt with numbers and colons', { 'classes.txt': '0: cat\r\n1: dog\r\n' }],
    ['synset.txt', { 'synset.txt': 'n02123045 cat\nn02084071 dog\n' }],
    ['imagenet_class_index.json', { 'imagenet_class_index.json': { 0: ['n1', 'cat'], 1: ['n2', 'dog'] } }],
    ['a JSON list', { 'labels.json': ['cat', 'dog'] }],
    ['a JSON object from name to index', { 'labels.json': { dog: 1, cat: 0 } }],
  ])('%s', (_, files) => {
    expect(read(files, 2).labels).toEqual(['cat', 'dog']);
  });

  it('the metadata that Ultralytics leaves, quotes and all', () => {
    const metadata = new Map([['names', `{0: 'cat', 1: "dog's dinner", 2: 'it\\'s'}`]]);
    expect(read({}, 3, metadata)).toEqual({
      labels: ['cat', "dog's dinner", "it's"],
      origin: { source: 'metadata', where: 'names' },
    });
  });

  it("ImageNet's own names for 1000 classes without any, and says so", () => {
    const { labels, origin } = read({}, 1000);
    expect(labels[282]).toBe('tiger cat');
    expect(originWords(origin)).toBe('assumed: the built-in ImageNet names');
  });

  it('nothing where there is nothing', () => {
    expect(read({}, 2)).toEqual({ labels: ['class 0', 'class 1'], origin: assumed });
  });
});

describe('a number of labels that does not fit', () => {
  it('may leave out a background class before 1000 others', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `name ${i}`).join('\n');
    const { labels } = read({ 'labels.txt': lines }, 1001);
    expect([labels[0], labels[1], labels.length]).toEqual(['background', 'name 0', 1001]);
  });

  it.each([1, 3])('is an error with both counts: %i names for 2 classes', (count) => {
    const text = Array.from({ length: count }, (_, i) => `name-${i}`).join('\n');
    expect(() => read({ 'labels.txt': text }, 2)).toThrow(new RegExp(`names ${count} class(es)?, but the model has 2`));
  });
});

describe('a class is found by', () => {
  const labels = ['tabby, tabby cat', 'crane', 'crane', 'Egyptian cat'];
  it('index, label or synonym in any case', () => {
    expect(['0', 'tabby, tabby cat', 'Tabby Cat', 'EGYPTIAN CAT'].map((word) => findClass(labels, word))).toEqual([
      0, 0, 0, 3,
    ]);
  });

  it.each([
    ['crane', /classes 1 and 2; give the index/],
    ['egyptian hat', /nearest is "egyptian cat"/],
    ['4', /^There is no class 4: the model has classes 0 to 3\.$/],
    ['999999999999999999999', /no class 9{21}: the model has classes 0 to 3/],
    ['-1', /classes 0 to 3/],
  ])('nothing else, and the error names what is near: %s', (word, sentence) => {
    expect(() => findClass(labels, word)).toThrow(sentence);
  });
});

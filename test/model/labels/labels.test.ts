import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamesInGraph } from '../../../src/model/labels/in-graph.js';
import { readLabels } from '../../../src/model/labels/labels.js';
import { assumed, originWords } from '../../../src/model/origin.js';
import { temporaryFolder } from '../../helpers/folders.js';

const none = new Map<string, string>();

const read = (
  files: Readonly<Record<string, unknown>>,
  count: number,
  metadata = none,
  { inGraph, wanted }: { readonly inGraph?: NamesInGraph; readonly wanted?: string } = {},
) => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return readLabels({ name: 'm', file: join(folder, 'net.onnx'), folder }, metadata, count, {
    wanted: wanted && join(folder, wanted),
    answers: 'classes',
    inGraph,
  });
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
    ['labels.csv with headings', { 'labels.csv': 'index,name\n1,dog\n0,cat\n' }],
    ['labels.tsv', { 'labels.tsv': '0\tcat\n1\tdog\n' }],
    ['data.yaml, as Ultralytics has it', { 'data.yaml': 'path: x\nnames:\n  0: cat\n  1: dog\n' }],
    ['data.yaml with a list', { 'data.yaml': 'nc: 2\nnames: [cat, dog]\n' }],
    ['a list after a data.yaml of something else', { 'data.yaml': 'path: x\n', 'metadata.yaml': '- cat\n- dog\n' }],
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

  it('the metadata that PaddlePaddle leaves, a name a line', () => {
    const metadata = new Map([['character', 'cat\nguinea pig\n']]);
    expect(read({}, 2, metadata)).toMatchObject({
      labels: ['cat', 'guinea pig'],
      origin: { source: 'metadata', where: 'character' },
    });
  });

  it("a list of WordNet ids alone: ImageNet's names where it has them", () => {
    const files = { 'synset.txt': 'n02123159\nn99999999\n' };
    expect(read(files, 2)).toMatchObject({
      labels: ['tiger cat', 'n99999999'],
      wordnetIds: ['n02123159', 'n99999999'],
    });
  });

  it("timm's ids with the descriptions beside them", () => {
    const [label_names, label_descriptions] = [['n02123159', 'n99999999'], { n02123159: 'tiger', n99999999: 'newt' }];
    expect(read({ 'config.json': { pretrained_cfg: { label_names, label_descriptions } } }, 2)).toMatchObject({
      labels: ['tiger', 'newt'],
      wordnetIds: label_names,
    });
  });

  it("the network's own names, after what files about the model say and before a list that lies beside it", () => {
    const inGraph = { names: { labels: ['cat', 'dog'], origin: { source: 'graph', where: 'ZipMap' } as const } };
    const list = { 'labels.txt': 'ant\nbee\n' };
    expect(originWords(read(list, 2, none, { inGraph }).origin)).toBe('the graph: ZipMap');
    expect(read({ ...list, 'net.json': { labels: ['eel', 'fox'] } }, 2, none, { inGraph }).labels).toEqual([
      'eel',
      'fox',
    ]);
  });

  it("the network's own numbers, which may only count the classes, after a list that lies beside it", () => {
    const inGraph = { numbers: { labels: ['0', '1'], origin: { source: 'graph', where: 'ZipMap' } as const } };
    expect(read({ 'labels.txt': 'ant\nbee\n' }, 2, none, { inGraph }).labels).toEqual(['ant', 'bee']);
    expect(read({}, 2, none, { inGraph }).labels).toEqual(['0', '1']);
  });

  it("a config.json of timm's that names no classes: none, as where there is no file", () => {
    expect(read({ 'config.json': { architecture: 'resnet10t', num_classes: 3 } }, 3)).toEqual({
      labels: ['class 0', 'class 1', 'class 2'],
      origin: assumed,
    });
  });

  it("ImageNet's own names for 1000 classes without any, and says so", () => {
    const { labels, wordnetIds, origin } = read({}, 1000);
    expect([labels[282], wordnetIds?.[282]]).toEqual(['tiger cat', 'n02123159']);
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

describe('WordNet ids', () => {
  const names = (write: (label: string) => string) =>
    read({ 'labels.txt': read({}, 1000).labels.map(write).join('\n') }, 1000).wordnetIds?.[282];

  it("are ImageNet's where most of 1000 labels are", () => {
    expect(names((label) => label.split(',')[0].replaceAll(' ', '_').toUpperCase())).toBe('n02123159');
    expect(names((label) => `my ${label}`)).toBeUndefined();
  });

  it('follow a background class', () => {
    const lines = read({}, 1000).labels.join('\n');
    expect(read({ 'labels.txt': lines }, 1001).wordnetIds?.[283]).toBe('n02123159');
  });
});

describe('a file of labels that a person names', () => {
  it.each([
    ['labels.yaml', 'names: {0: cat, 1: dog}', ['cat', 'dog']],
    ['labels.yml', '- no\n- 1e3\n', ['no', '1e3']],
    ['labels.csv', 'name;wnid\ncat;n02123159\ndog;n02084071\n', ['cat', 'dog']],
  ])('is read by its ending: %s', (name, text, labels) => {
    expect(read({ [name]: text }, 2, none, { wanted: name }).labels).toEqual(labels);
  });

  it.each([
    ['no.yaml', 'path: x\n', /no\.yaml has no list of names, nor names by index, under "names"/],
    ['holes.yaml', 'names: {0: cat, 2: dog}', /names no class 1/],
    ['odd.yaml', 'names: [cat', /odd\.yaml is not YAML/],
    [
      'bomb.yaml',
      `a: &a [x]\n${[...'bcdefghi'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}\nnames: *i\n`,
      /bomb\.yaml is not YAML/,
    ],
    ['deep.yaml', '['.repeat(101), /deep\.yaml holds 101 lists in each other/],
    ['long.yaml', `# ${'a'.repeat(2 ** 20)}`, /long\.yaml has 1048578 characters, and of YAML at most 1048576/],
    ['one.csv', 'id,name\n1,cat\n2,dog\n', /Column "id" of .*one\.csv does not count its rows from 0/],
  ])('is refused in a sentence where it holds no names: %s', (name, text, sentence) => {
    expect(() => read({ [name]: text }, 2, none, { wanted: name })).toThrow(sentence);
  });
});

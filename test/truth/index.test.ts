import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imagenetLabels } from '../../src/model/labels/imagenet.js';
import { openTruth } from '../../src/truth/index.js';
import { noneFound, remarksOf } from '../../src/truth/remarks.js';
import { temporaryFolder } from '../helpers/folders.js';
import { folderWith } from '../helpers/runs.js';
import { animals, fileOf, inShort, namedSet, photoOf } from '../helpers/truths.js';

const classesOf = async (names: readonly string[], classes: Parameters<typeof openTruth>[1], mapClasses?: string) => {
  const truth = await openTruth(namedSet(names), classes, { mapClasses });
  const found: (number | undefined)[] = [];
  for (const name of names) found.push((await truth.of(photoOf(`${name}.jpg`)))?.objects[0].class);
  return { found, truth };
};

describe('a class of the truth is the one of the network', () => {
  const classes = { labels: ['tench, Tinca tinca', 'goldfish'], wordnetIds: ['n01440764', 'n01443537'] };

  it('with this label, synonym, WordNet id or index, in upper or lower case, with any signs between its words', async () => {
    const { found } = await classesOf(
      ['Tench, tinca tinca', 'tinca TINCA', 'Tench', 'n01443537', '1', 'Gold-fish'],
      classes,
    );
    expect(found).toEqual([0, 0, 0, 1, 1, undefined]);
    expect((await classesOf(['Tiger_cat'], { labels: ['dog', 'tiger cat'] })).found).toEqual([1]);
  });

  it("with ImageNet's id, where the labels are ImageNet's and no ids are given, as in run.json", async () => {
    expect((await classesOf(['n02123159', 'n00000000'], { labels: imagenetLabels() })).found).toEqual([282, undefined]);
  });

  it('that a file says, whatever its own name is: in JSON, YAML or CSV', async () => {
    for (const [name, content] of [
      ['map.json', '{"fish": "goldfish", "TENCH": 1}'],
      ['map.yaml', 'fish: goldfish\ntench: 1\n'],
      ['map.csv', 'theirs,ours\nfish,goldfish\ntench,index:1\n'],
      ['map.txt', 'fish;goldfish\ntench;1\n'],
    ]) {
      const { found } = await classesOf(['Fish', 'tench', 'goldfish'], classes, fileOf(content, name));
      expect(found, name).toEqual([1, 1, 1]);
    }
  });

  it.each([
    [
      'no such class',
      '{"a": "goldfihs"}',
      'map.json',
      /map\.json: The model has no class "goldfihs"; the nearest is "goldfish"/,
    ],
    ['one name twice', 'a,tench\nA,goldfish', 'map.csv', /map\.csv has "A" twice; give --map-classes a file of pairs/],
    ['three columns', 'a,b\na,b,c', 'map.csv', /map\.csv has 3 columns in row 2/],
    ['no pairs', '[]', 'map.json', /holds no pairs of names/],
    ['nothing', '', 'map.csv', /holds no pairs of names/],
    ['UTF-16', Buffer.from('\ufeffa,tench', 'utf16le'), 'map.csv', /map\.csv is no text in UTF-8; give --map-classes/],
    ['a list for a class', 'a: [tench]', 'map.yaml', /has \["tench"\] for "a"/],
    ['no JSON', '{', 'map.json', /is not JSON/],
    [
      'entities of YAML that stand for very much',
      `${'a: &a [x,x]\n'}${'b: [*a,*a'.repeat(200)}`,
      'map.yml',
      /map\.yml is/,
    ],
  ])('and a file with %s is refused', async (_, content, name, sentence) => {
    await expect(classesOf(['a'], { labels: ['b', 'tench', 'goldfish'] }, fileOf(content, name))).rejects.toThrow(
      sentence,
    );
  });

  it('and a file that is not there is refused', async () => {
    await expect(classesOf(['a'], animals, '/nowhere/map.csv')).rejects.toThrow(
      /There is no file .*map\.csv; give --map-classes/,
    );
  });
});

describe('what did not match is said', () => {
  it('of classes: a name with a word in common, before one that is spelled alike', async () => {
    const { truth } = await classesOf(['zebra crossing', 'z'], { labels: ['brambling', 'zebra', 'crossings'] });
    expect(remarksOf(truth, true)[0]).toContain(
      '"zebra crossing" (1 object; the nearest is "zebra"), "z" (1 object; none is called alike)',
    );
  });

  it('of classes: how many objects, what is nearest, or that several are called so', async () => {
    const { found, truth } = await classesOf(['yeti', 'dog', 'crane', 'dgo'], animals);
    expect(found).toEqual([undefined, 1, 2, undefined]);
    expect(truth.unknownClasses()).toEqual(
      new Map([
        ['yeti', 1],
        ['dgo', 1],
      ]),
    );
    expect(remarksOf(truth, true)).toEqual([
      `${truth.place} has 2 classes that the network does not have: "yeti" (1 object; none is called alike), "dgo" (1 object; the nearest is "dog"); --map-classes says which of its classes is meant.`,
    ]);
    const { truth: cranes } = await classesOf(['Crane'], { labels: ['crane', 'crane', 'dog'] });
    expect(remarksOf(cranes, true)[0]).toContain(
      'has a class that the network does not have: "Crane" (1 object; is the name of several',
    );
  });

  it('of masks alone, which name no class, and of a model whose classes have no names: how they come to a class', async () => {
    const masks = await openTruth(folderWith({ 'a.png': '', 'b.png': '' }), animals);
    for (const photo of ['a.jpg', 'b.jpg']) await masks.entryOf(photo);
    expect(remarksOf(masks, true)[0]).toBe(
      `${masks.place} has a class that the network does not have: "object" (2 objects; masks alone name no class); in the file of --map-classes a line such as object,cat makes all of them cats, by a name or index of the network's classes.`,
    );
    const { truth } = await classesOf(['dog', 'crane'], { labels: ['class 0', 'class 1'] });
    expect(remarksOf(truth, true)[0]).toBe(
      `${truth.place} has 2 classes that the network does not have: "dog" (1 object), "crane" (1 object); the network's classes have no names but numbers: explain the photos with --labels, or give --map-classes the index of each.`,
    );
  });

  it('of mapped names that no object has', async () => {
    const { truth } = await classesOf(['Dog', 'crane'], animals, fileOf('dog,tabby\ndgo,crane', 'map.csv'));
    expect(remarksOf(truth, false)).toEqual([]);
    const { truth: other } = await classesOf(['Dog', 'crane'], animals, fileOf('dgo,crane', 'map.csv'));
    expect(remarksOf(other, true)).toHaveLength(1);
    const resumed = await openTruth(namedSet(['dog']), animals, { mapClasses: fileOf('dgo,crane', 'map.csv') });
    resumed.meet('dog.jpg');
    expect(remarksOf(resumed, true)).toEqual([]);
    expect(remarksOf(truth, true)).toEqual([
      `--map-classes maps "dgo", and no object of these photos in ${truth.place} is called so.`,
    ]);
  });

  it('of photos and entries', async () => {
    const truth = await openTruth(namedSet(['dog', 'crane', 'tabby']), animals);
    for (const photo of ['dog.jpg', 'x.jpg', 'y.jpg']) await truth.of(photoOf(photo));
    expect(remarksOf(truth, false)).toEqual([`2 photos, such as "x.jpg", are not in ${truth.place}.`]);
    expect(remarksOf(truth, true)[1]).toBe(`2 of 3 entries of ${truth.place} belong to none of the photos.`);
    expect(noneFound(truth)).toBeUndefined();
  });

  it('of a photo that may be several entries, and not that there is none', async () => {
    const images = ['x/a.jpg', 'y/a.jpg'].map((file_name, id) => ({ id, file_name }));
    const truth = await openTruth(fileOf({ images, annotations: [], categories: [] }), animals);
    await expect(truth.entryOf('a.jpg')).rejects.toThrow(/may be several images/);
    expect(await truth.entryOf('b.jpg')).toBeUndefined();
    expect(noneFound(truth)).toBeUndefined();
  });

  it('of a photo that lies in another folder than its entry, once, with the first of them', async () => {
    const images = ['x/a.jpg', 'x/b.jpg', 'p/q/c.jpg', 'd.jpg'].map((file_name, id) => ({ id, file_name }));
    const truth = await openTruth(fileOf({ images, annotations: [], categories: [] }), animals);
    for (const photo of ['images/x/a.jpg', 'q/c.jpg', 's/d.jpg']) expect(await truth.entryOf(photo)).toBeDefined();
    expect(truth.otherFolders()).toBeUndefined();
    expect((await truth.entryOf('y/b.jpg'))?.name).toBe('x/b.jpg');
    await truth.entryOf('y/b.jpg');
    expect(remarksOf(truth, true)).toEqual([
      `1 photo was found in ${truth.place} by the end of the path alone, in another folder: "y/b.jpg" is "x/b.jpg" there. Where that is another photo, run gapcam on the folder from which its names start.`,
    ]);
    await truth.entryOf('z/a.jpg').catch(() => {});
    await truth.entryOf('z/c.jpg').catch(() => {});
    expect(truth.otherFolders()).toEqual({ count: 1, photo: 'y/b.jpg', entry: 'x/b.jpg' });
  });

  it('as an error where nothing matches', async () => {
    const truth = await openTruth(namedSet(['dog']), animals);
    expect(noneFound(truth)).toBeUndefined();
    await truth.of(photoOf('x.jpg'));
    expect(noneFound(truth)?.message).toBe(
      `${truth.place} has no entry for any of the photos: a photo is called "x.jpg", an entry "dog.jpg"; give --truth the data set of these photos, or run gapcam on the folder from which its names start.`,
    );
  });
});

it('photos in tar files match by their names, and rows of Parquet files by their numbers, which is said where none matches', async () => {
  const images = ['000123.jpg', 'train-0.parquet/17'].map((file_name, id) => ({ id, file_name }));
  const file = fileOf({ images, annotations: [], categories: [] });
  const truth = await openTruth(file, animals);
  for (const photo of ['train-1.tar/000123.jpg', 'data/train-0.parquet/17']) {
    expect(await truth.entryOf(photo), photo).toBeDefined();
  }
  expect(truth.otherFolders()).toBeUndefined();
  const none = await openTruth(file, animals);
  none.meet('train-0.parquet/18');
  expect(noneFound(none)?.message).toMatch(/photos in Parquet files are called by their rows, from 0, so a truth/);
});

describe('a name with accents', () => {
  const [one, two] = ['d\u00e9j\u00e0', 'de\u0301ja\u0300'];
  const xml =
    '<annotation><object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>';
  const places: Readonly<Record<string, (name: string) => string>> = {
    COCO: (name) => fileOf({ images: [{ id: 1, file_name: `${name}/${name}.jpg` }], annotations: [], categories: [] }),
    VOC: (name) => folderWith({ [`${name}/${name}.xml`]: xml }),
    wsolevaluation: (name) => folderWith({ 'class_labels.txt': `${name}/${name}.jpg,1\n` }),
  };

  it.each(Object.entries(places))('is found as one letter each or two, as macOS writes them: %s', async (_, place) => {
    for (const [theirs, ours] of [
      [one, two],
      [two, one],
    ]) {
      const truth = await openTruth(place(theirs), animals);
      expect(await truth.entryOf(`${ours}/${ours}.jpg`)).toBeDefined();
      expect(truth.counts()).toMatchObject({ found: 1, missing: 0 });
    }
  });
});

describe('what is given as truth', () => {
  it('is known by what is below it, also beside more photos than are looked at', async () => {
    const photos = Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`photos/${i}.jpg`, '']));
    const xml =
      '<annotation><object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>';
    for (const name of ['Annotations/a.xml', 'z/a/a.xml']) {
      const truth = await openTruth(folderWith({ ...photos, [name]: xml }), animals);
      expect(truth.example()).toBe(name);
    }
  });

  it('is refused where nothing is there, or nothing that is known', async () => {
    await expect(openTruth('/nowhere/truth', animals)).rejects.toThrow(/is neither a file nor a folder; give --truth/);
    await expect(openTruth('', animals)).rejects.toThrow(/"" is neither a file nor a folder; give --truth/);
    await expect(openTruth('s3://bucket/ann.json', animals)).rejects.toThrow(
      /s3:\/\/bucket\/ann\.json is an address; fetch it first/,
    );
    for (const [files, sentence] of [
      [{}, /is no truth of a known format, as it is empty; give --truth one of: a COCO/],
      [{ 'x.json': '{}' }, /, but holds x\.json: where that is the data set, name the file; give/],
      [{ 'a.txt': '0 0.5 0.5 1 1' }, /, as YOLO's labels and other text files are not read; give/],
      [{ 'a.jpg': '' }, /, as masks are PNG files; give/],
    ] as const) {
      await expect(openTruth(folderWith(files), animals)).rejects.toThrow(sentence);
    }
  });
});

describe('the word folders takes the folders of photos as their classes', () => {
  it('by index, label or WordNet id, at any depth; other folders are unknown classes, and photos in none have no entry', async () => {
    const truth = await openTruth('folders', { labels: ['tench', 'goldfish'], wordnetIds: ['n01440764', 'n01443537'] });
    const of = async (photo: string) => inShort(await truth.of(photoOf(photo)));
    expect(await of('n01443537/a.jpg')).toEqual(['n01443537, 1: nowhere']);
    expect(await of('train/Tench/a.jpg')).toEqual(['Tench, 0: nowhere']);
    expect(await of('1/a.jpg')).toEqual(['1, 1: nowhere']);
    expect(await of('pike/a.jpg')).toEqual(['pike, no class: nowhere']);
    expect(await of('a.jpg')).toBeUndefined();
  });

  it("also the photos' own folder, and numbers in the order of texts where the classes have no names", async () => {
    const folder = join(temporaryFolder(), 'goldfish');
    mkdirSync(folder);
    const truth = await openTruth('folders', { labels: ['tench', 'goldfish'] }, { folder });
    expect(inShort(await truth.of(photoOf('a.jpg')))).toEqual(['goldfish, 1: nowhere']);
    const common = temporaryFolder();
    const labels = Array.from({ length: 12 }, (_, index) => `class ${index}`);
    for (const index of labels.keys()) mkdirSync(join(common, String(index)));
    const numbered = await openTruth('folders', { labels }, { folder: common });
    expect(inShort(await numbered.of(photoOf('10/a.jpg')))).toEqual(['10, 2: nowhere']);
  });
});

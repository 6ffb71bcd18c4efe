import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coco } from '../../../src/convert/formats/coco.js';
import { readCoco } from '../../../src/truth/coco/data-set.js';
import { filesOf, lineOf, mapWith, openLines, textOf } from '../../helpers/found-run.js';
import { folderWith } from '../../helpers/runs.js';
import { fileOf } from '../../helpers/truths.js';

const truthOf = (content: unknown) =>
  readCoco(
    join(folderWith({ 'truth.json': typeof content === 'string' ? content : JSON.stringify(content) }), 'truth.json'),
    { annotations: false },
  );

const image = (id: number, file_name: string, width = 120, height = 80) => ({ id, file_name, width, height });
const categories = [
  { id: 31, name: 'Tench' },
  { id: 40, name: 'rocket', supercategory: 'vehicle' },
];

const made = async (lines: Parameters<typeof openLines>[0], options: Parameters<typeof filesOf>[2] = {}) => {
  const { files, notes } = await filesOf(coco, (await openLines(lines)).run, options);
  const read = (name: string) => JSON.parse(String(files.get(name)));
  return { dataset: read('instances.json'), results: read('results.json'), notes };
};

describe('ids of our own', () => {
  it('are the places of the names in order, and the indices of classes + 1', async () => {
    const { dataset, results } = await made([lineOf('b.jpg'), lineOf('a.jpg', { maps: [mapWith([1], { class: 2 })] })]);
    expect(dataset.images).toEqual([
      { id: 2, file_name: 'b.jpg', width: 120, height: 80 },
      { id: 1, file_name: 'a.jpg', width: 120, height: 80 },
    ]);
    expect(results.map(({ image_id, category_id }: Record<string, number>) => [image_id, category_id])).toEqual([
      [2, 1],
      [1, 3],
    ]);
  });

  it('come with names by which no two classes can be mistaken', async () => {
    const { dataset } = await made([]);
    expect(dataset.categories.map(({ name }: { name: string }) => name)).toEqual([
      ...['tench', 'crane (class 1)', 'rocket', 'crane (class 3)'],
      ...['maillot', 'maillot, tank suit', 'A < B & "C"'],
    ]);
  });
});

it('has each box in both files, with its area, and its pixels where they are asked for', async () => {
  const [plain, masked] = [await made([lineOf('a.jpg')]), await made([lineOf('a.jpg')], { masks: true })];
  const [annotation] = plain.dataset.annotations;
  const [x, y, width, height] = annotation.bbox;
  expect(annotation).toMatchObject({ id: 1, image_id: 1, iscrowd: 0, score: 0.75, area: width * height });
  expect(plain.results).toEqual([{ image_id: 1, category_id: 1, bbox: [x, y, width, height], score: 0.75 }]);
  const [{ area, bbox, segmentation }] = masked.dataset.annotations;
  expect(bbox).toEqual(annotation.bbox);
  expect(area).toBeLessThan(width * height);
  expect(segmentation.size).toEqual([80, 120]);
  expect(masked.results[0].segmentation).toEqual(segmentation);
});

it('ranks by the logit where a network has no score', async () => {
  const { run } = await openLines([lineOf('a.jpg')]);
  const photos = async function* () {
    for await (const photo of run.photos()) {
      const findings = photo.findings.map((finding) => ({ ...finding, map: { ...finding.map, score: null as never } }));
      yield { line: photo.line, orientation: 1, findings };
    }
  };
  const { files } = await filesOf(coco, { ...run, photos });
  expect(JSON.parse(String(files.get('instances.json'))).annotations[0]).not.toHaveProperty('score');
  expect(JSON.parse(String(files.get('results.json')))[0].score).toBe(5);
});

describe('ids of a data set', () => {
  it('are found by path, then by file name, and what it lacks is left out and told', async () => {
    const truth = await truthOf({ images: [image(7, 'x/a.jpg'), image(9, 'val/b.jpg')], annotations: [], categories });
    const { dataset, results, notes } = await made([lineOf('x/a.jpg'), lineOf('y/b.jpg'), lineOf('c.jpg')], { truth });
    expect(dataset.images.map(({ id }: { id: number }) => id)).toEqual([7, 9]);
    expect(dataset.categories).toEqual(categories);
    expect(results.map(({ category_id }: { category_id: number }) => category_id)).toEqual([31, 31]);
    expect(notes).toEqual([
      `1 photo, "c.jpg", is not in ${truth.place}, and left out.`,
      expect.stringMatching(/^1 photo was found in .* in another folder: "y\/b\.jpg" is "val\/b\.jpg" there\./),
    ]);
  });

  it.each([
    [
      'a photo that may be several',
      [image(1, 'x/a.jpg'), image(2, 'y/a.jpg')],
      ['z/a.jpg'],
      /"z\/a.jpg" may be several.*x\/a.jpg.*y\/a.jpg/,
    ],
    [
      'two photos that would be one',
      [image(1, 'a.jpg')],
      ['x/a.jpg', 'y/a.jpg'],
      /"x\/a.jpg" and "y\/a.jpg" would both be/,
    ],
    [
      'another photo of the same name',
      [image(1, 'a.jpg', 640, 480)],
      ['a.jpg'],
      /"a.jpg" has 120 x 80 pixels, and 640 x 480/,
    ],
  ])('refuse %s', async (_, images, photos, sentence) => {
    const truth = await truthOf({ images, annotations: [], categories });
    await expect(
      made(
        photos.map((photo) => lineOf(photo)),
        { truth },
      ),
    ).rejects.toThrow(sentence);
  });

  it.each([
    ['a class that has no category', 6, categories, /no category for class 6, "A < B/],
    [
      'a class that has several',
      0,
      [...categories, { id: 5, name: 'tench' }],
      /several categories for class 0, "tench.*, such as "Tench" and "tench"; say with --map-classes/,
    ],
  ])('refuse %s', async (_, index, given, sentence) => {
    const truth = await truthOf({ images: [image(1, 'a.jpg')], categories: given });
    const line = lineOf('a.jpg', { maps: [mapWith([1], { class: index })] });
    await expect(made([line], { truth })).rejects.toThrow(sentence);
  });

  it('are of the categories that a file maps to the classes, before those of the same name', async () => {
    const given = [
      { id: 3, name: 'Fisch' },
      { id: 4, name: 'tench' },
    ];
    const truth = await truthOf({ images: [image(1, 'a.jpg')], categories: given });
    const ids = async (map: string) => {
      const { results } = await made([lineOf('a.jpg')], { truth, mapClasses: fileOf(map, 'map.csv') });
      return results.map(({ category_id }: { category_id: number }) => category_id);
    };
    expect(await ids('fisch,tench')).toEqual([3]);
    await expect(ids('tench,rocket')).rejects.toThrow(/no category for class 0, .*; say with --map-classes/);
    await expect(ids('fisch,tench\ntench,index:0')).rejects.toThrow(/several categories for class 0/);
    await expect(ids('fisch,trout')).rejects.toThrow(/map\.csv: The model has no class "trout"/);
  });

  it('refuse two classes of one name', async () => {
    const truth = await truthOf({ images: [image(1, 'a.jpg')], categories: [{ id: 3, name: 'crane' }] });
    const maps = [mapWith([1], { class: 1 }), mapWith([1], { class: 3 })];
    await expect(made([lineOf('a.jpg', { maps })], { truth })).rejects.toThrow(
      /one category "crane" for class 1 and class 3/,
    );
  });

  it.each([
    ['no JSON', '{', /is no JSON/],
    ['a list, as results are', [], /is a list, as results are/],
    ['no images', { categories }, /has no list of images/],
    ['an image without a name', { images: [{ id: 1 }], categories }, /number 1 of its images has no file_name/],
    ['two images of one id', { images: [image(1, 'a'), image(1, 'b')], categories }, /two images with the id 1/],
    [
      'two categories of one id',
      { images: [], categories: [categories[0], categories[0]] },
      /number \d+ of its categories has the id 31, as another has/,
    ],
  ])('refuse a file that holds %s', async (_, content, sentence) => {
    await expect(truthOf(content)).rejects.toThrow(sentence);
  });

  it('refuse a file that is not there', async () => {
    await expect(readCoco('/nowhere/truth.json', { annotations: false })).rejects.toThrow(
      /cannot be read.*give --truth another file\.$/,
    );
  });

  it('read a file that begins with a byte order mark', async () => {
    const folder = folderWith({});
    writeFileSync(join(folder, 't.json'), `\ufeff${JSON.stringify({ images: [], categories })}`);
    expect((await readCoco(join(folder, 't.json'), { annotations: false })).categories).toHaveLength(2);
  });
});

describe('the pixels of a photo that was held sideways', () => {
  const line = lineOf('a.jpg', { orientation: 6 });
  const other = lineOf('b.jpg', { orientation: 8 });
  const bboxIn = async (options: Parameters<typeof filesOf>[2]) =>
    JSON.parse(await textOf(coco, [line], 'results.json', options))[0].bbox;

  it('are as they are stored, or as asked', async () => {
    const [x, y, width, height] = await bboxIn({ pixels: 'upright' });
    expect(await bboxIn({ pixels: 'stored' })).toEqual([y, 120 - x - width, height, width]);
    expect(await bboxIn({})).toEqual(await bboxIn({ pixels: 'stored' }));
  });

  it("are the data set's own, as its sizes tell", async () => {
    const stored = await truthOf({ images: [image(1, 'a.jpg', 80, 120)], categories });
    const upright = await truthOf({ images: [image(1, 'a.jpg', 120, 80)], categories });
    expect(await bboxIn({ truth: stored })).toEqual(await bboxIn({ pixels: 'stored' }));
    expect(await bboxIn({ truth: upright })).toEqual(await bboxIn({ pixels: 'upright' }));
  });

  it('are asked for where the data set has some photos one way and some the other', async () => {
    const truth = await truthOf({ images: [image(1, 'a.jpg', 80, 120), image(2, 'b.jpg', 120, 80)], categories });
    await expect(made([line, other], { truth })).rejects.toThrow(/"a.jpg" as it is stored, and "b.jpg".*--pixels\.$/);
    expect((await made([line, other], { truth, pixels: 'stored' })).results).toHaveLength(2);
  });
});

import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTruth } from '../../../src/truth/index.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { animals, fileOf, inShort, photoOf } from '../../helpers/truths.js';

const categories = [
  { id: 17, name: 'Dog' },
  { id: 3, name: 'tabby cat' },
  { id: 90, name: 'yeti' },
];
const image = (id: number, file_name: string, width = 40, height = 30) => ({ id, file_name, width, height });
const box = (image_id: number, category_id: number, bbox: readonly number[] | null, others: object = {}) => ({
  ...{ id: 1, image_id, category_id, area: 1, iscrowd: 0, bbox },
  ...others,
});
const open = (content: object) => openTruth(fileOf(content), animals);

describe('a COCO data set', () => {
  it('says the objects of a photo, whichever order its lists and ids have', async () => {
    const truth = await open({
      annotations: [box(5, 17, [1, 2, 3, 4]), box(2, 3, [0, 0, 9, 9]), box(5, 3, [5.5, 6, 7.25, 8])],
      info: { year: 2026, 'a "key"': ['}', ']', { deep: [1, 2] }] },
      categories,
      images: [image(5, 'a.jpg'), image(2, 'b.jpg'), image(7, 'c.jpg')],
    });
    expect(inShort(await truth.of(photoOf('a.jpg')))).toEqual(['Dog, 1: 1 2 3 4', 'tabby cat, 0: 5.5 6 7.25 8']);
    expect(inShort(await truth.of(photoOf('b.jpg')))).toEqual(['tabby cat, 0: 0 0 9 9']);
    expect(inShort(await truth.of(photoOf('c.jpg')))).toEqual([]);
    expect(await truth.of(photoOf('d.jpg'))).toBeUndefined();
    expect(truth.counts()).toEqual({ found: 3, read: 3, missing: 1, firstMissing: 'd.jpg', entries: 3 });
  });

  it('says in the same way what it does not say in full: no box, no mask, a mask without a box', async () => {
    const segmentation = [[2, 3, 7, 3, 7, 9, 2, 9]];
    const annotations = [
      box(1, 17, null),
      box(1, 17, [1, 1, 2, 2], { segmentation: [] }),
      box(1, 3, null, { segmentation }),
    ];
    const truth = await (await open({ images: [image(1, 'a.jpg')], annotations, categories })).of(photoOf('a.jpg'));
    expect(inShort(truth)).toEqual(['Dog, 1: nowhere', 'Dog, 1: 1 1 2 2', 'tabby cat, 0: 2 3 5 6']);
    expect(truth?.objects.map(({ mask }) => mask?.reduce((sum, value) => sum + value, 0))).toEqual([
      undefined,
      undefined,
      30,
    ]);
  });

  it('ignores crowds where their masks are, or else in their boxes, but for pixels of objects', async () => {
    const annotations = [
      box(1, 17, [0, 0, 40, 30], { iscrowd: 1, segmentation: { size: [30, 40], counts: [0, 60, 1140] } }),
      box(1, 17, [10, 10, 5, 5], { iscrowd: 1 }),
      box(1, 3, [1, 0, 3, 1], { segmentation: [[1, 0, 4, 0, 4, 1, 1, 1]] }),
    ];
    const truth = await (await open({ images: [image(1, 'a.jpg')], annotations, categories })).of(photoOf('a.jpg'));
    expect(inShort(truth)).toEqual(['tabby cat, 0: 1 0 3 1']);
    const ignored = [...(truth?.ignored ?? [])].flatMap((value, at) => (value === 1 ? [at] : []));
    const expected = Array.from({ length: 30 * 40 }, (_, at) => at).filter((at) => {
      const [x, y] = [at % 40, Math.floor(at / 40)];
      return (x < 2 && !(y === 0 && x === 1)) || (x >= 10 && x < 15 && y >= 10 && y < 15);
    });
    expect(ignored).toEqual(expected);
  });

  it('lies in the pixels that its sizes say: stored, or turned as EXIF says', async () => {
    const annotations = [box(1, 17, [2, 3, 5, 7], { segmentation: [[2, 3, 7, 3, 7, 10, 2, 10]] })];
    const inside = async (width: number, height: number, orientation: number) => {
      const truth = await open({ images: [image(1, 'a.jpg', width, height)], annotations, categories });
      const [object] = (await truth.of(photoOf('a.jpg', { orientation })))?.objects ?? [];
      const { x, y, width: wide, height: high } = object.box ?? { x: 0, y: 0, width: 0, height: 0 };
      // The mask has the pixels of the box, wherever that came to lie.
      object.mask?.forEach((value, at) => {
        const [column, row] = [at % 40, Math.floor(at / 40)];
        expect(value === 1).toBe(column >= x && column < x + wide && row >= y && row < y + high);
      });
      return [x, y, wide, high];
    };
    expect(await inside(40, 30, 6)).toEqual([2, 3, 5, 7]);
    // Stored 30 x 40, shown turned to the right: the left edge becomes the top.
    expect(await inside(30, 40, 6)).toEqual([40 - 3 - 7, 2, 7, 5]);
    expect(await inside(30, 40, 8)).toEqual([3, 30 - 2 - 5, 7, 5]);
    // Nothing tells upright from stored here: as stored.
    expect(await inside(40, 30, 3)).toEqual([40 - 2 - 5, 30 - 3 - 7, 5, 7]);
  });
});

describe('a photo is', () => {
  const images = [
    image(1, 'train/a.jpg'),
    image(2, 'val/a.jpg'),
    image(3, 'val/b.jpg'),
    image(4, './c.jpg'),
    image(5, 'd.jpg'),
  ];
  const annotations = images.map(({ id }) => box(id, 17, [id, 0, 1, 1]));
  const opened = () => open({ images, annotations, categories });

  it('the image of its path, else of its name', async () => {
    const truth = await opened();
    expect(inShort(await truth.of(photoOf('val/a.jpg')))).toEqual(['Dog, 1: 2 0 1 1']);
    expect(inShort(await truth.of(photoOf('b.jpg')))).toEqual(['Dog, 1: 3 0 1 1']);
    expect(inShort(await truth.of(photoOf('c.jpg')))).toEqual(['Dog, 1: 4 0 1 1']);
    expect(inShort(await truth.of(photoOf('@/home/d.jpg')))).toEqual(['Dog, 1: 5 0 1 1']);
  });

  it('asked for as often as anybody likes, and counted once', async () => {
    const truth = await opened();
    for (let i = 0; i < 3; i++) await truth.of(photoOf('b.jpg'));
    expect(truth.counts().found).toBe(1);
  });

  it('refused where its name is that of several images, or another photo has that name', async () => {
    const truth = await opened();
    await expect(truth.of(photoOf('a.jpg'))).rejects.toThrow(
      /"a.jpg" may be several images of .*truth.json \("train\/a.jpg" and "val\/a.jpg"\); run gapcam on the folder from/,
    );
    const twice = await open({ images: [image(1, 'a.jpg'), image(2, 'a.jpg')], annotations: [], categories });
    await expect(twice.of(photoOf('a.jpg'))).rejects.toThrow(/has several images called "a.jpg"; leave one of them/);
    await truth.of(photoOf('x/b.jpg'));
    await expect(truth.of(photoOf('y/b.jpg'))).rejects.toThrow(
      /"y\/b.jpg" and another photo of the same name would both be the entry .*val\/b.jpg;/,
    );
  });
});

describe('an annotation is refused when its photo is asked for', () => {
  it.each([
    [
      'a box without pixels',
      box(1, 3, [3, 3, 0, 5]),
      /box of "tabby cat" in .*a\.jpg has no pixels \(0 x 5\); mend it/,
    ],
    ['a box of less than nothing', box(1, 3, [3, 3, 5, -5]), /has no pixels \(5 x -5\)/],
    [
      'a box right of the photo',
      box(1, 3, [40, 3, 5, 5]),
      /\(40, 3, 5, 5\) lies outside of its photo of 40 x 30 pixels/,
    ],
    ['a box above the photo', box(1, 3, [3, -5, 5, 5]), /\(3, -5, 5, 5\) lies outside/],
  ])('%s', async (_, annotation, sentence) => {
    const truth = await open({ images: [image(1, 'a.jpg')], annotations: [annotation], categories });
    await expect(truth.of(photoOf('a.jpg'))).rejects.toThrow(sentence);
  });

  it('but not one that reaches beyond the photo', async () => {
    const truth = await open({ images: [image(1, 'a.jpg')], annotations: [box(1, 3, [39, -4, 5, 5])], categories });
    expect(inShort(await truth.of(photoOf('a.jpg')))).toEqual(['tabby cat, 0: 39 -4 5 5']);
  });

  it('with a mask of another size when that is asked for', async () => {
    const annotations = [box(1, 3, [1, 1, 2, 2], { segmentation: { size: [40, 30], counts: [1200] } })];
    const truth = await (await open({ images: [image(1, 'a.jpg')], annotations, categories })).of(photoOf('a.jpg'));
    expect(() => truth?.objects[0].mask).toThrow(
      /A mask in .*a\.jpg is of 30 x 40 pixels, its image of 40 x 30; mend it/,
    );
  });

  it('as is a photo of another size', async () => {
    const truth = await open({ images: [image(1, 'a.jpg', 41, 30)], annotations: [], categories });
    await expect(truth.of(photoOf('a.jpg', { orientation: 6 }))).rejects.toThrow(
      /a\.jpg is of 41 x 30 pixels, and the photo "a\.jpg" of 40 x 30; give --truth the data set of these photos\.$/,
    );
  });
});

describe('a file is refused', () => {
  const images = [image(1, 'a.jpg')];
  const whole = JSON.stringify({ images, annotations: [box(1, 3, [1, 1, 2, 2])], categories });
  it.each([
    ['cut off within its lists', whole.slice(0, -40), /is no JSON \(it ends too early\)/],
    ['cut off at its last brace', whole.slice(0, -1), /is no JSON \(it ends too early\)/],
    ['followed by another', `${whole}{}`, /is no JSON \(something follows its end\)/],
    ['with a word in it', whole.replace('"iscrowd":0', '"iscrowd":NaN'), /is no JSON \(.*NaN/],
    [
      'without a comma',
      whole.replace('],"annotations"', '] "annotations"'),
      /is no JSON \(Expected , at byte \d+, not "/,
    ],
    ['with two lists of images', whole.replace('"categories"', '"images"'), /it has two lists of images/],
    ['nested a thousand times', `{"x":${'['.repeat(1000)}`, /is no JSON \(it is nested more than 100 times\)/],
    [
      'without annotations',
      JSON.stringify({ images, categories }),
      /has no list of annotations; give --truth a data set/,
    ],
    ['of text', 'a.jpg: cat', /holds no JSON object/],
    [
      'with no images',
      { images: [], annotations: [], categories: [] },
      /truth\.json is empty: its list of images has none; give --truth/,
    ],
    ['that is empty', '', /truth\.json is empty, and no data set in COCO's format/],
    [
      'in UTF-16',
      Buffer.from(`\ufeff${whole}`, 'utf16le'),
      /is text in UTF-16, .*; give --truth the file saved as UTF-8/,
    ],
    ['in UTF-16 without a mark', Buffer.from(whole, 'utf16le').swap16(), /is text in UTF-16/],
    ['of results', '[{"image_id":1}]', /is a list, as results are, .*; give --truth the data set, with its images/],
    ['packed by gzip', gzipSync(whole), /is packed by gzip, .*; give --truth what is in it/],
    ['of XML', '<annotation/>', /is XML, .*; give --truth the folder of all XML files/],
    [
      'with an id that is a text',
      JSON.stringify({ images: [{ id: 'abc', file_name: 'a.jpg' }], annotations: [], categories }),
      /is damaged: number 1 of its images has "abc" as its id, and not a whole number; mend it, or give/,
    ],
    [
      'with an image without a name',
      JSON.stringify({ images: [...images, { id: 2 }], annotations: [], categories }),
      /number 2 of its images has no file_name/,
    ],
    [
      'with an annotation of no image',
      JSON.stringify({ images, annotations: [{ category_id: 3 }], categories }),
      /number 1 of its annotations has no image_id/,
    ],
    [
      'with a box of three numbers',
      JSON.stringify({ images, annotations: [box(1, 3, [1, 2, 3])], categories }),
      /number 1 of its annotations has \[1,2,3\] as its bbox, and not four numbers/,
    ],
    [
      'with a category that it does not list',
      JSON.stringify({ images, annotations: [box(1, 4, [1, 1, 2, 2])], categories }),
      /has an annotation of category 4, which is not among its categories/,
    ],
  ])('%s', async (_, content, sentence) => {
    await expect(openTruth(fileOf(content), animals)).rejects.toThrow(sentence);
  });

  it('but not one with an empty list for no box, as some tools write it', async () => {
    const truth = await open({ images, annotations: [box(1, 3, [])], categories });
    expect(inShort(await truth.of(photoOf('a.jpg')))).toEqual(['tabby cat, 0: nowhere']);
  });

  it('also when it was changed while it was used', async () => {
    const path = fileOf(whole);
    const truth = await openTruth(path, animals);
    truncateSync(path, 20);
    await expect(truth.of(photoOf('a.jpg'))).rejects.toThrow(/was changed while it was used; run gapcam again\.$/);
  });
});

it('annotations of images that are not listed are passed over, and counted', async () => {
  const truth = await open({
    images: [{ id: 9, file_name: 'z.jpg' }],
    annotations: [box(1, 3, [1, 1, 2, 2])],
    categories,
  });
  expect(truth.notes()[0]).toMatch(/has annotations of images that it does not list \(1\), which are passed over\.$/);
});

it('is read alike however its blocks fall: spaces, escapes and long values over their borders', async () => {
  const path = `${temporaryFolder()}/truth.json`;
  writeFileSync(path, '{"images":[');
  const names = Array.from({ length: 6000 }, (_, i) => `${'\\"é}'.repeat(40)}${i}.jpg`);
  names.forEach((name, i) => {
    appendFileSync(path, `${i === 0 ? '' : ' ,\n'}{"id":${i},"file_name":${JSON.stringify(name)}}`);
  });
  const corners = Array.from({ length: 300_000 }, (_, i) => [i % 40, (i * 7) % 30]).flat();
  const annotations = [{ ...box(5999, 17, [1, 2, 3, 4]), segmentation: [corners] }];
  appendFileSync(path, `],"annotations":${JSON.stringify(annotations)},"categories":${JSON.stringify(categories)}}`);
  const truth = await openTruth(path, animals);
  expect(truth.counts().entries).toBe(6000);
  const found = await truth.entryOf(names[5999].replaceAll('\\', '/'));
  expect(found?.objects).toHaveLength(1);
});

import { expect, it } from 'vitest';
import { coco } from '../../../src/convert/formats/coco.js';
import { labelStudio } from '../../../src/convert/formats/label-studio.js';
import { filesOf, lineOf, mapWith, openLines, textOf } from '../../helpers/found-run.js';

const tasksOf = async (lines: Parameters<typeof textOf>[1], options: Parameters<typeof textOf>[3] = {}) =>
  JSON.parse(await textOf(labelStudio, lines, 'tasks.json', options));

it('has boxes in percent of the upright photo, whatever its orientation', async () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const line = lineOf('a.jpg', { orientation });
    const [{ predictions }] = await tasksOf([line]);
    const [{ bbox }] = JSON.parse(await textOf(coco, [line], 'results.json', { pixels: 'upright' }));
    const [{ value, ...region }] = predictions[0].result;
    expect(region).toMatchObject({ original_width: 120, original_height: 80, from_name: 'label', to_name: 'image' });
    expect(value.rectanglelabels).toEqual(['tench']);
    const inPixels = [value.x * 1.2, value.y * 0.8, value.width * 1.2, value.height * 0.8];
    expect(inPixels).toEqual(bbox.map((edge: number) => expect.closeTo(edge, 9)));
    expect(predictions[0].score).toBe(0.75);
  }
});

it('has a task without regions for a photo without boxes', async () => {
  const [{ predictions }] = await tasksOf([lineOf('a.jpg', { maps: [mapWith([])] })]);
  expect(predictions[0].result).toEqual([]);
});

it('tells the regions of a photo apart', async () => {
  const [{ predictions }] = await tasksOf([
    lineOf('a.jpg', { maps: [mapWith([0, 23]), mapWith([0, 23], { class: 2 })] }),
  ]);
  const ids = predictions[0].result.map(({ id }: { id: string }) => id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});

it.each([
  [undefined, '/data/local-files/?d=a%20b/c%26d%25.jpg'],
  ['https://host/photos/', 'https://host/photos/a%20b/c%26d%25.jpg'],
  ['s3://bucket/', 's3://bucket/a b/c&d%.jpg'],
  ['', 'a%20b/c%26d%25.jpg'],
])('begins addresses with %s: %s', async (imageUrl, address) => {
  const [{ data }] = await tasksOf([lineOf('a b/c&d%.jpg')], { imageUrl });
  expect(data.image).toBe(address);
});

it('names all classes in its configuration, each once, as XML', async () => {
  const { files } = await filesOf(labelStudio, (await openLines([])).run);
  const values = [...String(files.get('label_config.xml')).matchAll(/<Label value="([^"]*)"\/>/g)].map(
    ([, name]) => name,
  );
  expect(values).toHaveLength(7);
  expect(new Set(values).size).toBe(7);
  expect(values.at(-1)).toBe('A &lt; B &amp; &quot;C&quot;');
});

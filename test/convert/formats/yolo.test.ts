import { expect, it } from 'vitest';
import { coco } from '../../../src/convert/formats/coco.js';
import { yolo } from '../../../src/convert/formats/yolo.js';
import { filesOf, lineOf, mapWith, openLines, textOf } from '../../helpers/found-run.js';

const all = Array.from({ length: 24 }, (_, i) => i);

it('has a row a box: class, centre and size as shares of the upright photo', async () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const line = lineOf('a/b.jpg', { orientation, maps: [mapWith(all, { class: 3 }), mapWith([1, 2], { class: 2 })] });
    const [, second, ...others] = (await textOf(yolo, [line], 'labels/a/b.txt')).split('\n');
    const [, { bbox }] = JSON.parse(await textOf(coco, [line], 'results.json', { pixels: 'upright' }));
    const [x, y, width, height] = bbox;
    const [index, ...shares] = second.split(' ').map(Number);
    expect(index).toBe(2);
    [(x + width / 2) / 120, (y + height / 2) / 80, width / 120, height / 80].forEach((share, i) =>
      expect(shares[i]).toBeCloseTo(share, 6),
    );
    expect(others).toEqual(['']);
  }
});

it('never leaves the photo, and lies in stored pixels where that is asked', async () => {
  const line = lineOf('a.jpg', { orientation: 6, maps: [mapWith(all)] });
  expect(await textOf(yolo, [line], 'labels/a.txt')).toBe('0 0.5 0.5 1 1\n');
  const side = lineOf('a.jpg', { orientation: 6, maps: [mapWith([0, 6, 12, 18])] });
  const [, cx, cy, width, height] = (await textOf(yolo, [side], 'labels/a.txt')).split(' ').map(Number);
  const stored = (await textOf(yolo, [side], 'labels/a.txt', { pixels: 'stored' })).split(' ').map(Number);
  expect(stored.slice(1)).toEqual([cy, 1 - cx, height, width].map((share) => expect.closeTo(share, 6)));
});

it('has an empty file for a photo without boxes, and lists all photos below the link to them', async () => {
  const { run } = await openLines([lineOf('a.jpg', { maps: [mapWith([])] }), lineOf('b/c.PNG')]);
  const { files } = await filesOf(yolo, run);
  expect(String(files.get('labels/a.txt'))).toBe('');
  expect(String(files.get('images.txt'))).toBe('./images/a.jpg\n./images/b/c.PNG\n');
  expect(String(files.get('data.yaml'))).toContain('\n  6: "A < B & \\"C\\""\n');
});

it.each([
  ['images/a.jpg', /lies in a folder called images.*run gapcam on that folder itself/],
  ['x/images/y/a.jpg', /lies in a folder called images/],
  ['a.gif', /has no ending by which Ultralytics knows photos/],
  ['.jpg', /has no ending/],
  ['@/else/where.jpg', /lies outside of the photos' folder/],
])('refuses %s, whose labels Ultralytics would not find', async (photo, sentence) => {
  await expect(filesOf(yolo, (await openLines([lineOf(photo)])).run)).rejects.toThrow(sentence);
});

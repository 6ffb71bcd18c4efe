import { describe, expect, it } from 'vitest';
import { voc } from '../../../src/convert/formats/voc.js';
import { wholePixels } from '../../../src/convert/whole-pixels.js';
import { filesOf, lineOf, mapWith, openLines, textOf } from '../../helpers/found-run.js';

const boxesOf = (xml: string): readonly number[][] =>
  [...xml.matchAll(/<xmin>(\d+)<\/xmin><ymin>(\d+)<\/ymin><xmax>(\d+)<\/xmax><ymax>(\d+)<\/ymax>/g)].map(
    ([, ...edges]) => edges.map(Number),
  );

/** All cells: the box is the whole photo. */
const everywhere = [
  mapWith(
    Array.from({ length: 24 }, (_, i) => i),
    { class: 6 },
  ),
];

it('counts pixels from 1 and includes the last', async () => {
  const xml = await textOf(voc, [lineOf('a/b.jpg', { maps: everywhere })], 'Annotations/a/b.xml');
  expect(boxesOf(xml)).toEqual([[1, 1, 120, 80]]);
  expect(xml).toContain('<folder>a</folder>\n  <filename>b.jpg</filename>');
  expect(xml).toContain('<size><width>120</width><height>80</height><depth>3</depth></size>');
  expect(xml).toContain('<name>A &lt; B &amp; &quot;C&quot;</name>');
});

it('lies in the pixels as they are stored, or upright where that is asked', async () => {
  const line = lineOf('a.jpg', { orientation: 6 });
  const xml = await textOf(voc, [line], 'Annotations/a.xml');
  const upright = await textOf(voc, [line], 'Annotations/a.xml', { pixels: 'upright' });
  const [[left, top, right, bottom]] = boxesOf(upright);
  expect(boxesOf(xml)).toEqual([[top, 121 - right, bottom, 121 - left]]);
  expect(xml).toContain('<width>80</width><height>120</height>');
});

it('has an annotation without objects for a photo without boxes, and lists it', async () => {
  const { run } = await openLines([lineOf('a.jpg', { maps: [mapWith([])] }), lineOf('b/c.d.png')]);
  const { files } = await filesOf(voc, run);
  expect(String(files.get('Annotations/a.xml'))).not.toContain('<object>');
  expect(String(files.get('ImageSets/Main/all.txt'))).toBe('a\nb/c.d\n');
});

it('refuses two photos that would have one annotation', async () => {
  const { run } = await openLines([lineOf('a.jpg'), lineOf('a.png')]);
  await expect(filesOf(voc, run)).rejects.toThrow(/^"a.png" and "a.jpg" would both have the file a.xml; rename one/);
});

describe('whole pixels', () => {
  const size = { width: 10, height: 10 };

  it.each([
    [{ x: 0, y: 0, width: 10, height: 10 }, [0, 0, 9, 9]],
    [{ x: 1.4, y: 1.6, width: 3, height: 3 }, [1, 2, 3, 4]],
    [{ x: 9.9, y: 9.9, width: 0.1, height: 0.1 }, [9, 9, 9, 9]],
    [{ x: 3.1, y: 3.1, width: 0.2, height: 0.2 }, [3, 3, 3, 3]],
    [{ x: -0.2, y: 5, width: 10.5, height: 1 }, [0, 5, 9, 5]],
  ])('of %j are %j', (box, [left, top, right, bottom]) => {
    expect(wholePixels(box, size)).toEqual({ left, top, right, bottom });
  });
});

import { describe, expect, it } from 'vitest';
import { openTruth } from '../../../src/truth/index.js';
import { asPng, paint } from '../../helpers/pictures.js';
import { folderWith } from '../../helpers/runs.js';
import { animals, inShort, photoOf } from '../../helpers/truths.js';

const metadata = {
  'image_ids.txt': 'val/a.jpg\nval/b,c.jpg\nval/d.jpg\n',
  'class_labels.txt': 'val/a.jpg,1\r\nval/b,c.jpg,0\nval/d.jpg,7',
  'image_sizes.txt': 'val/a.jpg,40,30\nval/b,c.jpg,30,40\nval/d.jpg,40,30\n',
  'localization.txt': 'val/a.jpg,1,2,10,20\nval/b,c.jpg,0,0,29,39\nval/a.jpg,5,5,5,5\n',
};

const opened = (changed: Readonly<Record<string, string | Uint8Array>> = {}) =>
  openTruth(folderWith({ ...metadata, ...changed }), animals);

describe("a folder of wsolevaluation's metadata", () => {
  it('says classes by index and boxes by their first and last pixels, counted from 0', async () => {
    const truth = await opened();
    expect(inShort(await truth.of(photoOf('val/a.jpg')))).toEqual(['1, 1: 1 2 10 19', '1, 1: 5 5 1 1']);
    expect(inShort(await (await opened()).of(photoOf('a.jpg')))).toHaveLength(2);
    expect(inShort(await truth.of(photoOf('val/d.jpg')))).toEqual(['7, no class: nowhere']);
    expect(await truth.of(photoOf('e.jpg'))).toBeUndefined();
    expect(truth.unknownClasses()).toEqual(new Map([['7', 1]]));
    expect(truth.counts().entries).toBe(3);
  });

  it('has ids with commas, and boxes in the pixels of its sizes', async () => {
    const truth = await opened();
    expect(inShort(await truth.of(photoOf('val/b,c.jpg', { orientation: 6 })))).toEqual(['0, 0: 0 0 40 30']);
  });

  it('is read without sizes and places, too', async () => {
    const truth = await openTruth(folderWith({ 'class_labels.txt': metadata['class_labels.txt'] }), animals);
    expect(inShort(await truth.of(photoOf('val/a.jpg')))).toEqual(['1, 1: nowhere']);
  });

  it('names masks, of any size with the shape of the photo, and what is to be ignored around them', async () => {
    const square = (side: number) => asPng(paint(20, 15, [0, 0, 0], { x: 5, y: 5, side, color: [255, 255, 255] }));
    const files = {
      'localization.txt': 'val/a.jpg,val/a_m.png,val/a_i.png\nval/a.jpg,val/a_n.png,\nval/d.jpg,val/gone.png,\n',
      'masks/val/a_m.png': await square(2),
      'val/a_n.png': await square(1),
      'masks/val/a_i.png': await square(4),
    };
    const truth = await opened(files);
    const found = await truth.of(photoOf('val/a.jpg'));
    expect(inShort(found)).toEqual(['1, 1: 10 10 4 4', '1, 1: 10 10 2 2']);
    expect(found?.ignored?.reduce((sum, value) => sum + value, 0)).toBe(8 * 8 - 4 * 4);
    // The pictures' own pixels too, since wsolevaluation shrinks them from there.
    const own = [...(found?.objects.map(({ scaled }) => scaled) ?? []), ...(found?.ignoredScaled ?? [])];
    expect(own.map((scaled) => [scaled?.size, scaled?.mask.reduce((sum, value) => sum + value, 0)])).toEqual(
      [4, 1, 16].map((pixels) => [{ width: 20, height: 15 }, pixels]),
    );
    await expect(truth.of(photoOf('val/d.jpg'))).rejects.toThrow(
      /localization\.txt names the mask "val\/gone\.png", which is not there; put the masks into .*masks\.$/,
    );
  });

  it.each([
    [
      'a class that is no index',
      { 'class_labels.txt': 'a.jpg,dog' },
      /class_labels\.txt has "a.jpg,dog" for an id and a class's/,
    ],
    ['a line without a comma', { 'class_labels.txt': '3' }, /has "3" for an id/],
    [
      'a photo twice',
      { 'class_labels.txt': 'a.jpg,1\nb.jpg,1\na.jpg,2' },
      /class_labels\.txt has the photo "a.jpg" twice; give/,
    ],
    [
      'a size of a photo that it does not list',
      { 'image_sizes.txt': 'x.jpg,1,1' },
      /image_sizes\.txt has the photo "x.jpg", which class_labels/,
    ],
    [
      'a size that is none',
      { 'image_sizes.txt': 'val/a.jpg,1,-1' },
      /has "val\/a.jpg,1,-1" for an id, a width and a height/,
    ],
    [
      'a place of a photo that it does not list',
      { 'localization.txt': 'x.jpg,1,1,2,2' },
      /localization\.txt has the photo "x.jpg"/,
    ],
    ['a place that is none', { 'localization.txt': '1,2' }, /has "1,2" for an id and a box, or an id and masks/],
    [
      'a box that is none',
      { 'localization.txt': 'a.jpg,-1,1,2,2' },
      /localization\.txt has "a.jpg,-1,1,2,2", which is neither a box of whole numbers nor a mask of a photo/,
    ],
    [
      'UTF-16',
      { 'class_labels.txt': Buffer.from('\ufeffa.jpg,1', 'utf16le') },
      /class_labels\.txt is text in UTF-16; give/,
    ],
    ['a line without an end', { 'class_labels.txt': 'a'.repeat(2 ** 20 + 2 ** 17) }, /a line is longer than 64 KiB/],
  ])('is refused with %s', async (_, files, sentence) => {
    await expect(opened(files)).rejects.toThrow(sentence);
  });

  it('reads no mask outside of its folder, wherever a hostile line leads', async () => {
    for (const name of ['../a.png', '/etc/a.png', 'masks/../../a.png']) {
      const truth = await opened({ 'localization.txt': `val/a.jpg,${name},\n` });
      await expect(truth.of(photoOf('val/a.jpg'))).rejects.toThrow(/names the mask .*, which is not there/);
    }
  });

  it('is refused for a photo that may be two of its own', async () => {
    const truth = await opened({
      'class_labels.txt': 'x/a.jpg,1\ny/a.jpg,1',
      'image_sizes.txt': '',
      'localization.txt': '',
    });
    await expect(truth.of(photoOf('a.jpg'))).rejects.toThrow(
      /may be several photos of .* \("x\/a.jpg" and "y\/a.jpg"\); run/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { openTruth } from '../../../src/truth/index.js';
import { asPng, paint } from '../../helpers/pictures.js';
import { folderWith } from '../../helpers/runs.js';
import { animals, fileOf, inShort, photoOf } from '../../helpers/truths.js';

const mask = (width = 40, height = 30, side = 3) =>
  asPng(paint(width, height, [0, 0, 0], { x: 2, y: 1, side, color: [0, 0, 1] }));

describe('a folder of masks', () => {
  it('says the pixels of the object, and its class by the folder of the photo', async () => {
    const files = { 'dog/a.png': await mask(), 'b.jpg.png': await mask(30, 40), 'c.png': await mask(40, 30, 0) };
    const truth = await openTruth(folderWith(files), animals);
    const found = await truth.of(photoOf('dog/a.jpg'));
    expect(inShort(found)).toEqual(['dog, 1: 2 1 3 3']);
    expect(found?.objects[0].mask?.reduce((sum, value) => sum + value, 0)).toBe(9);
    // Stored upside right, seen turned.
    expect(inShort(await truth.of(photoOf('b.jpg', { orientation: 6 })))).toEqual(['object, no class: 36 2 3 3']);
    expect(inShort(await truth.of(photoOf('c.jpg')))).toEqual(['object, no class: nowhere']);
    expect(await truth.of(photoOf('d.jpg'))).toBeUndefined();
  });

  it('has a class by --map-classes where no folder names one, and ignores what a second mask says', async () => {
    const folder = folderWith({ 'a.png': await mask(), 'a_ignore.png': await mask(40, 30, 5) });
    const truth = await openTruth(folder, animals, { mapClasses: fileOf('object,dog', 'map.csv') });
    const found = await truth.of(photoOf('x/a.jpg'));
    expect(found?.objects[0].name).toBe('x');
    expect(inShort(await truth.of(photoOf('x/a.jpg')))).toEqual(['x, no class: 2 1 3 3']);
    expect(found?.ignored?.reduce((sum, value) => sum + value, 0)).toBe(25 - 9);
    const other = await openTruth(folder, animals, { mapClasses: fileOf('object,dog', 'map.csv') });
    expect(inShort(await other.of(photoOf('a.jpg')))).toEqual(['object, 1: 2 1 3 3']);
  });

  it.each([
    [
      'another size',
      () => mask(41, 30),
      /The mask .*a\.png is of 41 x 30 pixels, and the photo "a\.jpg" of 40 x 30; give/,
    ],
    ['half its size', () => mask(20, 15), /is of 20 x 15 pixels/],
    [
      'damaged bytes',
      async () => (await mask()).subarray(0, 60),
      /The mask .*a\.png cannot be read \(it is damaged or cut off\); mend it/,
    ],
    ['no bytes', async () => new Uint8Array(), /cannot be read \(The file is empty\)/],
  ])('refuses a mask of %s', async (_, made, sentence) => {
    const truth = await openTruth(folderWith({ 'a.png': await made() }), animals);
    await expect(truth.of(photoOf('a.jpg'))).rejects.toThrow(sentence);
  });

  it('is refused beside XML files, since either may be meant', async () => {
    const folder = folderWith({ 'a.png': await mask(), 'Annotations/a.xml': '<annotation/>' });
    await expect(openTruth(folder, animals)).rejects.toThrow(
      /may be a folder of Pascal VOC's or ILSVRC's XML files or a folder of masks \(PNG\); give --truth the folder of one of them\.$/,
    );
  });
});

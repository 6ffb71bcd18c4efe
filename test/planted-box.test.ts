import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../src/convert/orientation.js';
import { explainPhoto, prepareExplainer } from '../src/explain.js';
import { type PrepareOptions, prepareModel } from '../src/model/prepare.js';
import { colorClassifier } from './helpers/build-model.js';
import { cropped, temporaryFolder, writeModelFolder } from './helpers/folders.js';
import { asPng, type Color, paint, pixelsOf } from './helpers/pictures.js';

const RED: Color = [255, 0, 0];
const GROUND: Color = [90, 90, 90];
// The network's map has one cell a pixel of its input.
const GRID = 24;

const explainerOf = async (input: NonNullable<PrepareOptions['input']>) => {
  const folder = writeModelFolder(join(temporaryFolder(), 'model'), {
    model: colorClassifier(),
    labels: ['red', 'green'],
    preprocessor: cropped(GRID),
  });
  const model = await prepareModel(folder, { input });
  return prepareExplainer(model, { classes: ['red'], boxes: '0.5', write: ['mask'] });
};

const feeds: readonly (readonly [string, NonNullable<PrepareOptions['input']>])[] = [
  ['cropped', { resize: `${GRID}`, crop: `${GRID}` }],
  ['in a letterbox', { resize: `contain:${GRID}x${GRID}`, crop: `${GRID}` }],
  ['squeezed', { resize: `${GRID}x${GRID}`, crop: 'none' }],
];

describe.each(feeds)('the box of a red square in a photo that is fed %s', (_, input) => {
  it.each([
    [480, 300],
    [300, 517],
    [2400, 1500],
  ])('is within a cell of it, %i x %i', async (width, height) => {
    const side = Math.round(Math.min(width, height) / 4);
    const [x, y] = [Math.round((width - side) * 0.45), Math.round((height - side) * 0.6)];
    const photo = await asPng(paint(width, height, GROUND, { x, y, side, color: RED }));
    const { maps, field, pictures } = await explainPhoto(await explainerOf(input), photo);
    const [cellWidth, cellHeight] = [field[2] / GRID, field[3] / GRID];
    const [{ box, share }, ...others] = maps[0].boxes ?? [];
    expect(others).toEqual([]);
    expect(share).toBeGreaterThan(0.7);
    expect(Math.abs(box[0] - x)).toBeLessThanOrEqual(cellWidth);
    expect(Math.abs(box[1] - y)).toBeLessThanOrEqual(cellHeight);
    expect(Math.abs(box[0] + box[2] - x - side)).toBeLessThanOrEqual(cellWidth);
    expect(Math.abs(box[1] + box[3] - y - side)).toBeLessThanOrEqual(cellHeight);
    // The mask has the photo's size, and its outermost pixels are those of the box.
    const mask = await pixelsOf(pictures[0].bytes);
    expect([mask.width, mask.height]).toEqual([width, height]);
    const columns = Array.from({ length: width }, (_, column) => column).filter(
      (column) => mask.data[((y + side / 2 - ((y + side / 2) % 1)) * width + column) * 3] === 255,
    );
    // A plane of 1024 pixels is coarser than a large photo.
    const pixel = Math.max(1, width / 1024);
    expect(Math.abs(columns[0] - box[0])).toBeLessThanOrEqual(pixel);
    expect(Math.abs((columns.at(-1) ?? 0) + 1 - box[0] - box[2])).toBeLessThanOrEqual(pixel);
  });
});

describe('the box of a red square in a photo that EXIF turns', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'lies on it both upright and as the pixels are stored, by orientation %i',
    async (orientation) => {
      const [width, height, square] = [300, 200, { x: 190, y: 120, side: 50, color: RED }];
      const stored = await sharp(paint(width, height, GROUND, square).data, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const explainer = await explainerOf({ resize: `${GRID}x${GRID}`, crop: 'none' });
      const { maps, pictures, ...photo } = await explainPhoto(explainer, stored);
      expect(photo.orientation).toBe(orientation);
      const [{ box }] = maps[0].boxes ?? [];
      const upright = { x: box[0], y: box[1], width: box[2], height: box[3] };
      const found = frameOf(photo, orientation, 'stored').boxOf(upright);
      expect(Math.abs(found.x - 190)).toBeLessThanOrEqual(photo.width / GRID);
      expect(Math.abs(found.y - 120)).toBeLessThanOrEqual(photo.height / GRID);
      expect(Math.abs(found.width - 50)).toBeLessThanOrEqual((2 * photo.width) / GRID);
      // sharp's own rotation says where the square is seen.
      const seen = await sharp(stored).autoOrient().raw().toBuffer();
      const middle = (Math.round(box[1] + box[3] / 2) * photo.width + Math.round(box[0] + box[2] / 2)) * 3;
      expect([...seen.subarray(middle, middle + 3)]).toEqual(RED);
      expect(await pixelsOf(pictures[0].bytes)).toMatchObject({ width: photo.width, height: photo.height });
    },
  );
});

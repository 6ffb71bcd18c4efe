import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explainer, explainPhoto, prepareExplainer } from '../src/explain.js';
import { type PrepareOptions, prepareModel } from '../src/model/prepare.js';
import { colorClassifier } from './helpers/build-model.js';
import { cropped, temporaryFolder, writeModelFolder } from './helpers/folders.js';
import { asPng, type Color, paint, pixelsOf } from './helpers/pictures.js';

const RED: Color = [255, 0, 0];
const GROUND: Color = [90, 90, 90];
const LABELS = ['red', 'green'];

/** Centre of the picture's hottest pixels: at opacity 1 with the gray colormap, the brightest ones. */
const hottest = (pixels: Awaited<ReturnType<typeof pixelsOf>>, inside: (x: number, y: number) => boolean) => {
  let [best, sumX, sumY, count] = [-1, 0, 0, 0];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const heat = pixels.data[(y * pixels.width + x) * 3];
      if (!inside(x, y) || heat < best) continue;
      if (heat > best) [best, sumX, sumY, count] = [heat, 0, 0, 0];
      sumX += x + 0.5;
      sumY += y + 0.5;
      count++;
    }
  }
  return { x: sumX / count, y: sumY / count };
};

describe('a red square lights up where it is', () => {
  const GRID = 24;
  let explainer: Explainer;
  beforeAll(async () => {
    // The network's map has one cell a pixel of its input: 24 x 24.
    const folder = writeModelFolder(join(temporaryFolder(), 'model'), {
      model: colorClassifier(),
      labels: LABELS,
      preprocessor: cropped(GRID, 0.75),
    });
    explainer = prepareExplainer(await prepareModel(folder, { threads: 1 }), {
      classes: ['red'],
      opacity: 1,
      fade: false,
      colormap: 'gray',
      format: 'png',
    });
  });

  it.each([
    ['landscape', 640, 300],
    ['portrait', 300, 517],
    ['square', 400, 400],
    ['tiny', 31, 20],
    ['odd', 457, 333],
  ])('in a %s photo', async (_, width, height) => {
    const probe = await explainPhoto(explainer, await asPng(paint(width, height, GROUND)));
    const [left, top, seenWidth, seenHeight] = probe.seen;
    const cell = seenWidth / GRID;
    const side = Math.max(1, Math.round(cell));
    for (const [across, down] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0.5, 0.5],
      [0.3, 0.8],
    ]) {
      const x = Math.round(left + across * (seenWidth - side));
      const y = Math.round(top + down * (seenHeight - side));
      const photo = await asPng(paint(width, height, GROUND, { x, y, side, color: RED }));
      const { pictures } = await explainPhoto(explainer, photo);
      const pixels = await pixelsOf(pictures[0].bytes);
      const peak = hottest(
        pixels,
        (px, py) => px + 0.5 >= left && px + 0.5 < left + seenWidth && py + 0.5 >= top && py + 0.5 < top + seenHeight,
      );
      // A square on the border is seen in part, and a pixel is the least that a picture can show.
      const allowed = Math.max(cell, 1) / 2 + 0.5;
      expect(Math.abs(peak.x - (x + side / 2)), `column of ${across}, ${down}`).toBeLessThanOrEqual(allowed);
      expect(Math.abs(peak.y - (y + side / 2)), `row of ${across}, ${down}`).toBeLessThanOrEqual(allowed);
    }
  });

  it('in a photo that EXIF turns', async () => {
    const photo = paint(300, 200, GROUND, { x: 60, y: 140, side: 12, color: RED });
    // Orientation 6: the file's columns run down the upright photo, so (x, y) becomes (199 - y, x).
    const turned = await sharp(photo.data, { raw: { width: 300, height: 200, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const { width, height, pictures } = await explainPhoto(explainer, turned);
    expect([width, height]).toEqual([200, 300]);
    const peak = hottest(await pixelsOf(pictures[0].bytes), (_, y) => y >= 60 && y < 240);
    expect(Math.abs(peak.x - (200 - 146))).toBeLessThanOrEqual(5);
    expect(Math.abs(peak.y - 66)).toBeLessThanOrEqual(5);
  });

  it('and nowhere when it lies outside the seen region', async () => {
    const photo = await asPng(paint(640, 300, GROUND, { x: 5, y: 100, side: 40, color: RED }));
    const { maps } = await explainPhoto(explainer, photo);
    expect(maps[0].verdict).toBe('no-evidence');
  });
});

describe('a red square in a padded photo lights up where it is', () => {
  const BOX = { width: 24, height: 18 };
  const base = { resize: `contain:${BOX.width}x${BOX.height}`, rescale: '1/255', mean: 0.5, std: 0.5 };
  const explainerOf = async (input: PrepareOptions['input']) => {
    const folder = join(temporaryFolder(), 'model');
    writeModelFolder(folder, { model: colorClassifier(), labels: LABELS, preprocessor: cropped(BOX.width) });
    return prepareExplainer(await prepareModel(folder, { input: { ...base, ...input } }), {
      classes: ['red'],
      opacity: 1,
      fade: false,
      colormap: 'gray',
      format: 'png',
    });
  };

  it.each([
    ['top-left', '255,255,255', 'opencv-linear'],
    ['top-left', 'mean', 'opencv-area'],
    ['center', '114', 'opencv-linear'],
    ['center', 'mean', 'tf-bilinear'],
  ] as const)('aligned at the %s, filled with %s, resized by %s', async (align, fill, resample) => {
    const explainer = await explainerOf({ align, fill, resample });
    for (const [width, height] of [
      [480, 120],
      [120, 480],
      [333, 201],
    ]) {
      const { field, seen } = await explainPhoto(explainer, await asPng(paint(width, height, GROUND)));
      expect(seen.map(Math.round)).toEqual([0, 0, width, height]);
      if (align === 'top-left') expect(field.slice(0, 2)).toEqual([0, 0]);
      const cell = Math.max(field[2] / BOX.width, field[3] / BOX.height);
      const side = Math.round(2 * cell);
      for (const [across, down] of [
        [0, 0],
        [1, 1],
        [0.6, 0.3],
      ]) {
        const x = Math.round(across * (width - side));
        const y = Math.round(down * (height - side));
        const photo = await asPng(paint(width, height, GROUND, { x, y, side, color: RED }));
        const { pictures } = await explainPhoto(explainer, photo);
        const peak = hottest(await pixelsOf(pictures[0].bytes), () => true);
        expect(Math.abs(peak.x - (x + side / 2)), `column of ${across}, ${down}`).toBeLessThanOrEqual(cell);
        expect(Math.abs(peak.y - (y + side / 2)), `row of ${across}, ${down}`).toBeLessThanOrEqual(cell);
      }
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import type { ExplainOptions } from '../../src/options/explain.js';
import { colormaps } from '../../src/render/colormaps/index.js';
import { colorClassifier } from '../helpers/build-model.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { asPng, largestDifference, paint, pixelsOf } from '../helpers/pictures.js';

const cat = fixture('photos', 'cat.jpg');

const pictureOf = async (model: Model, bytes: Uint8Array, options: Partial<ExplainOptions>) => {
  const { pictures, seen } = await explainPhoto(prepareExplainer(model, options), bytes);
  return { pixels: await pixelsOf(pictures[0].bytes), seen };
};

const isSeen = ([x, y, width, height]: readonly number[], px: number, py: number): boolean =>
  px + 0.5 >= x && px + 0.5 < x + width && py + 0.5 >= y && py + 0.5 < y + height;

describe('the overlay', () => {
  it('leaves the photo as it is outside the seen region', async () => {
    const model = await prepareModel('efficientnet-lite0', { threads: 1 });
    const photo = await pixelsOf(cat);
    const { pixels, seen } = await pictureOf(model, readFileSync(cat), { format: 'png' });
    const { pixels: lossy } = await pictureOf(model, readFileSync(cat), { format: 'jpeg' });
    const again = await pixelsOf(await sharp(cat).jpeg({ quality: 90 }).toBuffer());
    const encoder = largestDifference(again.data, photo.data);
    let [touched, changed, far, encoded] = [0, 0, 0, 0];
    for (let i = 0; i < photo.data.length; i++) {
      const [x, y] = [Math.floor(i / 3) % photo.width, Math.floor(i / 3 / photo.width)];
      if (isSeen(seen, x, y)) touched += Number(pixels.data[i] !== photo.data[i]);
      else {
        changed += Number(pixels.data[i] !== photo.data[i]);
        // JPEG mixes colours within its 16 x 16 blocks, so only blocks wholly outside are the encoder's alone.
        if (x >= seen[0] - 16 && x <= seen[0] + seen[2] + 16) continue;
        far++;
        encoded = Math.max(encoded, Math.abs(lossy.data[i] - photo.data[i]));
      }
    }
    expect(changed).toBe(0);
    expect(far).toBeGreaterThan(0);
    expect(encoded).toBeLessThanOrEqual(encoder);
    expect(touched).toBeGreaterThan(seen[2] * seen[3]);
  });

  it('is the photo at opacity 0 and the heatmap alone at opacity 1', async () => {
    const model = await prepareModel('efficientnet-lite0', { threads: 1 });
    const bytes = readFileSync(cat);
    const { pixels: clear } = await pictureOf(model, bytes, { format: 'png', opacity: 0 });
    expect(largestDifference(clear.data, (await pixelsOf(cat)).data)).toBe(0);
    const { pixels: opaque, seen } = await pictureOf(model, bytes, { format: 'png', opacity: 1, fade: false });
    const table = colormaps.turbo.table();
    const colors = new Set(Array.from({ length: 256 }, (_, i) => table.slice(i * 3, i * 3 + 3).join()));
    let others = 0;
    for (let y = 0; y < opaque.height; y++) {
      for (let x = 0; x < opaque.width; x++) {
        const at = (y * opaque.width + x) * 3;
        if (isSeen(seen, x, y) && !colors.has(opaque.data.slice(at, at + 3).join())) others++;
      }
    }
    expect(others).toBe(0);
  });

  it('enlarges with half-pixel centres, as torch does', async () => {
    // A 4 x 2 photo seen whole, one cell a pixel; red from left to right 0, 85, 170, 255 and no green or blue.
    const levels = [0, 85, 170, 255];
    const small = paint(4, 2, [0, 0, 0]);
    levels.forEach((level, x) => {
      for (const y of [0, 1]) small.data[(y * 4 + x) * 3] = level;
    });
    const wide = await sharp(small.data, { raw: { width: 4, height: 2, channels: 3 } })
      .resize(16, 8, { kernel: 'nearest' })
      .png()
      .toBuffer();
    const folder = writeModelFolder(join(temporaryFolder(), 'model'), {
      model: colorClassifier(),
      labels: ['red', 'green'],
      preprocessor: { ...cropped(2), size: { width: 4, height: 2 }, resample: 0 },
    });
    const { pixels } = await pictureOf(await prepareModel(folder, { threads: 1 }), wide, {
      classes: ['red'],
      format: 'png',
      opacity: 1,
      fade: false,
      interpolation: 'bilinear',
      colormap: 'gray',
    });
    // torch.nn.functional.interpolate of [0, 1/3, 2/3, 1] to 16 columns: (x + 0.5) / 4 - 0.5, clamped to the ends.
    const expected = Array.from({ length: 16 }, (_, x) => Math.min(3, Math.max(0, (x + 0.5) / 4 - 0.5)) / 3);
    for (let y = 0; y < 8; y++) {
      expected.forEach((value, x) =>
        expect(Math.abs(pixels.data[(y * 16 + x) * 3] - value * 255)).toBeLessThanOrEqual(0.51),
      );
    }
  });

  it('never shows a class without evidence as bright', async () => {
    const folder = writeModelFolder(join(temporaryFolder(), 'model'), {
      model: colorClassifier(),
      labels: ['red', 'green'],
      preprocessor: cropped(8),
    });
    const blue = await asPng(paint(32, 32, [10, 0, 200], { x: 4, y: 4, side: 8, color: [0, 0, 90] }));
    const { pixels } = await pictureOf(await prepareModel(folder, { threads: 1 }), blue, {
      classes: ['red'],
      format: 'png',
      opacity: 1,
      fade: false,
      colormap: 'gray',
    });
    expect(Math.max(...pixels.data)).toBe(0);
  });
});

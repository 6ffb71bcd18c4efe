import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import type { Rgb } from '../../src/image/decode.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import type { ExplainOptions } from '../../src/options/explain.js';
import { fixture } from '../helpers/folders.js';
import { hasFont } from '../helpers/fonts.js';
import { pixelsOf } from '../helpers/pictures.js';

// Each look on the four photos, looked at by eye before it was committed. `UPDATE=1` makes them anew.
const looks: Readonly<Record<string, Partial<ExplainOptions>>> = {
  default: {},
  jet: { colormap: 'jet' },
  viridis: { colormap: 'viridis' },
  inferno: { colormap: 'inferno' },
  magma: { colormap: 'magma' },
  plasma: { colormap: 'plasma' },
  gray: { colormap: 'gray' },
  signed: { scale: 'signed' },
  minmax: { scale: 'minmax', classes: ['Egyptian cat'] },
  logits: { scale: 40 },
  image: { scale: 'image', top: 2, layout: 'strip' },
  constant: { fade: false, opacity: 0.5 },
  opaque: { fade: false, opacity: 1 },
  nearest: { interpolation: 'nearest', fade: false, opacity: 0.5 },
  bilinear: { interpolation: 'bilinear', fade: false, opacity: 0.5 },
  heatmap: { write: ['heatmap'], format: 'png' },
  strip: { top: 2, layout: 'strip' },
  caption: { caption: true },
};

const PHOTOS = ['astronaut.jpg', 'cat.jpg', 'coffee.jpg', 'rocket.jpg'];
const HEIGHT = 150;
const GAP = 4;
const BLOCK = 10;

let model: Model;
beforeAll(async () => {
  model = await prepareModel('efficientnet-lite0', { threads: 1 });
});

/** A look's pictures, the photo in each 150 pixels high: beside each other, strips in two rows. */
const sheetOf = async (options: Partial<ExplainOptions>): Promise<Uint8Array> => {
  const explainer = prepareExplainer(model, { format: 'png', ...options });
  const pictures = await Promise.all(
    PHOTOS.map(async (name) => {
      const { height, pictures } = await explainPhoto(explainer, readFileSync(fixture('photos', name)));
      const picture = sharp(pictures[0].bytes).flatten({ background: '#808080' });
      const size = await picture.metadata();
      return picture
        .resize({ height: Math.round((size.height * HEIGHT) / height) })
        .png()
        .toBuffer({ resolveWithObject: true });
    }),
  );
  const perRow = options.layout === 'strip' ? 2 : 4;
  const rowHeight = Math.max(...pictures.map(({ info }) => info.height)) + GAP;
  let left = 0;
  const placed = pictures.map(({ data, info }, i) => {
    if (i % perRow === 0) left = 0;
    const at = { input: data, left, top: Math.floor(i / perRow) * rowHeight };
    left += info.width + GAP;
    return { ...at, right: left - GAP };
  });
  const width = Math.max(...placed.map(({ right }) => right));
  const height = (pictures.length / perRow) * rowHeight - GAP;
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(placed.map(({ input, left, top }) => ({ input, left, top })))
    .webp({ quality: 85 })
    .toBuffer();
};

/** Mean colours of blocks of 10 x 10 pixels, of which lossy coding changes little. */
const blocksOf = ({ width, height, data }: Rgb): number[] => {
  const means: number[] = [];
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let y = top; y < top + BLOCK; y++)
          for (let x = left; x < left + BLOCK; x++) sum += data[(y * width + x) * 3 + channel];
        means.push(sum / BLOCK ** 2);
      }
    }
  }
  return means;
};

const difference = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
};

/** The sheet down to the photos' lower edge: fonts, in which captions are written, differ between systems. */
const photosOf = async (sheet: Uint8Array, name: string): Promise<Rgb> => {
  const whole = await pixelsOf(sheet);
  return name === 'caption'
    ? { ...whole, height: HEIGHT, data: whole.data.subarray(0, whole.width * HEIGHT * 3) }
    : whole;
};

// Levels of 255. Both sheets are coded alike, so only another decoder's or resizer's rounding lies between them.
const TOLERANCE = 3;

describe.each(Object.entries(looks))('the look %s', (name, options) => {
  it.skipIf(options.caption && !hasFont)('is as it was when it was looked at', async () => {
    const file = fixture('looks', `${name}.webp`);
    const sheet = await sheetOf(options);
    if (process.env.UPDATE === '1') writeFileSync(file, sheet);
    const expected = blocksOf(await photosOf(readFileSync(file), name));
    const found = blocksOf(await photosOf(sheet, name));
    expect(difference(found, expected)).toBeLessThanOrEqual(TOLERANCE);
  });
});

it('no look could be taken for another within that tolerance', async () => {
  const sheets = await Promise.all(
    Object.keys(looks)
      .filter((name) => name !== 'caption')
      .map(async (name) => ({ name, blocks: blocksOf(await pixelsOf(fixture('looks', `${name}.webp`))) })),
  );
  for (const [i, a] of sheets.entries()) {
    for (const b of sheets.slice(i + 1)) {
      if (a.blocks.length !== b.blocks.length) continue;
      expect(difference(a.blocks, b.blocks), `${a.name} and ${b.name}`).toBeGreaterThan(4 * TOLERANCE);
    }
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import type { ExplainOptions } from '../../src/options/explain.js';
import { colormaps } from '../../src/render/colormaps/index.js';
import { colorClassifier } from '../helpers/build-model.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { asPng, type Color, largestDifference, paint, pixelsOf } from '../helpers/pictures.js';

const cat = readFileSync(fixture('photos', 'cat.jpg'));

let model: Model;
/** The class map of red is red - green - blue of each of 8 x 8 cells, in [-2, 1] logits; the photo is seen whole. */
let colors: Model;
beforeAll(async () => {
  model = await prepareModel('efficientnet-lite0', { threads: 1 });
  colors = await prepareModel(
    writeModelFolder(join(temporaryFolder(), 'model'), {
      model: colorClassifier(),
      labels: ['red', 'green'],
      preprocessor: cropped(8),
    }),
  );
});

const explain = (of: Model, photo: Uint8Array, options: Partial<ExplainOptions>) =>
  explainPhoto(prepareExplainer(of, { format: 'png', ...options }), photo);

const pictureOf = async (of: Model, photo: Uint8Array, options: Partial<ExplainOptions>) =>
  pixelsOf((await explain(of, photo, options)).pictures[0].bytes);

const colorAt = ({ width, data }: Awaited<ReturnType<typeof pixelsOf>>, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

const ground: Color = [0, 0, 100];
/** A square over 4 x 4 cells of 4 x 4 pixels; blue speaks against red everywhere else. */
const square = (color: Color) => asPng(paint(32, 32, ground, { x: 8, y: 8, side: 16, color }));

/** Keys' cubic of the map's cells around a point, written down anew: nothing of the program is used. */
const cubicAt = (map: readonly number[], [rows, columns]: readonly number[], row: number, column: number): number => {
  const share = (x: number) => {
    const d = Math.abs(x);
    return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
  };
  const inside = (cell: number, cells: number) => Math.min(cells - 1, Math.max(0, cell));
  let sum = 0;
  for (let i = Math.floor(row) - 1; i <= Math.floor(row) + 2; i++) {
    for (let j = Math.floor(column) - 1; j <= Math.floor(column) + 2; j++) {
      sum += map[inside(i, rows) * columns + inside(j, columns)] * share(row - i) * share(column - j);
    }
  }
  return Math.min(Math.max(...map), Math.max(0, Math.min(...map), sum));
};

describe('an overlay', () => {
  it.each([
    { fade: true, opacity: 0.6 },
    { fade: false, opacity: 0.35 },
  ])('is photo * (1 - opacity) + colour * opacity at every pixel that is seen: %o', async (options) => {
    const photo = await pixelsOf(cat);
    const { maps, pictures, seen } = await explain(model, cat, options);
    const picture = await pixelsOf(pictures[0].bytes);
    const { grid, max } = maps[0];
    const evidence = maps[0].map.map((logits) => Math.max(0, logits) / max);
    const table = colormaps.turbo.table();
    for (let y = Math.ceil(seen[1]); y < seen[1] + seen[3] - 1; y += 13) {
      for (let x = Math.ceil(seen[0]); x < seen[0] + seen[2] - 1; x += 11) {
        const row = ((y + 0.5 - seen[1]) / seen[3]) * grid[0] - 0.5;
        const column = ((x + 0.5 - seen[0]) / seen[2]) * grid[1] - 0.5;
        const value = cubicAt(evidence, grid, row, column);
        const opacity = options.opacity * (options.fade ? value : 1);
        const entry = Math.round(value * 255);
        colorAt(picture, x, y).forEach((level, channel) => {
          const expected = colorAt(photo, x, y)[channel] * (1 - opacity) + table[entry * 3 + channel] * opacity;
          // Half a level of rounding; and half an entry, of which turbo changes a channel by up to 6 levels.
          expect(Math.abs(level - expected), `${x}, ${y}`).toBeLessThanOrEqual(0.6 + 4 * options.opacity);
        });
      }
    }
  });

  it('leaves the photo clear where there is no evidence, and shows the strongest as without fading', async () => {
    const photo = await square([255, 0, 0]);
    const faded = await pictureOf(colors, photo, { classes: ['red'] });
    const constant = await pictureOf(colors, photo, { classes: ['red'], fade: false });
    expect(colorAt(faded, 28, 28)).toEqual([...ground]);
    expect(colorAt(constant, 28, 28)).not.toEqual([...ground]);
    expect(colorAt(faded, 14, 14)).toEqual(colorAt(constant, 14, 14));
  });

  it('compares with other photos where the scale is a number of logits', async () => {
    const options = { classes: ['red'], opacity: 1, fade: false, colormap: 'gray', interpolation: 'nearest' } as const;
    for (const [red, scale] of [
      [255, 2],
      [102, 2],
      [102, 0.8],
    ]) {
      const picture = await pictureOf(colors, await square([red, 0, 0]), { ...options, scale });
      expect(Math.abs(colorAt(picture, 14, 14)[0] - red / scale)).toBeLessThanOrEqual(0.51);
    }
    // While each map's own largest value is white, whatever it is.
    const own = await pictureOf(colors, await square([102, 0, 0]), options);
    expect(colorAt(own, 14, 14)).toEqual([255, 255, 255]);
  });

  it('compares the classes of a photo where the scale is the image', async () => {
    const half = paint(32, 32, [0, 51, 0]);
    const photo = await asPng({
      ...half,
      data: half.data.map((level, i) => (i % 96 < 48 ? [255, 0, 0][i % 3] : level)),
    });
    const { pictures } = await explain(colors, photo, {
      classes: ['red', 'green'],
      opacity: 1,
      fade: false,
      colormap: 'gray',
      scale: 'image',
    });
    const [red, green] = await Promise.all(pictures.map(({ bytes }) => pixelsOf(bytes)));
    expect(colorAt(red, 2, 16)[0]).toBe(255);
    expect(colorAt(green, 30, 16)[0]).toBe(51);
  });

  it('shows evidence for and against on either side of zero where the scale is signed', async () => {
    const photo = await square([255, 0, 0]);
    const picture = await pictureOf(colors, photo, { classes: ['red'], opacity: 1, fade: false, scale: 'signed' });
    const [red, , blue] = colorAt(picture, 14, 14);
    expect(red).toBeGreaterThan(blue + 100);
    const [redAgainst, , blueAgainst] = colorAt(picture, 28, 28);
    expect(blueAgainst).toBeGreaterThan(redAgainst + 50);
  });
});

describe('a class without evidence', () => {
  const draw = async (scale: ExplainOptions['scale'], options: Partial<ExplainOptions> = {}) => {
    const photo = await asPng(paint(32, 32, [10, 0, 200], { x: 4, y: 4, side: 8, color: [0, 0, 90] }));
    const given = { classes: ['red'], opacity: 1, fade: false, scale, ...options };
    const { maps, pictures } = await explain(colors, photo, given);
    expect(maps[0].verdict).toBe('no-evidence');
    return { range: maps[0].range, pixels: await pixelsOf(pictures[0].bytes) };
  };

  it.each(['map', 'image', 8, 0.001] as const)('is dark in the scale %s', async (scale) => {
    const { range, pixels } = await draw(scale, { colormap: 'gray' });
    expect(range).toBeNull();
    expect(Math.max(...pixels.data)).toBe(0);
  });

  it('is on the cold side alone in the scale signed', async () => {
    const { pixels } = await draw('signed');
    for (let i = 0; i < pixels.data.length; i += 3) expect(pixels.data[i + 2]).toBeGreaterThan(pixels.data[i]);
  });

  it('is bright in the scale minmax alone, which its range gives away', async () => {
    const { range, pixels } = await draw('minmax', { colormap: 'gray' });
    expect(Math.max(...pixels.data)).toBe(255);
    expect(range?.[1]).toBeLessThan(0);
  });
});

describe('the heatmap alone', () => {
  it.each([
    ['png', 'png', '.png'],
    ['webp', 'webp', '.webp'],
    ['jpeg', 'png', '.png'],
  ] as const)('laid over the photo gives the overlay: %s', async (format, becomes, ending) => {
    const { pictures, seen } = await explain(model, cat, { write: ['heatmap', 'overlay'], format });
    const [overlay, heat] = pictures;
    expect([overlay.kind, heat.kind, heat.ending]).toEqual(['overlay', 'heatmap', ending]);
    const { format: found, hasAlpha, width, height } = await sharp(heat.bytes).metadata();
    expect([found, hasAlpha, width, height]).toEqual([becomes, true, 451, 300]);
    const photo = await pixelsOf(cat);
    const alpha = await sharp(heat.bytes).extractChannel('alpha').raw().toBuffer();
    const colors = await pixelsOf(heat.bytes);
    const expected = await pixelsOf(overlay.bytes);
    if (format === 'png') {
      const laid = photo.data.map((level, i) => {
        const opacity = alpha[Math.floor(i / 3)] / 255;
        return Math.round(level * (1 - opacity) + colors.data[i] * opacity);
      });
      // The opacity is in 8 bits here.
      expect(largestDifference(laid, expected.data)).toBeLessThanOrEqual(1);
    }
    expect(alpha[0]).toBe(0);
    expect(alpha.reduce((a, b) => Math.max(a, b))).toBe(0.6 * 255);
    expect(seen[0]).toBeGreaterThan(2);
  });
});

describe('a strip', () => {
  it('has the photo and its classes beside each other', async () => {
    const { pictures } = await explain(model, cat, { top: 2, layout: 'strip' });
    expect(pictures.map(({ kind, class: index }) => [kind, index])).toEqual([['strip', undefined]]);
    const strip = await pixelsOf(pictures[0].bytes);
    const separate = await explain(model, cat, { top: 2 });
    const panels = [await pixelsOf(cat)];
    for (const { bytes } of separate.pictures) panels.push(await pixelsOf(bytes));
    expect(strip.height).toBe(300);
    const gap = (strip.width - 3 * 451) / 2;
    expect(gap).toBeGreaterThan(4);
    const cut = async (left: number, width: number) =>
      pixelsOf(await sharp(pictures[0].bytes).extract({ left, top: 0, width, height: 300 }).png().toBuffer());
    for (const [i, panel] of panels.entries()) {
      expect(largestDifference((await cut(i * (451 + gap), 451)).data, panel.data)).toBe(0);
    }
    expect(Math.min(...(await cut(451, gap)).data)).toBe(255);
  });

  it('that its format cannot hold is refused with the way out', async () => {
    const photo = await asPng(paint(6000, 2, ground));
    await expect(explain(colors, photo, { top: 2, layout: 'strip', format: 'webp' })).rejects.toThrow(
      /18\d\d\d x 2 pixels, but webp holds 16383 a side; take --format png\./,
    );
    await expect(explain(colors, photo, { top: 2, layout: 'strip', format: 'png' })).resolves.toBeDefined();
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import type { Rgb } from '../../src/image/decode.js';
import { verdictRemark } from '../../src/maps/remarks.js';
import type { ShownMap } from '../../src/maps/result.js';
import { prepareModel } from '../../src/model/prepare.js';
import { caption } from '../../src/render/caption.js';
import { paletteOf } from '../../src/render/palette.js';
import { colorClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { hasFont } from '../helpers/fonts.js';
import { asPng, largestDifference, paint, pixelsOf } from '../helpers/pictures.js';
import { expectRefusal, folderWith, small } from '../helpers/runs.js';

const shown: ShownMap = {
  class: 3,
  label: 'tiger cat',
  logit: 5,
  score: 0.388,
  bias: 0,
  mean: 1,
  min: -1,
  max: 6.3,
  residual: 0.23,
  kind: 'exact',
  held: [],
  verdict: 'ok',
  grid: [1, 1],
  map: [0],
  range: [0, 6.3],
};
const bar = paletteOf({ colormap: 'turbo', scale: 'map', opacity: 1, fade: false });
// Of the caption of 500 x 375 pixels: label and score are above this row, the bar below it.
const LABEL_ENDS = 33;
const bandOf = (map: Partial<ShownMap>, width = 500, height = 375) =>
  caption({ ...shown, ...map }, bar, { width, height });

/** Columns in which a row of text has ink, from the band's rows `top` to `bottom`. */
const inkColumns = ({ width, data }: Rgb, top: number, bottom: number): number[] => {
  const columns: number[] = [];
  for (let x = 0; x < width; x++) {
    for (let y = top; y < bottom; y++) {
      if (data[(y * width + x) * 3 + 1] >= 128) continue;
      columns.push(x);
      break;
    }
  }
  return columns;
};

/** Whether anything in the band is written in the colour of a warning. */
const warns = ({ data }: Rgb): boolean =>
  data.some((red, i) => i % 3 === 0 && red > 160 && data[i + 1] < 60 && data[i + 2] < 60 && data[i + 2] > 20);

describe.skipIf(!hasFont)('a caption', () => {
  it("stands below the photo, whose pixels are the overlay's own", async () => {
    const explainer = (options: object) => prepareExplainer(model, { format: 'png', ...options });
    const model = await prepareModel('efficientnet-lite0', { threads: 1 });
    const photo = readFileSync(fixture('photos', 'cat.jpg'));
    const plain = await pixelsOf((await explainPhoto(explainer({}), photo)).pictures[0].bytes);
    const captioned = await pixelsOf((await explainPhoto(explainer({ caption: true }), photo)).pictures[0].bytes);
    expect(captioned.width).toBe(plain.width);
    expect(captioned.height).toBeGreaterThan(plain.height + 24);
    expect(largestDifference(captioned.data.subarray(0, plain.data.length), plain.data)).toBe(0);
  });

  it('widens the canvas where the photo is too narrow for it, and leaves the photo as it is', async () => {
    const model = await prepareModel(
      writeModelFolder(join(temporaryFolder(), 'model'), {
        model: colorClassifier(),
        labels: ['red', 'green'],
        preprocessor: cropped(8),
      }),
    );
    const photo = paint(16, 40, [200, 10, 0]);
    const explainer = prepareExplainer(model, { format: 'png', caption: true, opacity: 0 });
    const { pictures } = await explainPhoto(explainer, await asPng(photo));
    const { width, data } = await pixelsOf(pictures[0].bytes);
    expect(width).toBeGreaterThan(80);
    for (let y = 0; y < 40; y++) {
      expect([...data.subarray(y * width * 3, (y * width + 16) * 3)]).toEqual([...photo.data.subarray(0, 48)]);
      expect([...data.subarray((y * width + 16) * 3, (y + 1) * width * 3)].every((level) => level === 255)).toBe(true);
    }
  });

  it('grows with the photo, so that it stays as legible', async () => {
    const [small, large] = [await bandOf({}, 500, 375), await bandOf({}, 4000, 3000)];
    expect(large.height / small.height).toBeGreaterThan(7);
    expect([small.width, large.width]).toEqual([500, 4000]);
  });

  it('has a bar with the colours from one end to the other', async () => {
    const band = await bandOf({});
    const colors = new Set(Array.from({ length: 256 }, (_, i) => bar.colors.subarray(i * 3, i * 3 + 3).join()));
    const rows = Array.from({ length: band.height }, (_, y) => {
      const found = new Set<string>();
      for (let x = 0; x < band.width; x++) {
        found.add(band.data.subarray((y * band.width + x) * 3, (y * band.width + x) * 3 + 3).join());
      }
      return [...colors].filter((color) => found.has(color)).length;
    });
    expect(Math.max(...rows)).toBe(colors.size);
    expect(rows.filter((count) => count === colors.size).length).toBeGreaterThan(5);
  });

  it('shortens a long label before it meets the score', async () => {
    const score = inkColumns(await bandOf({ label: ' ', class: 1 }), 0, LABEL_ENDS).filter((x) => x > 250);
    for (const label of ['l'.repeat(5000), '虎'.repeat(5000), 'e\u0301'.repeat(5000)]) {
      const band = await bandOf({ label });
      expect(band.width).toBe(500);
      const ink = inkColumns(band, 0, LABEL_ENDS);
      expect(ink.filter((x) => x >= score[0])).toEqual(score);
      expect(ink.some((x) => x > score[0] - 5 && x < score[0])).toBe(false);
      // Boxes in place of letters that no font has are narrower than they are measured.
      if (!label.includes('虎')) expect(ink.some((x) => x > score[0] - 60 && x < score[0])).toBe(true);
    }
  });

  it.each([
    '</text><rect width="500" height="500" fill="red"/>',
    '&lt;&#0;&nbsp;&',
    '<b>bold</b><i>',
    ']]><!-- "quoted" \'twice\'',
    'a\u0000b\u001b[31mc\u009b',
    'half \ud800 of a pair \udc00',
    '\ufffe\uffff',
    '\u202eevil',
    '老虎 Tigre féroce 🐈‍⬛',
    '\n\t',
  ])('writes whatever a label holds as text: %j', async (label) => {
    const [band, plain] = [await bandOf({ label }), await bandOf({})];
    expect([band.width, band.height]).toEqual([plain.width, plain.height]);
    expect(warns(band)).toBe(false);
    // The bar and its ends below are what they are for any label.
    const from = LABEL_ENDS * band.width * 3;
    expect(largestDifference(band.data.subarray(from), plain.data.subarray(from))).toBe(0);
  });

  it('shows markup in a label instead of obeying it', async () => {
    const width = async (label: string) =>
      inkColumns(await bandOf({ label }), 0, LABEL_ENDS).filter((x) => x < 250).length;
    expect(await width('<i>cat</i>')).toBeGreaterThan((await width('cat')) + 20);
  });

  it('warns of what must be known, and of nothing else', async () => {
    expect(warns(await bandOf({}))).toBe(false);
    for (const map of [
      { verdict: 'no-evidence', range: null },
      { verdict: 'flat', range: null },
    ] as const) {
      expect(warns(await bandOf(map)), JSON.stringify(map)).toBe(true);
    }
  });
});

describe('what must be known about a map', () => {
  it.each([
    [{}, ''],
    [{ kind: 'frozen' }, ''],
    [{ verdict: 'flat', range: null }, 'flat'],
    [{ verdict: 'no-evidence', range: null }, 'no evidence'],
    [{ verdict: 'no-evidence', range: [-4, 4] }, 'no evidence'],
    [{ verdict: 'no-evidence', range: [-4, -1] }, 'no evidence but stretched'],
    [{ verdict: 'no-evidence', range: [-4, 0] }, 'no evidence but stretched'],
    [{ verdict: 'damaged-photo' }, 'damaged photo'],
    [{ verdict: 'damaged-photo', range: null }, 'damaged photo'],
    [{ verdict: 'damaged-photo', range: [-4, -1] }, 'damaged photo, no evidence but stretched'],
    [{ verdict: 'damaged-photo', share: 0.4 }, 'damaged photo, 40 % of the logit in cells'],
  ] as const)('is said in words: %j is "%s"', (map, words) => {
    expect(verdictRemark({ ...shown, ...map })).toBe(words);
  });
});

it('without any font on the system, a caption is refused before anything is written', async () => {
  const folder = folderWith({
    'fonts.conf': '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>',
  });
  const args = [fixture('photos', 'cat.jpg'), ...small, '-o', join(folder, 'out')];
  const environment = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  expectRefusal(await gapcam([...args, '--caption'], { environment }), /font.*leave --caption out/);
  expect((await gapcam(args, { environment })).code).toBe(0);
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MeasureResult } from '../../src/measure/measured.js';
import { writeReport } from '../../src/report/write.js';
import { hasChromium, launch, openReport, seriousFaults } from '../helpers/browser.js';
import { dataOf, lineOf, paintPhotos, runFolder } from '../helpers/reports.js';

const labels = ['cat', 'dog', 'ship'];

const of = (measure: string, score: number, curves: readonly (readonly number[] | undefined)[] = []): MeasureResult => {
  const [curve, random, centre] = curves;
  return {
    measure,
    profile: 'rise',
    score,
    curve,
    baselines: { random: { score: 0.25, curve: random }, centre: { score: 0.125, curve: centre } },
  };
};

const drop = of('drop', 0.5);
const insertion = of('insertion', 0.75, [
  [0, 0.5, 1],
  [0, 0.25, 1],
  [0, 0.125, 1],
]);
// As no run writes it.
const uneven = of('deletion', 0.5, [[1, 0], [1]]);

/** A run of two photos, of which the second was measured, its first map otherwise than its second. */
const measuredRun = (): string => {
  const line = lineOf({ photo: 'b.jpg', classes: [1, 2], cells: [[1], [2]] }, labels);
  const measures = [[drop, uneven, insertion], [insertion]];
  return runFolder([
    lineOf({ photo: 'a.jpg', cells: [[3]] }, labels),
    { ...line, maps: line.maps.map((map, i) => ({ ...map, measures: measures[i] })) },
  ]);
};

describe('measures in the report', () => {
  it('are numbers beside those of two other maps; curves come with the cells, as they take more room', async () => {
    const output = measuredRun();
    await writeReport(output);
    const beside = { profile: 'rise', random: 0.25, centre: 0.125 };
    const withCurve = { measure: 'insertion', score: 0.75, ...beside, points: 3 };
    expect(dataOf(output, 'photos')).toMatchObject([
      { photo: 'a.jpg' },
      {
        maps: [
          {
            measures: [
              { measure: 'drop', score: 0.5, ...beside },
              { measure: 'deletion', score: 0.5, ...beside },
              withCurve,
            ],
          },
          { measures: [withCurve] },
        ],
      },
    ]);
    const [without, numbers] = dataOf(output, 'maps') as string[][];
    const decode = (base64: string) => {
      const bytes = Buffer.from(base64, 'base64');
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
    };
    const curve = [0, 0.5, 1, 0, 0.25, 1, 0, 0.125, 1];
    expect(without.map(decode)).toEqual([[3]]);
    expect(numbers.map(decode)).toEqual([[1], [2], curve, curve]);
  });

  it.skipIf(!hasChromium)('are said and drawn below the photo, large, for those who hear them too', async () => {
    const output = measuredRun();
    await paintPhotos(output, ['a.jpg', 'b.jpg']);
    await writeReport(output);
    const browser = await launch();
    try {
      const { page, troubles } = await openReport(browser, join(output, 'report.html'));
      await page.locator('.card', { has: page.getByText('b.jpg', { exact: true }) }).click();
      const panels = page.locator('.panel');
      const curves = panels.first().getByRole('img', { name: /^Score during insertion: from 0\.000 to 1\.000\./ });
      await curves.waitFor();
      expect(
        await curves.locator('polyline').evaluateAll((lines) => lines.map((l) => l.getAttribute('points'))),
      ).toEqual([
        '0.00,40.00 50.00,20.00 100.00,0.00',
        '0.00,40.00 50.00,30.00 100.00,0.00',
        '0.00,40.00 50.00,35.00 100.00,0.00',
      ]);
      const said = await panels.first().locator('.measures > div').allInnerTexts();
      expect(said).toEqual([
        'drop by rise\n0.500 (random 0.250, centre 0.125)',
        'deletion by rise\n0.500 (random 0.250, centre 0.125)',
        'insertion by rise\n0.750 (random 0.250, centre 0.125)',
      ]);
      expect(await panels.nth(1).locator('svg.curve').count()).toBe(1);
      expect(await seriousFaults(page)).toEqual([]);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/write.js';
import { hasChromium, launch, openReport, seriousFaults } from '../helpers/browser.js';
import { evaluated, evaluationText } from '../helpers/evaluations.js';
import { control } from '../helpers/report-page.js';
import { lineOf, paintPhotos, runFolder } from '../helpers/reports.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const labels = ['cat', 'dog', HOSTILE];
const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];
/** Of a row of two cells: the left half of what the network saw, or the right one. */
const [LEFT, RIGHT] = [
  [8, 0],
  [0, 8],
];
const truth = {
  'a.jpg': [
    ['cat', [70, 0, 156, 300], [70, 0, 226, 0, 226, 300]],
    [HOSTILE, [300, 100, 50, 60]],
  ],
  'b.jpg': [['cat', [76, 0, 150, 300]]],
  'c.jpg': [['dog', [226, 0, 100, 150]]],
} as const;

const runOfFour = (): string =>
  runFolder(
    names.map((photo, i) =>
      lineOf({ photo, classes: [0, 1], cells: i === 1 ? [RIGHT, LEFT] : [LEFT, RIGHT] }, labels, i + 1),
    ),
    { labels },
  );

const tab = (page: Page, name: string) => page.locator('nav').getByRole('button', { name, exact: true });
const part = (page: Page, name: string) => page.locator('.parts').getByRole('button', { name, exact: true });
const shown = (page: Page) => page.locator('.truth .card-name').allTextContents();

describe('gapcam evaluate', () => {
  it('renews the report of a run that has one, and makes none', async () => {
    const output = runOfFour();
    expect(await evaluated(output, truth)).not.toContain('report.html');
    await writeReport(output);
    expect(await evaluated(output, truth)).toContain(`Report: ${join(output, 'report.html')}`);
  });
});

describe.skipIf(!hasChromium)('the page of what a run was evaluated to, in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('shows metrics, classes and photos with what is true of them, for everybody', async () => {
    const output = runOfFour();
    await paintPhotos(output, names);
    await writeReport(output);
    await evaluated(output, truth);
    const { page, troubles } = await openReport(browser, join(output, 'report.html'));
    const expectSound = async (what: string) => {
      expect(await seriousFaults(page), what).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      // The grid is laid out again a moment later.
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(overflow, { message: what }).toBe(0);
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    await tab(page, 'Truth').click();

    const { metrics } = JSON.parse(evaluationText(output, 'evaluation.json'));
    const row = page.locator('.metrics tr', { has: page.getByRole('rowheader', { name: /^pointing-strict/ }) });
    const { value, centre, n } = metrics['pointing-strict'];
    const cells = (await row.locator('td').allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
    expect(cells[0]).toMatch(new RegExp(`^${(value * 100).toFixed(1)} %`));
    expect(cells.slice(1, 3)).toEqual([`${(centre.value * 100).toFixed(1)} %`, String(n)]);
    await page.getByText(/^GT-known.* left out: 1 without a map of the true class/).waitFor();
    await page.getByText('1 photo, "d.jpg", is not in').waitFor();
    await expectSound('numbers');

    await part(page, 'Classes').click();
    const bars = page.locator('.class-bar');
    await bars.first().waitFor();
    const worst = await bars.locator('.bar-name').allTextContents();
    await control(page, 'Sort by').last().selectOption('best');
    expect(await bars.locator('.bar-name').allTextContents()).toEqual(worst.toReversed());
    await control(page, 'Metric').selectOption('top-1');
    expect(await bars.count()).toBe(3);
    await expectSound('classes');
    await bars.filter({ hasText: 'cat' }).click();

    // The worst first.
    await expect.poll(() => shown(page)).toEqual(['b.jpg', 'a.jpg']);
    const cards = page.locator('.truth .card');
    expect(await cards.first().locator('.card-facts').textContent()).toMatch(/^IoU 0\.\d\d ✓ best.*✗ points elsewhere/);
    expect(await cards.last().locator('.card-facts').textContent()).toMatch(/✓ points at it/);
    const box = cards.last().locator('rect.true-box');
    expect(await box.evaluate((rect) => ['x', 'y', 'width', 'height'].map((name) => rect.getAttribute(name)))).toEqual(
      truth['a.jpg'][0][1].map(String),
    );
    expect(await cards.last().locator('rect.found-box').count()).toBe(1);
    const mask = await cards.last().locator('path.true-mask').boundingBox();
    const around = await box.boundingBox();
    expect(Math.abs((mask?.width ?? 0) - (around?.width ?? 0))).toBeLessThan(3);
    expect(Math.abs((mask?.y ?? 0) - (around?.y ?? 0))).toBeLessThan(3);
    await page.locator('.truth .legend').getByText('true mask').waitFor();
    await control(page, 'Its map points').selectOption('no');
    expect(await shown(page)).toEqual(['b.jpg']);
    await page.locator('aside').getByRole('button', { name: 'Clear filters' }).click();
    expect(await shown(page)).toHaveLength(4);
    await expectSound('photos');

    await control(page, 'True class').selectOption({ label: 'cat (2)' });
    await cards.last().focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog .judged strong').first().waitFor();
    expect(await page.locator('dialog h2').textContent()).toBe('a.jpg');
    const panels = page.locator('dialog .panel');
    expect(await panels.first().locator('rect.true-box').count()).toBe(1);
    // Of a class that is not true, all that is.
    expect(await panels.nth(1).locator('rect.true-box').count()).toBe(2);
    expect(await panels.nth(1).locator('.judged').textContent()).toBe(
      `Not true of this photo, which has: cat, ${HOSTILE}.`,
    );
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectSound('large');
    await page.locator('dialog').getByRole('button', { name: 'Truth', exact: true }).click();
    expect(await panels.locator('rect.true-box:visible').count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('says where the run went on since', async () => {
    const output = runOfFour();
    await evaluated(output, truth);
    appendFileSync(join(output, 'manifest.jsonl'), `${JSON.stringify(lineOf({ photo: 'd.jpg' }, labels))}\n`);
    await writeReport(output);
    const { page } = await openReport(browser, join(output, 'report.html'));
    await tab(page, 'Truth').click();
    await page.getByText(/The run went on after it was evaluated.*Give gapcam evaluate again\./).waitFor();
    expect(await page.locator('.parts, .truth-marks').count()).toBe(0);
    await page.close();
  });
});

import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/write.js';
import { hasChromium, launch, openReport, openWindow } from '../helpers/browser.js';
import { cardOf, control } from '../helpers/report-page.js';
import { lineOf, paintPhotos, runFolder, runOf } from '../helpers/reports.js';

const labels = ['cat', 'dog'];

/** A report of two photos, and where its data lie. */
const report = async (): Promise<{ readonly file: string; readonly data: (name: string) => string }> => {
  const names = ['a.jpg', 'b.jpg'];
  const output = runFolder(
    names.map((photo, i) => lineOf({ photo }, labels, i + 1)),
    { labels },
  );
  await writeReport(output);
  await paintPhotos(output, names);
  const { data } = runOf(output);
  return { file: join(output, 'report.html'), data: (name) => join(output, data, `${name}.js`) };
};

describe.skipIf(!hasChromium)('the report page whose data are gone, in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('says so on every photo, instead of showing it as one without evidence, until they are there again', async () => {
    const { file, data } = await report();
    const maps = readFileSync(data('maps-0'));
    rmSync(data('maps-0'));
    const { page, troubles } = await openReport(browser, file);
    for (const name of ['a.jpg', 'b.jpg']) {
      await cardOf(page, name).getByText('heatmap cannot be loaded; reload the page').waitFor();
      expect(await cardOf(page, name).locator('canvas').isVisible()).toBe(false);
    }
    await cardOf(page, 'a.jpg').click();
    await page.locator('dialog').getByText('heatmap cannot be loaded').waitFor();
    await page.getByText('Values of the 7 × 7 cells, in logits').click();
    await page.getByText('values cannot be loaded; reload the page').waitFor();
    await page.keyboard.press('Escape');
    writeFileSync(data('maps-0'), maps);
    await control(page, 'Colours').selectOption('gray');
    await cardOf(page, 'a.jpg').locator('canvas').waitFor();
    expect(await page.getByText('heatmap cannot be loaded').count()).toBe(0);
    // The browser's own words on the missing file, and no error that nobody took care of.
    expect(troubles.filter((text) => !text.includes('ERR_FILE_NOT_FOUND'))).toEqual([]);
    await page.close();
  });

  it('says so in the place of a mean map', async () => {
    const { file, data } = await report();
    rmSync(data('means'));
    const { page } = await openReport(browser, file);
    await page.getByRole('button', { name: 'Classes', exact: true }).click();
    await page.getByText('mean map cannot be loaded; reload the page').waitFor();
    await page.close();
  });

  const open = async (file: string): Promise<Page> => {
    const page = await openWindow(browser);
    await page.goto(pathToFileURL(file).href);
    return page;
  };

  it.each(['cut short', 'gone'])('does not wait for ever for photos that are %s', async (how) => {
    const { file, data } = await report();
    if (how === 'gone') rmSync(data('photos-0'));
    else truncateSync(data('photos-0'), 100);
    const page = await open(file);
    await page.getByText(/photos-0\.js cannot be loaded\. Was the report made again\? Then reload/).waitFor();
    await page.close();
  });

  it('is never blank: where it cannot be built it says why', async () => {
    const { file } = await report();
    writeFileSync(file, readFileSync(file, 'utf8').replace('"meanMilliseconds":10', '"meanMilliseconds":null'));
    const page = await open(file);
    await page.getByText('The report cannot be shown.').waitFor();
    await page.close();
  });
});

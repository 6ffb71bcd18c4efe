import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch, openReport } from '../helpers/browser.js';
import { gapcam } from '../helpers/command.js';
import { asPng, paint } from '../helpers/pictures.js';
import { cardOf } from '../helpers/report-page.js';
import { dataOf, lineOf, paintPhotos, runFolder } from '../helpers/reports.js';

const names = ['same.jpg', 'moved.jpg', 'rewritten.jpg', 'touched.jpg', 'gone.jpg', 'earlier.jpg', '@@/folder.jpg'];

/** When the photos were written, in milliseconds. */
const WRITTEN = 1_700_000_000_000;

/** A run of these photos as they are now, but for one of a version that did not write down what their files were. */
const runOfAll = async (): Promise<{ readonly output: string; readonly fileOf: (name: string) => string }> => {
  const output = runFolder([]);
  const fileOf = (name: string) => join(output, '../photos', name.replace('@@', '@'));
  await paintPhotos(
    output,
    names.map((name) => name.replace('@@', '@')),
  );
  const elsewhere = join(dirname(output), 'elsewhere.jpg');
  writeFileSync(elsewhere, readFileSync(fileOf('same.jpg')));
  const files = [...names.map((name) => [name, fileOf(name)] as const), [`@${elsewhere}`, elsewhere] as const];
  const lines = files.map(([photo, file]) => {
    utimesSync(file, WRITTEN / 1000, WRITTEN / 1000);
    const source = { size: statSync(file).size, modified: WRITTEN };
    return JSON.stringify({ ...lineOf({ photo }, ['cat', 'dog', 'ship']), ...(photo !== 'earlier.jpg' && { source }) });
  });
  writeFileSync(join(output, 'manifest.jsonl'), `${lines.join('\n')}\n`);
  return { output, fileOf };
};

describe('the report over photos that changed since', () => {
  let browser: Browser | undefined;
  let output: string;
  const changed = ['rewritten.jpg', 'touched.jpg', '@@/folder.jpg'];

  afterAll(() => browser?.close());
  beforeAll(async () => {
    browser = hasChromium ? await launch() : undefined;
    const made = await runOfAll();
    output = made.output;
    const { fileOf } = made;
    const other = await asPng(paint(451, 300, [200, 30, 30]));
    const later = new Date(WRITTEN + 1);
    // Another photo of the same size, as a camera numbers them anew; its time may be an earlier one.
    writeFileSync(fileOf('rewritten.jpg'), other);
    utimesSync(fileOf('rewritten.jpg'), new Date(0), new Date(0));
    utimesSync(fileOf('touched.jpg'), later, later);
    utimesSync(fileOf('earlier.jpg'), later, later);
    utimesSync(fileOf('@@/folder.jpg'), later, later);
    rmSync(fileOf('gone.jpg'));
    // Another file system and another folder keep size and time.
    renameSync(fileOf('moved.jpg'), fileOf('moving.jpg'));
    renameSync(fileOf('moving.jpg'), fileOf('moved.jpg'));
    writeFileSync(join(output, 'rewritten.jpg.0.jpg'), other);
    expect((await gapcam(['report', output])).code).toBe(0);
  });

  it('knows them by size and time, where their lines tell', () => {
    const entries = dataOf(output, 'photos') as { photo: string; changed?: boolean }[];
    expect(entries).toHaveLength(names.length + 1);
    const found = entries.filter((entry) => entry.changed === true).map(({ photo }) => photo);
    expect(found.sort()).toEqual([...changed].sort());
  });

  it.skipIf(!hasChromium)('lays no heat over them, but shows the overlay as it was written', async () => {
    const { page } = await openReport(browser as Browser, join(output, 'report.html'));
    for (const name of changed) {
      await cardOf(page, name)
        .getByText(/photo changed since/)
        .waitFor();
      expect(await cardOf(page, name).locator('canvas').isVisible()).toBe(false);
    }
    await cardOf(page, 'rewritten.jpg').getByText('photo changed since: overlay as the run wrote it').waitFor();
    expect(await cardOf(page, 'rewritten.jpg').locator('img').getAttribute('src')).toBe('rewritten.jpg.0.jpg');
    await cardOf(page, 'touched.jpg').getByText('photo changed since, and its overlay is not found').waitFor();
    await cardOf(page, 'gone.jpg').getByText('neither photo nor overlay found').waitFor();
    const elsewhere = `@${join(dirname(output), 'elsewhere.jpg')}`;
    for (const name of ['same.jpg', 'moved.jpg', 'earlier.jpg', elsewhere]) {
      await cardOf(page, name).locator('canvas').waitFor();
      expect(
        await cardOf(page, name)
          .locator('img')
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      ).toBe(451);
    }
    await page.close();
  });

  it.skipIf(!hasChromium)('shows a photo in a folder "@" from where it lies', async () => {
    const { output, fileOf } = await runOfAll();
    expect((await gapcam(['report', output])).code).toBe(0);
    const { page } = await openReport(browser as Browser, join(output, 'report.html'));
    const image = cardOf(page, '@@/folder.jpg').locator('img');
    await image.waitFor();
    expect(await image.evaluate((one: HTMLImageElement) => decodeURIComponent(new URL(one.src).pathname))).toBe(
      fileOf('@@/folder.jpg'),
    );
    await cardOf(page, '@@/folder.jpg').locator('canvas').waitFor();
    await page.close();
  });
});

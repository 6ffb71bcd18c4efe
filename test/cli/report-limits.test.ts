import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/write.js';
import { hasChromium, launch, openReport } from '../helpers/browser.js';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { runHere } from '../helpers/in-process.js';
import { cardOf, colorOf, control, drawnAt } from '../helpers/report-page.js';
import { lineOf, paintPhotos, runFolder, runOf } from '../helpers/reports.js';
import { cat, explainedOf, folderWith, small } from '../helpers/runs.js';

describe.skipIf(!hasChromium)('the report page, in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('shows the overlay where the photo is gone or another, and says so where that is gone too', async () => {
    const folder = folderWith({
      'moved.jpg': cat,
      'other.jpg': cat,
      'gone.jpg': cat,
      'here.jpg': cat,
    });
    const output = join(temporaryFolder(), 'output');
    await gapcam([folder, ...small, '-o', output]);
    rmSync(join(folder, 'moved.jpg'));
    writeFileSync(join(folder, 'other.jpg'), await sharp(cat).resize(64).jpeg().toBuffer());
    rmSync(join(folder, 'gone.jpg'));
    const [lost] = explainedOf(output).filter(({ photo }) => photo === 'gone.jpg');
    rmSync(join(output, lost.maps[0].files[0]));
    const { page } = await openReport(browser, join(output, 'report.html'));
    for (const name of ['moved.jpg', 'other.jpg']) {
      await cardOf(page, name).getByText('photo not found: overlay as the run wrote it').waitFor();
      expect(await cardOf(page, name).locator('canvas').isVisible()).toBe(false);
    }
    await cardOf(page, 'gone.jpg').getByText('neither photo nor overlay found').waitFor();
    expect(await cardOf(page, 'here.jpg').locator('canvas').isVisible()).toBe(true);
    await page.close();
  });

  it('shows the heat alone of a photo that is gone, and in which tar its overlay lies, where pictures are packed', async () => {
    const folder = folderWith({ 'gone.jpg': cat, 'here.jpg': cat });
    const output = join(temporaryFolder(), 'output');
    await runHere({ photos: [folder], output, pack: true, report: true });
    rmSync(join(folder, 'gone.jpg'));
    const { page } = await openReport(browser, join(output, 'report.html'));
    const said = 'photo not found, overlay in pictures/00000.tar';
    await cardOf(page, 'gone.jpg').getByText(said).waitFor();
    for (const name of ['gone.jpg', 'here.jpg']) await cardOf(page, name).locator('canvas:visible').waitFor();
    await page.close();
  });

  it('finds a photo whose name is no UTF-8', async () => {
    const [output, name] = [
      runFolder([lineOf({ photo: 'caf\udce9.jpg' }, ['cat'])]),
      Buffer.from('636166e92e6a7067', 'hex'),
    ];
    await writeReport(output);
    await paintPhotos(output, ['x.jpg']);
    const folder = join(output, '../photos');
    renameSync(join(folder, 'x.jpg'), Buffer.concat([Buffer.from(`${folder}/`), name]));
    const { page } = await openReport(browser, join(output, 'report.html'));
    await page.locator('.card canvas').waitFor();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.card img')?.complete);
    expect(await page.locator('.card img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(451);
    await page.close();
  });

  it('reads and draws of 10,000 photos only what is seen', async () => {
    const labels = Array.from({ length: 1000 }, (_, index) => `class ${index}`);
    const text = JSON.stringify(lineOf({ photo: 'x.jpg', classes: [7, 8, 9] }, labels));
    const many = Array.from({ length: 10_000 }, (_, i) => text.replace('x.jpg', `${i}.jpg`));
    const large = runFolder(many, { labels });
    await writeReport(large);
    const { page, read } = await openReport(browser, join(large, 'report.html'));
    // Those at the top have their maps in one file, of as many as are read at a time.
    const { photoFiles, mapFiles } = runOf(large);
    expect(mapFiles.length).toBeGreaterThan(20);
    expect(read.filter((name) => name.startsWith('photos-'))).toHaveLength(photoFiles);
    expect(read.filter((name) => /^(maps|means)/.test(name))).toEqual(['maps-0.js']);
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(3000);
    const cells = page.locator('.grid > li');
    expect(await cells.count()).toBeLessThan(60);
    for (const share of [0.3, 0.7, 1]) {
      await page.evaluate((share) => window.scrollTo(0, document.documentElement.scrollHeight * share), share);
      await expect.poll(() => cells.last().isVisible()).toBe(true);
      expect(await cells.count()).toBeLessThan(60);
    }
    await page.getByText('9999.jpg', { exact: true }).waitFor();
    await page.close();
  });

  it('lays a map over a photo that was padded as far as the map covers the photo', async () => {
    // A wide photo in a square input: the map's upper and lower quarter lie on the padding for the most part.
    const line = lineOf({ photo: 'wide.jpg', cells: [[4, 3, 2, 1]] }, ['cat']);
    const boxes = { width: 400, height: 200, seen: [0, 0, 400, 200], field: [0, -100, 400, 400] } as const;
    const maps = line.maps.map((map) => ({ ...map, grid: [4, 1] }));
    const options = { interpolation: 'nearest', fade: false };
    const output = runFolder([{ ...line, ...boxes, maps }], { labels: ['cat'], options });
    await writeReport(output);
    await paintPhotos(output, ['wide.jpg'], 400, 200);
    const { page } = await openReport(browser, join(output, 'report.html'));
    expect(await drawnAt(page, 'wide.jpg', [0.5, 0.25])).toEqual(colorOf('turbo', 3 / 4));
    expect(await drawnAt(page, 'wide.jpg', [0.5, 0.75])).toEqual(colorOf('turbo', 2 / 4));
    await page.close();
  });

  it('says how strong a map is, and of a mean without evidence that it has none', async () => {
    const labels = ['cat', 'dog'];
    const names = ['cat/strong.jpg', 'cat/hardly.jpg', 'dog/none.jpg', 'dog/\u202egpj.exe.tif'];
    const cells = [
      [5, 1],
      [0.0234, -1],
      [-0.45, -7.65],
      [-1, -2],
    ];
    const output = runFolder(
      names.map((photo, i) => lineOf({ photo, classes: [i < 2 ? 0 : 1], cells: [cells[i]] }, labels)),
      { labels },
    );
    await writeReport(output);
    await paintPhotos(output, names.slice(0, 3));
    const { page } = await openReport(browser, join(output, 'report.html'));
    const facts = async (name: string) => (await cardOf(page, name).locator('.card-facts').textContent())?.trim();
    expect(await facts('cat/strong.jpg')).toMatch(/up to 5 logits$/);
    expect(await facts('cat/hardly.jpg')).toMatch(/hardly any evidence.*up to 0\.023 logits$/);
    expect(await facts('dog/none.jpg')).toMatch(/no evidence$/);
    // The name cannot pass for another, and the photo is there, but not for a browser.
    await cardOf(page, 'dog/[U+202E]gpj.exe.tif').getByText('photo cannot be shown here').waitFor();
    await page.getByRole('button', { name: 'maps without evidence' }).click();
    expect(await page.locator('.photos .status').textContent()).toBe('2 of 4 photos');
    await page.getByRole('button', { name: 'Classes', exact: true }).click();
    const mean = page.locator('.class-row', { has: page.getByRole('button', { name: 'dog', exact: true }) });
    await mean.locator('.mean .mark').getByText('no evidence', { exact: true }).waitFor();
    expect(await mean.locator('.mean canvas').count()).toBe(0);
    await control(page, 'Scale').selectOption('minmax');
    await mean.locator('.mean .mark').getByText('no evidence but stretched', { exact: true }).waitFor();
    expect(await mean.locator('.mean canvas').count()).toBe(1);
    await page.close();
  });

  it('sorts by how often classes are right, those of no folder last, and lists those without a map below', async () => {
    const labels = ['cat', 'dog', 'ship', 'plane'];
    // Of the folder "cat" half is right, of "ship" none; no folder is named "dog".
    const bests = { 'cat/1.jpg': 0, 'cat/2.jpg': 1, 'ship/3.jpg': 1, 'ship/4.jpg': 1, 'plane/5.jpg': 3 };
    const output = runFolder(
      Object.entries(bests).map(([photo, best]) => lineOf({ photo, classes: [best] }, labels)),
      { labels },
    );
    await writeReport(output);
    await paintPhotos(output, Object.keys(bests));
    const { page } = await openReport(browser, join(output, 'report.html'));
    await page.getByRole('button', { name: 'Classes', exact: true }).click();
    await page.locator('.bar').getByLabel('Sort by').selectOption('accuracy');
    expect(await page.locator('.class-row .class-name').allTextContents()).toEqual(['cat', 'plane', 'dog']);
    expect(await page.locator('.mapless').textContent()).toMatch(/^shipbest of no photo; 0 of 2 in its folder right/);
    await page.close();
  });

  it('tells under the pointer the value whose colour is drawn there', async () => {
    const labels = ['cat'];
    const output = runFolder([lineOf({ photo: 'a.jpg', cells: [[-10, 5]] }, labels)], { labels });
    await writeReport(output);
    await paintPhotos(output, ['a.jpg']);
    const { page } = await openReport(browser, join(output, 'report.html'));
    await cardOf(page, 'a.jpg').click();
    const box = await page.locator('.panel .frame').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    // Half way from no heat to 5 logits, though the cells' own mean is -2.5; a pixel more or less is 0.03 logits.
    await page.getByText(/^drawn .* logits at/).waitFor();
    const readout = (await page.locator('.readout').textContent()) ?? '';
    const [, drawn, cell] = /^drawn (.*), cell (.*) logits at/.exec(readout) ?? [];
    expect(Math.abs(Number(drawn) - 2.5)).toBeLessThan(0.1);
    expect(['−10.00', '5.00']).toContain(cell);
    await page.close();
  });

  it('shows no heat of a map without evidence and says so, in every scale that could stretch it', async () => {
    const labels = ['cat', 'dog'];
    const output = runFolder(
      [
        lineOf({ photo: 'none.jpg', cells: [[-1, -2, -3]] }, labels),
        lineOf({ photo: 'flat.jpg', cells: [[2, 2, 2]] }, labels),
        lineOf({ photo: 'some.jpg', cells: [[1, 2, 3]] }, labels),
      ],
      { labels },
    );
    await writeReport(output);
    await paintPhotos(output, ['none.jpg', 'flat.jpg', 'some.jpg']);
    const { page } = await openReport(browser, join(output, 'report.html'));
    const mark = (name: string) => cardOf(page, name).locator('.mark').textContent();
    expect(await mark('none.jpg')).toBe('no evidence');
    expect(await mark('flat.jpg')).toBe('flat');
    expect(await cardOf(page, 'some.jpg').locator('.mark').count()).toBe(0);
    for (const scale of ['map', 'image', 'shared']) {
      await control(page, 'Scale').selectOption(scale);
      for (const name of ['none.jpg', 'flat.jpg']) {
        expect(await drawnAt(page, name, [0.5, 0.5]), `${scale} ${name}`).toEqual(colorOf('turbo', 0));
      }
    }
    await page.close();
  });
});

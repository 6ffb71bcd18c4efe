import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localise } from '../../src/localise/localise.js';
import { extentOf } from '../../src/localise/plane.js';
import { concentrationOf } from '../../src/maps/concentration.js';
import { shortLogits } from '../../src/maps/remarks.js';
import { cellsOf } from '../../src/maps/result.js';
import { type ColormapName, colormaps } from '../../src/render/colormaps/index.js';
import type { PhotoLine } from '../../src/results/line.js';
import { hasChromium, launch, openReport, seriousFaults, type Watched } from '../helpers/browser.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { cardOf, colorOf, control, drawnAt, shownNames, status } from '../helpers/report-page.js';
import { cat, explainedOf, folderWith, manifestOf, scoreOf, small } from '../helpers/runs.js';

const bytesOf = (name: string) => readFileSync(fixture('photos', `${name}.jpg`));
const HOSTILE = '<img src=x onerror=alert(1)> & "#?%41.jpg';

/** A data set of three classes, in which one photo is broken and one is not what its folder says. */
const photos = () =>
  folderWith({
    'cat/cat.jpg': cat,
    [`cat/${HOSTILE}`]: cat,
    'cat/coffee.jpg': bytesOf('coffee'),
    'truck/astronaut.jpg': bytesOf('astronaut'),
    'airplane/rocket.jpg': bytesOf('rocket'),
    'airplane/broken.jpg': 'no photo',
  });

const scoreText = (score: number): string => `${(score * 100).toFixed(1)} %`;

describe.skipIf(!hasChromium)('the report page, in Chromium', () => {
  const output = join(temporaryFolder(), 'output');
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let lines: PhotoLine[];

  beforeAll(async () => {
    browser = await launch();
    // Without smoothing or fading, the colour at a cell's centre is that of the cell's own value.
    const plain = ['--interpolation', 'nearest', '--no-fade'];
    await gapcam([photos(), ...small, '-k', '3', ...plain, '-o', output]);
    lines = explainedOf(output);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    watched = await openReport(browser, join(output, 'report.html'));
    page = watched.page;
  });
  afterEach(async () => {
    await page.close();
    // No error, no warning, nothing asked of a network, nothing run of a file name.
    expect(watched.troubles).toEqual([]);
  });

  const lineNamed = (name: string): PhotoLine => {
    const line = lines.find((one) => one.photo === name);
    if (line === undefined) throw new Error(`no line of ${name}`);
    return line;
  };

  it('shows every photo with its best class and score, and failures with their reason', async () => {
    expect(await status(page)).toBe('6 photos');
    expect(await shownNames(page)).toHaveLength(6);
    for (const { photo, predictions } of lines) {
      const card = cardOf(page, photo);
      await card.getByText(scoreText(scoreOf(predictions[0]))).waitFor();
      expect(await card.locator('strong').textContent()).toBe(predictions[0].label);
    }
    const failed = manifestOf(output).find((line) => 'error' in line);
    await page.getByText(failed && 'error' in failed ? failed.error.message : '').waitFor();
  });

  it('says at a glance how many photos, failures and right ones there are', async () => {
    const numbers = await page.locator('.numbers li').allTextContents();
    const right = lines.filter(({ photo, predictions }) => photo.startsWith(`${predictions[0].label}/`)).length;
    expect(right).toBeGreaterThan(0);
    expect(right).toBeLessThan(lines.length);
    expect(numbers).toContain(`${lines.length}photos explained`);
    expect(numbers).toContain('1failed');
    expect(numbers).toContain(`${scoreText(right / lines.length)}right by folder`);
  });

  it('draws the colours that the manifest says, in every scale', async () => {
    const name = 'cat/cat.jpg';
    const [map] = lineNamed(name).maps;
    const [rows, columns] = map.grid;
    const largest = Math.max(...lines.flatMap(({ maps }) => maps.map(({ max }) => max)));
    const shared = Number(largest.toPrecision(3));
    const most = Math.max(Math.abs(map.min), Math.abs(map.max));
    const expected = {
      map: (value: number) => colorOf('turbo', value / map.max),
      image: (value: number) => colorOf('turbo', value / Math.max(...lineNamed(name).maps.map(({ max }) => max))),
      shared: (value: number) => colorOf('turbo', value / shared),
      minmax: (value: number) => colorOf('turbo', (value - map.min) / (map.max - map.min)),
      signed: (value: number) => colorOf('coolwarm', (value + most) / (2 * most)),
    };
    for (const [scale, color] of Object.entries(expected)) {
      await control(page, 'Scale').selectOption(scale);
      for (const [row, column] of [
        [0, 0],
        [2, 3],
        [rows - 1, columns - 1],
        [rows - 2, 1],
      ]) {
        const at = [(column + 0.5) / columns, (row + 0.5) / rows] as const;
        expect(await drawnAt(page, name, at), `${scale} ${row} ${column}`).toEqual(
          color(map.map[row * columns + column]),
        );
      }
    }
    await control(page, 'Full colour at, in logits').waitFor({ state: 'hidden' });
    await control(page, 'Scale').selectOption('shared');
    await control(page, 'Full colour at, in logits').fill('100');
    expect(await page.locator('.ends').textContent()).toBe('0 logits100.00 logits');
    expect(await drawnAt(page, name, [0.5 / columns, 0.5 / rows])).toEqual(colorOf('turbo', map.map[0] / 100));
  });

  it('offers the colormaps with a middle for signed maps, and for them alone', async () => {
    for (const [scale, diverging] of [
      ['signed', true],
      ['minmax', false],
      ['map', false],
    ] as const) {
      await control(page, 'Scale').selectOption(scale);
      const names = await control(page, 'Colours').locator('option').allTextContents();
      expect(names.sort(), scale).toEqual(
        Object.keys(colormaps)
          .filter((name) => colormaps[name as ColormapName].diverging === diverging)
          .sort(),
      );
    }
  });

  it('changes class, colours and opacity of all photos at once', async () => {
    const name = 'truck/astronaut.jpg';
    await control(page, 'Class shown').selectOption({ label: '2nd best' });
    const [, second] = lineNamed(name).maps;
    const card = cardOf(page, name);
    expect(await card.locator('strong').textContent()).toBe(second.label);
    await control(page, 'Colours').selectOption('gray');
    const [rows, columns] = second.grid;
    const gray = colorOf('gray', second.map[columns + 1] / second.max);
    expect(await drawnAt(page, name, [1.5 / columns, 1.5 / rows])).toEqual(gray);
    await control(page, 'Clear where there is no evidence').check();
    const faded = await drawnAt(page, name, [1.5 / columns, 1.5 / rows]);
    // The share of the evidence is its opacity.
    expect(Math.abs(faded[3] - Math.max(0, second.map[columns + 1] / second.max) * 255)).toBeLessThanOrEqual(1);
    await control(page, 'Clear where there is no evidence').uncheck();
    await control(page, 'Opacity').fill('30');
    expect(await card.locator('canvas').evaluate((canvas) => getComputedStyle(canvas).opacity)).toBe('0.3');
    await control(page, 'Class shown').selectOption({ label: 'The folder’s class' });
    expect(await page.getByText('no map of this class').count()).toBe(
      lines.filter(({ photo, maps }) => !maps.some(({ label }) => photo.startsWith(`${label}/`))).length,
    );
  });

  it('draws boxes on all photos at once, by the rule and threshold that are chosen', async () => {
    const boxesOn = async (name: string) => {
      const line = lineNamed(name);
      const { parts } = localise(cellsOf(line.maps[0]), extentOf(line), { kind: 'of-max', share: 0.6 });
      const styles = cardOf(page, name).locator('.box');
      await expect.poll(() => styles.count()).toBe(parts.length);
      const first = await styles.first().evaluate(({ style }) => [style.left, style.width]);
      const shares = [parts[0].box.x, parts[0].box.width].map((edge) => (edge / line.width) * 100);
      first.forEach((text, i) => expect(Number.parseFloat(text)).toBeCloseTo(shares[i], 3));
    };
    expect(await page.locator('.box').count()).toBe(0);
    await control(page, 'Around').selectOption('of-max');
    await control(page, 'Threshold').fill('60');
    for (const { photo } of lines) await boxesOn(photo);
    await control(page, 'Around').selectOption('none');
    await expect.poll(() => page.locator('.box').count()).toBe(0);
  });

  it('filters by name, class, verdict, score and folder', async () => {
    const best = (line: PhotoLine) => line.predictions[0];
    const isRight = (line: PhotoLine) => line.photo.startsWith(`${best(line).label}/`);
    const expectNames = async (expected: readonly PhotoLine[]) =>
      expect((await shownNames(page)).sort()).toEqual(expected.map(({ photo }) => photo).sort());
    await control(page, 'File name').fill('ROCKET');
    await expectNames(lines.filter(({ photo }) => photo.includes('rocket')));
    await control(page, 'File name').fill('no such photo');
    await page.getByText('No photo passes the filters.').waitFor();
    expect(await status(page)).toBe('0 of 6 photos');
    await page.getByRole('button', { name: 'Show all photos' }).click();
    expect(await status(page)).toBe('6 photos');
    const { class: index } = best(lineNamed('cat/cat.jpg'));
    await control(page, 'Best class').selectOption(String(index));
    await expectNames(lines.filter((line) => best(line).class === index));
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await control(page, 'A map of the photo').selectOption('failed');
    expect(await shownNames(page)).toEqual(['airplane/broken.jpg']);
    await control(page, 'A map of the photo').selectOption('ok');
    await expectNames(lines.filter(({ maps }) => maps.some(({ verdict }) => verdict === 'ok')));
    await page.getByRole('button', { name: 'Clear filters' }).click();
    for (const right of [true, false]) {
      await control(page, 'Against the folder').selectOption(right ? 'right' : 'wrong');
      await expectNames(lines.filter((line) => isRight(line) === right));
    }
    await page.getByRole('button', { name: 'Clear filters' }).click();
    const middle = lines.map((line) => scoreOf(best(line))).sort((a, b) => a - b)[2];
    await control(page, 'Lowest score, in percent').fill(String(Math.floor(middle * 100)));
    await expectNames(lines.filter((line) => scoreOf(best(line)) >= Math.floor(middle * 100) / 100));
    // Emptied, it asks for nothing.
    await control(page, 'Lowest score, in percent').fill('');
    expect(await status(page)).toBe('6 photos');
    expect(await page.getByRole('button', { name: 'Clear filters' }).isVisible()).toBe(false);
    await control(page, 'Highest score, in percent').fill(String(Math.floor(middle * 100)));
    await expectNames(lines.filter((line) => scoreOf(best(line)) <= Math.floor(middle * 100) / 100));
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await status(page)).toBe('6 photos');
  });

  it('sorts by what is asked for, either way, with failures last', async () => {
    const values: Readonly<Record<string, (line: PhotoLine) => number>> = {
      score: ({ maps }) => scoreOf(maps[0]),
      margin: ({ margin }) => margin ?? Number.NaN,
      evidence: ({ maps }) => maps[0].max,
      residual: ({ maps }) => maps[0].residual,
      concentration: ({ maps }) => concentrationOf(maps[0].map),
    };
    for (const [order, value] of Object.entries(values)) {
      await control(page, 'Sort by').selectOption(order);
      const largest = [...lines].sort((a, b) => value(b) - value(a)).map(value);
      const shown = async () => (await shownNames(page)).slice(0, -1).map((name) => value(lineNamed(name)));
      expect(await shown(), order).toEqual(largest);
      expect((await shownNames(page)).at(-1)).toBe('airplane/broken.jpg');
      await page.getByRole('button', { name: 'Largest first' }).click();
      expect(await shown(), order).toEqual(largest.reverse());
    }
    await control(page, 'Sort by').selectOption('name');
    expect((await shownNames(page))[0]).toBe('airplane/broken.jpg');
  });

  it('is walked through by keyboard alone', async () => {
    const order = await shownNames(page);
    await page.locator('.card').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const title = page.locator('dialog h2');
    expect(await title.textContent()).toBe(order[2]);
    await page.keyboard.press('ArrowRight');
    expect(await title.textContent()).toBe(order[3]);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await title.textContent()).toBe(order[1]);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => page.locator(':focus .card-name').textContent()).toBe(order[1]);
  });

  it("shows a photo's classes side by side, with the value under the pointer in each", async () => {
    const name = 'truck/astronaut.jpg';
    const { maps, width, height, field } = lineNamed(name);
    await cardOf(page, name).click();
    expect(await page.locator('.panel h3').count()).toBe(3);
    const [rows, columns] = maps[0].grid;
    const [row, column] = [3, 4];
    const at = [
      (field[0] + ((column + 0.5) / columns) * field[2]) / width,
      (field[1] + ((row + 0.5) / rows) * field[3]) / height,
    ];
    const box = await page.locator('.panel .frame').first().boundingBox();
    await page.mouse.move((box?.x ?? 0) + at[0] * (box?.width ?? 0), (box?.y ?? 0) + at[1] * (box?.height ?? 0));
    await page
      .getByText(/^drawn .* logits at/)
      .last()
      .waitFor();
    const readouts = await page.locator('.readout').allTextContents();
    maps.forEach(({ map }, i) => {
      const words = (value: number) => value.toFixed(2).replace('-', '−');
      const value = map[row * columns + column];
      // Below zero, this scale draws no heat.
      expect(readouts[i]).toMatch(new RegExp(`^drawn ${words(Math.max(0, value))}, cell ${words(value)} logits at `));
    });
    await page.getByText(`Values of the ${rows} × ${columns} cells`).first().click();
    await page.locator('.panel td').first().waitFor();
    expect(await page.locator('.panel td').count()).toBe(rows * columns);
    expect(await page.locator('.scale-words').first().textContent()).toMatch(/^0\.00 to .* logits, the map's own/);
  });

  it('shows for each class its mean map and its photos, and leads to them', async () => {
    await page.getByRole('button', { name: 'Classes', exact: true }).click();
    const { class: index, label } = lineNamed('cat/cat.jpg').predictions[0];
    const having = lines.filter(({ maps }) => maps.some((map) => map.class === index));
    const row = page.locator('.class-row', { has: page.getByRole('button', { name: label, exact: true }) });
    await row.getByText(`Mean of ${having.length} maps`).waitFor();
    expect(await row.locator('.thumb').count()).toBe(Math.min(6, having.length));
    const largest = having.map(({ maps }) => maps.find((map) => map.class === index)?.max ?? 0).sort((a, b) => b - a);
    expect(await row.locator('.thumb-words').first().textContent()).toContain(
      `up to ${shortLogits(largest[0])} logits`,
    );
    await row.getByRole('button', { name: label, exact: true }).click();
    const best = lines.filter(({ predictions }) => predictions[0].class === index);
    // The grid is made anew when the view is laid out.
    await expect.poll(async () => (await shownNames(page)).sort()).toEqual(best.map(({ photo }) => photo).sort());
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  it('tells of the model, the input and the options', async () => {
    await page.getByRole('button', { name: 'The run', exact: true }).click();
    const text = await page.locator('.run').textContent();
    for (const part of ['nin-cifar10', 'GlobalAveragePool', 'exact', 'preprocessor_config.json', 'nearest']) {
      expect(text).toContain(part);
    }
  });

  it.each(['light', 'dark'] as const)('has no serious fault of accessibility, %s', async (colorScheme) => {
    const { page: fresh } = await openReport(browser, join(output, 'report.html'), { colorScheme });
    expect(await seriousFaults(fresh)).toEqual([]);
    await fresh.locator('.card').nth(2).click();
    expect(await seriousFaults(fresh)).toEqual([]);
    await fresh.keyboard.press('Escape');
    for (const view of ['Classes', 'The run']) {
      await fresh.getByRole('button', { name: view, exact: true }).click();
      expect(await seriousFaults(fresh)).toEqual([]);
    }
    await fresh.close();
  });

  it('follows the system between light and dark, and its own switch', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await control(page, 'Light or dark').selectOption('dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await control(page, 'Light or dark').selectOption('light dark');
    expect(await ground()).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground()).toBe(dark);
  });

  it('fits on a phone', async () => {
    const { page: phone, troubles } = await openReport(browser, join(output, 'report.html'), {
      viewport: { width: 360, height: 740 },
    });
    const overflow = () => phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    for (const view of ['Classes', 'The run', 'Photos']) {
      await phone.getByRole('button', { name: view, exact: true }).click();
      expect(await overflow(), view).toBe(0);
    }
    await phone.locator('.card').nth(1).click();
    expect(await overflow()).toBe(0);
    expect(troubles).toEqual([]);
    await phone.close();
  });
});

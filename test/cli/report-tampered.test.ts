import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/write.js';
import { hasChromium, launch, openWindow } from '../helpers/browser.js';
import { gapcam, type Outcome } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { dataOf, lineOf, paintPhotos, runFolder, runOf } from '../helpers/reports.js';
import { expectRefusal } from '../helpers/runs.js';

const labels = ['cat', 'dog', 'ship'];

type Json = Record<string, unknown>;

/** A value many times in itself. */
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** A text of JSON with words in it that no value can stand for, such as 1e400: each "#words#" becomes them. */
const withWords = (value: object): string => JSON.stringify(value).replace(/"#([^"]*)#"/g, '$1');

/** A line with other fields, or with others in its map. */
const line = (photo: string, fields: Json = {}, map: Json = {}): string => {
  const sound = lineOf({ photo }, labels);
  return withWords({ ...sound, maps: sound.maps.map((one) => ({ ...one, ...map })), ...fields });
};

/** Lines that no run writes, and whether the page shows them all the same; undefined: it may, or they are left out. */
const tampered: readonly (readonly [what: string, shown: boolean | undefined, fields: Json, map?: Json])[] = [
  ['a map that is too short', false, {}, { map: [1, 2, 3] }],
  ['a grid of no rows', false, {}, { grid: [0, 49], map: [] }],
  ['a grid of negative sides', false, {}, { grid: [-7, -7] }],
  ['a grid of half a row', false, {}, { grid: [0.5, 98] }],
  ['a huge grid', false, {}, { grid: [1e9, 1e9] }],
  ['a grid as text', false, {}, { grid: '77' }],
  ['a map of texts', false, {}, { map: Array(49).fill('1') }],
  ['an infinite cell', false, {}, { map: ['#1e400#', ...Array(48).fill(1)] }],
  ['an infinite largest value', false, {}, { max: '#1e400#' }],
  ['a score that is a word', false, {}, { score: '0.5' }],
  ['an unknown verdict', false, {}, { verdict: 'constructor' }],
  ['a class that is no whole number', false, {}, { class: -0.5 }],
  ['a class without a label', true, {}, { class: 99 }],
  ['a label that is an object', true, {}, { label: { a: 1 } }],
  ['pictures that are objects', undefined, {}, { files: [{ a: 1 }] }],
  ['a picture of an address elsewhere', true, {}, { files: ['javascript:alert(1)'] }],
  ['a photo of no pixels', false, { width: 0, height: 0 }],
  ['a photo of negative sides', false, { width: -451, height: -300 }],
  ['a photo of no end', false, { width: '#1e400#' }],
  ['a field of zeros', false, { field: [0, 0, 0, 0] }],
  ['a seen region of negative sides', false, { seen: [0, 0, -300, -300] }],
  ['a seen region outside of the photo', true, { seen: [9000, 9000, 300, 300] }],
  ['no predictions', false, { predictions: [] }],
  ['predictions that are nothing', false, { predictions: [null] }],
  ['no margin', false, { margin: undefined }],
  ['no maps', true, { maps: [] }],
  ['nested fields that nobody knows', undefined, { more: `#${nested(5000)}#` }],
  ['a nested list of what is held', false, {}, { held: [`#${nested(5000)}#`] }],
  ['half of a character in its name', true, { photo: 'half \ud83d.jpg' }],
  ['a name that leads out of its folder', true, { photo: '../../../../etc/passwd' }],
  ['a name of a page elsewhere', true, { photo: '//elsewhere.example/x.jpg' }],
];

/** Settings that no run writes, and whether the command refuses them; undefined: it does, or the page shows what it can. */
const settings: readonly (readonly [what: string, refused: true | undefined, change: (run: Json) => unknown])[] = [
  ['nothing', true, () => null],
  ['a list', true, () => []],
  ['no model', true, ({ model: _, ...rest }) => rest],
  ['a model without a name', undefined, (run) => ({ ...run, model: {} })],
  ['a head of nothing', undefined, (run) => ({ ...run, head: {} })],
  ['labels that are objects', true, (run) => ({ ...run, classes: [{ a: 1 }, 1, null] })],
  ['fewer labels than classes', undefined, (run) => ({ ...run, classes: [] })],
  [
    'unknown looks',
    undefined,
    (run) => ({ ...run, options: { colormap: 'toString', scale: '__proto__', interpolation: 'constructor' } }),
  ],
  [
    'looks out of range',
    undefined,
    (run) => ({ ...run, options: { scale: 0, opacity: 99, fade: 'yes', classes: [{}] } }),
  ],
  [
    'looks that are infinite',
    undefined,
    (run) => ({ ...run, options: { scale: '#1e400#', opacity: '#-1e400#', write: 7 } }),
  ],
  [
    'looks that are objects',
    undefined,
    (run) => ({ ...run, options: { colormap: {}, scale: [], classes: { length: 3 }, write: { a: 1 } } }),
  ],
  ['an input of nothing', undefined, (run) => ({ ...run, input: { origins: null, mean: [null] } })],
  ['nested options', true, (run) => ({ ...run, options: { deep: `#${nested(5000)}#` } })],
  [
    'a folder of photos that is a page elsewhere',
    undefined,
    (run) => ({ ...run, photos: 'https://elsewhere.example' }),
  ],
];

/** Data files that no report writes: name of the file, and its text. */
const data: readonly (readonly [what: string, file: string, text: string])[] = [
  ['photos that are no list', 'photos-0', 'gapcamData("photos-0",{});'],
  ['photos that are nothing', 'photos-0', 'gapcamData("photos-0",[null,null]);'],
  ['photos without fields', 'photos-0', 'gapcamData("photos-0",[{"photo":"a.jpg","predictions":[{}],"maps":[{}]}]);'],
  ['maps that are no text', 'maps-0', 'gapcamData("maps-0",[[1],[2]]);'],
  ['maps of too few photos', 'maps-0', 'gapcamData("maps-0",[]);'],
  ['maps of the wrong length', 'maps-0', 'gapcamData("maps-0",[["AACAPw=="],["AACAPw=="]]);'],
  ['maps of another file', 'maps-0', 'gapcamData("photos-0",[]);'],
];

/** Waits for what the page shows at last, and gives its words. */
const wordsOf = async (page: Page, file: string): Promise<string> => {
  await page.goto(pathToFileURL(file).href);
  await page.locator('.photos .grid > li, .loading:text("cannot be shown")').first().waitFor();
  await page.waitForFunction(() => document.querySelector('script[src]') === null);
  const failed = (await page.locator('.loading').count()) > 0;
  return (await page.locator(failed ? '.loading' : 'main').textContent()) ?? '';
};

/** Each photo in the grid has its heat, its overlay or words in its place; and each view of the page has words. */
const expectNotBlank = async (page: Page): Promise<void> => {
  expect(await page.locator('.fault').allTextContents()).toEqual([]);
  for (const card of await page.locator('.photos .grid > li').all()) {
    const words = await card.textContent();
    // Its name and class alone, above a photo without heat.
    if (words?.includes('no map of this class')) continue;
    const [heat, written] = [card.locator('canvas:visible'), card.locator('img.written, .placeholder, .note')];
    await heat.or(written).first().waitFor();
    expect(words?.trim()).not.toBe('');
  }
  for (const view of ['Classes', 'The run', 'Photos']) {
    await page.getByRole('button', { name: view, exact: true }).click();
    expect((await page.locator('main').textContent())?.trim()).not.toBe('');
  }
};

describe.skipIf(!hasChromium)('the report of a run that somebody tampered with, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    browser = await launch();
    page = await openWindow(browser, { viewport: { width: 1280, height: 6000 } });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) errors.push(request.url());
    });
  });
  afterAll(() => browser.close());

  describe('in the lines of its manifest', () => {
    let outcome: Outcome;
    let output: string;
    beforeAll(async () => {
      const lines = tampered.map(([, , fields, map], i) => line(`${i}.jpg`, fields, map));
      output = runFolder([line('sound.jpg'), ...lines, nested(100_000), '{"photo":']);
      await paintPhotos(output, ['sound.jpg', ...tampered.map((_, i) => `${i}.jpg`)]);
      outcome = await gapcam(['report', output]);
    });

    it('is made, and what cannot be read is counted', () => {
      expect(outcome.stderr).toBe('');
      expect(outcome.code).toBe(0);
      const { explained, torn } = runOf(output);
      expect(explained + torn).toBe(1 + tampered.length + 2);
      const names = (dataOf(output, 'photos') as { photo: string }[]).map(({ photo }) => photo);
      const found = tampered.map(([what, isShown, { photo }], i) => [
        what,
        isShown,
        names.includes(String(photo ?? `${i}.jpg`)),
      ]);
      expect(found.filter(([, isShown, isThere]) => isShown !== undefined && isShown !== isThere)).toEqual([]);
    });

    it('shows every photo that is left, or says in its place why not', async () => {
      expect(await wordsOf(page, join(output, 'report.html'))).toContain('sound.jpg');
      await expectNotBlank(page);
      const cards = page.locator('.photos .grid > li');
      expect(await cards.count()).toBe(runOf(output).explained);
      await page.locator('.card', { hasText: 'cannot be shown: its data are damaged' }).waitFor();
      // Large, one after the other.
      await cards.first().locator('button').click();
      for (let i = 0; i < (await cards.count()); i++) {
        expect((await page.locator('dialog .large-body').textContent())?.trim()).not.toBe('');
        await page.keyboard.press('ArrowRight');
      }
      await page.keyboard.press('Escape');
      expect(errors.splice(0)).toEqual([]);
    });
  });

  it.each(settings)('is refused, or is not blank, with a run.json of %s', async (_, isRefused, change) => {
    const output = runFolder([line('a.jpg'), line('b.jpg')]);
    await paintPhotos(output, ['a.jpg', 'b.jpg']);
    const file = join(output, 'run.json');
    writeFileSync(file, withWords(change(JSON.parse(readFileSync(file, 'utf8'))) as object));
    const outcome = await called(['report', output]);
    if (isRefused || outcome.code === 2) return expectRefusal(outcome, /run\.json is no longer readable/);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const words = await wordsOf(page, join(output, 'report.html'));
    if (words.includes('The report cannot be shown.')) expect(words.trim()).toMatch(/cannot be shown\. .+/);
    else await expectNotBlank(page);
    expect(errors.splice(0)).toEqual([]);
  });

  describe('in its data', () => {
    const sound = runFolder([line('a.jpg'), line('b.jpg')]);
    beforeAll(async () => {
      await paintPhotos(sound, ['a.jpg', 'b.jpg']);
      await writeReport(sound);
    });

    it.each(data)('is not blank with %s', async (_, name, text) => {
      const output = join(temporaryFolder(), 'output');
      cpSync(join(sound, '..'), join(output, '..'), { recursive: true });
      writeFileSync(join(output, runOf(output).data, `${name}.js`), text);
      const words = await wordsOf(page, join(output, 'report.html'));
      if (words.includes('The report cannot be shown.')) expect(words.trim()).toMatch(/cannot be shown\. .+/);
      else await expectNotBlank(page);
      if (name === 'maps-0') expect(await page.getByText(/heatmap cannot be/).count()).toBe(2);
      expect(errors.splice(0)).toEqual([]);
    });
  });
});

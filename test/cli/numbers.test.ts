import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareModel } from '../../src/index.js';
import { hasChromium, launch, openReport, seriousFaults } from '../helpers/browser.js';
import { buildModel, colorClassifier } from '../helpers/build-model.js';
import { gapcam, type Outcome } from '../helpers/command.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { called, refusalOf } from '../helpers/in-process.js';
import { cardOf, control, shownNames, status } from '../helpers/report-page.js';
import { cat, expectRefusal, explainedOf, folderWith, linesOf } from '../helpers/runs.js';

/** One number of a photo: 30 and what red speaks for, as of a regression. */
const ageModel = (): Uint8Array =>
  buildModel({
    nodes: [
      { op: 'Conv', in: ['input', 'weight', 'base'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights: { weight: { dims: [1, 3, 1, 1], data: [40, -20, -20] }, base: { dims: [1], data: [30] } },
  });

const regression = (model: Uint8Array, config: object, own: object = { unit: 'years' }): string => {
  const folder = writeModelFolder(temporaryFolder(), { model, labels: [], preprocessor: cropped(16) });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ problem_type: 'regression', ...config }));
  writeFileSync(join(folder, 'model.json'), JSON.stringify(own));
  return folder;
};

/** As the command writes a number of four digits. */
const years = (value: number): string => `${String(Number(value.toPrecision(4))).replace('-', '−')} years`;

describe('a network that gives a number', () => {
  const output = temporaryFolder();
  const photos = folderWith({ 'dog/cat.jpg': cat, 'dog/rocket.jpg': readFileSync(fixture('photos', 'rocket.jpg')) });
  const model = regression(ageModel(), { id2label: { 0: 'age' } });
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await gapcam([photos, '-m', model, '--caption', '-o', output]);
  });

  it('has it said with its label and unit, without a percentage and a second class', () => {
    const lines = linesOf(outcome.stdout).sort();
    const [{ logit }] = explainedOf(output).find(({ photo }) => photo === 'dog/cat.jpg')?.predictions ?? [];
    expect(lines[0]).toBe(`${photos}/dog/cat.jpg: age ${years(Number(logit))} -> ${output}/dog/cat.jpg.0-age.jpg`);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/%|not age|Best classes/);
    expect([outcome.code, JSON.parse(readFileSync(join(output, 'run.json'), 'utf8')).classes]).toEqual([0, ['age']]);
  });

  it('has no score in the manifest, and a map that sums to the number', () => {
    for (const { version, predictions, margin, maps } of explainedOf(output)) {
      expect([version, margin]).toEqual([3, null]);
      expect(predictions).toEqual([{ class: 0, label: 'age', logit: expect.any(Number), score: null, unit: 'years' }]);
      const [{ mean, bias, logit, score, unit }] = maps;
      expect([score, unit]).toEqual([null, 'years']);
      expect(mean + bias).toBeCloseTo(logit, 4);
      expect(bias).toBeCloseTo(0, 4);
    }
  });

  it('is resumed, and not by a run that measures it in something else', async () => {
    const again = await called([photos, '-m', model, '--caption', '-o', output]);
    expect([again.code, again.stdout]).toEqual([0, '']);
    const other = regression(ageModel(), { id2label: { 0: 'age' } }, { unit: 'months' });
    expectRefusal(await called([photos, '-m', other, '--caption', '-o', output]), /units: was years, now months/);
  });

  it.skipIf(!hasChromium)('is shown by the report as what it is', async () => {
    const browser = await launch();
    try {
      const { page, troubles } = await openReport(browser, join(output, 'report.html'));
      const lines = explainedOf(output).toSorted((a, b) => a.predictions[0].logit - b.predictions[0].logit);
      for (const { photo, predictions } of lines) {
        await cardOf(page, photo).getByText(years(predictions[0].logit)).waitFor();
      }
      // Nothing of scores, of a best class, nor of folders that would be classes.
      const text = await page.locator('.page-header, .layout').allTextContents();
      expect(text.join()).not.toMatch(/best|margin|logits|right|wrong/i);
      expect(await page.getByLabel('Opacity').count()).toBe(1);

      await control(page, 'Sort by').selectOption({ label: 'The number shown' });
      expect(await shownNames(page)).toEqual(lines.map(({ photo }) => photo).reverse());
      await control(page, 'Lowest number, in years').fill(String(lines[1].predictions[0].logit - 0.001));
      expect(await status(page)).toBe('1 of 2 photos');
      await page.getByRole('button', { name: 'Clear filters' }).click();

      await cardOf(page, 'dog/cat.jpg').click();
      const large = await page.locator('dialog').textContent();
      expect(large).toMatch(/Number−?[\d.]+ years/);
      expect(large).not.toMatch(/logit|%.*score|ahead/i);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: 'Numbers', exact: true }).click();
      const mean = lines.reduce((sum, { predictions }) => sum + predictions[0].logit, 0) / lines.length;
      await page.getByText(`${years(mean)} on average of 2 photos`).waitFor();
      await page.getByRole('button', { name: 'The run', exact: true }).click();
      await page.getByText('1, without scores').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe('a network that gives several numbers', () => {
  it('has each said for itself, in its own order and unit; a unit may be missing', async () => {
    const model = regression(
      colorClassifier(),
      {},
      { labels: ['red', 'green'], unit: ['%', ''], problemType: 'regression' },
    );
    const output = temporaryFolder();
    const { stdout } = await called([fixture('photos', 'cat.jpg'), '-m', model, '-k', '2', '-o', output]);
    const [{ predictions }] = explainedOf(output);
    expect(predictions.map(({ label }) => label)).toEqual(['red', 'green']);
    expect(linesOf(stdout)[0]).toMatch(/: red −?\d[\d.e-]* % ->/);
    expect(linesOf(stdout)[1]).toMatch(/: green −?\d[\d.e-]* [(-]/);
  });

  it('is told from one with scores by inspect, and names its source', async () => {
    const { stdout, stderr } = await called(['inspect', regression(ageModel(), {}, {})]);
    expect(stdout).toMatch(
      /^outputs +1, the number itself, no score; no unit is said {2}\(config\.json: problem_type\)$/m,
    );
    expect(stderr).toBe('Nothing names the number; it is called output 0.\n');
  });

  it.each([
    [{ unit: ['years', 'metres'] }, /Units are given for 2 outputs, but the model gives 1 number\.$/m],
    [{ unit: 3 }, /Expected a unit .* for unit in model\.json but found 3\.$/m],
    [
      { problemType: 'multi_label_classification', unit: 'years' },
      /gives scores of classes; give problemType "regression"/,
    ],
    [{ problemType: 'regresion' }, /the nearest is regression\) for problemType in model\.json/],
  ])('is refused where its files do not fit: %j', async (own, about) => {
    const model = regression(ageModel(), { id2label: { 0: 'age' } }, own);
    expectRefusal(await refusalOf(prepareModel(model, { threads: 1 })), about);
  });
});

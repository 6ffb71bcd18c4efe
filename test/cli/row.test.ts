import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attentionOver, bag, sketchOf } from '../helpers/bags.js';
import { hasChromium, launch, openReport } from '../helpers/browser.js';
import { buildModel } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { explainedOf, picturesBelow } from '../helpers/runs.js';

const photo = fixture('photos', 'cat.jpg');

/** A model that pools a bag of seven instances by attention. */
const modelFile = (): string => {
  const file = join(temporaryFolder(), 'bag.onnx');
  writeFileSync(file, buildModel(sketchOf([...bag, ...attentionOver('bag')])));
  return file;
};

describe('cells in no grid', () => {
  it('are written as numbers, and not drawn', async () => {
    const output = temporaryFolder();
    const kinds = ['overlay', 'heatmap', 'map'].flatMap((kind) => ['--write', kind]);
    const { code, stdout, stderr } = await gapcam([photo, '-m', modelFile(), ...kinds, '--show', '-o', output]);
    expect(code).toBe(0);
    const [{ grid, map, mean, bias, logit }] = explainedOf(output)[0].maps;
    expect(grid).toEqual([1, 7]);
    expect(map).toHaveLength(7);
    expect(mean + bias).toBeCloseTo(logit, 5);
    const pictures = picturesBelow(output);
    expect(pictures).toHaveLength(1);
    expect(pictures[0]).toMatch(/\.npy$/);
    expect(stderr).toContain('No picture is drawn of the 7 cells: no grid is known: numbers only.');
    expect(stderr).toContain('--show is left out: no overlay is drawn, as no grid of the cells is known.');
    expect(stdout).toContain('.npy');
  });

  it('are left out of strips', async () => {
    const output = temporaryFolder();
    const { code } = await called([photo, '-m', modelFile(), '--layout', 'strip', '-o', output]);
    expect(code).toBe(0);
    expect(picturesBelow(output)).toEqual([]);
  });

  it('are named by inspect', async () => {
    const model = modelFile();
    const { stdout } = await called(['inspect', model]);
    expect(stdout).toContain('7 cells in a row; no grid is known: numbers only');
    expect(stdout).not.toContain('all of the input');
    const { head } = JSON.parse((await called(['inspect', model, '--json'])).stdout);
    expect(head).toMatchObject({ layout: 'row', grid: [1, 7], covers: null, cellOrder: 'untried' });
  });

  it('are one row of an exported model', async () => {
    const { code, stderr } = await called(['export', modelFile(), '-o', join(temporaryFolder(), 'maps.onnx')]);
    expect(stderr).toContain('class_maps [N, 3, 1, 7]');
    expect(code).toBe(0);
  });

  it.skipIf(!hasChromium)('are numbers in the report: no heat, no colours, no mean map', async () => {
    const output = temporaryFolder();
    const { code } = await called([photo, '-m', modelFile(), '--report', '-o', output]);
    expect(code).toBe(0);
    const browser = await launch();
    try {
      const { page, troubles } = await openReport(browser, join(output, 'report.html'));
      const card = page.locator('.card');
      await card.getByText('no grid is known: numbers only').waitFor();
      expect(await card.locator('canvas').isVisible()).toBe(false);
      await card.click();
      const panel = page.locator('.panel');
      await panel.getByText('Mean of the map').waitFor();
      expect(await panel.locator('canvas:visible').count()).toBe(0);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

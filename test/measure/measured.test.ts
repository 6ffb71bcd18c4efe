import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explanation, explainPhoto, prepareExplainer } from '../../src/explain.js';
import { centreMap, randomMap } from '../../src/measure/baselines.js';
import { measureNames } from '../../src/measure/index.js';
import { refuseUnmeasurable } from '../../src/measure/measured.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import type { ExplainOptions } from '../../src/options/explain.js';
import { buildModel } from '../helpers/build-model.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { cat } from '../helpers/runs.js';

const plain = { write: ['none'] } as const;
let model: Model;
beforeAll(async () => {
  model = await prepareModel('nin-cifar10', { threads: 1 });
});

const explained = (options: Partial<ExplainOptions>, photo: Uint8Array = cat): Promise<Explanation> =>
  explainPhoto(prepareExplainer(model, { ...plain, ...options }), photo);

describe('what is measured of a photo', () => {
  it('is in each of its maps in the order asked for, with its profile, and beside it two maps that know nothing', async () => {
    const { maps } = await explained({ measure: ['adcc', 'deletion', 'drop', 'insertion', 'ablation'] });
    const measures = maps[0].measures ?? [];
    expect(measures.map(({ measure, profile }) => `${measure} by ${profile}`)).toEqual([
      'adcc by adcc',
      'deletion by rise',
      'drop by torch-cam',
      'insertion by rise',
      'ablation by zeros',
    ]);
    for (const { score, curve, baselines } of measures) {
      for (const one of [{ score, curve }, baselines.random, baselines.centre]) {
        expect(Math.abs(one.score)).toBeLessThanOrEqual(1);
        expect(one.curve?.length).toBe(curve?.length);
      }
      expect(baselines.random.score).not.toBe(baselines.centre.score);
    }
    // Written with as many digits as the network computes with.
    const numbers = measures.flatMap(({ score, curve = [] }) => [score, ...curve]);
    for (const value of numbers) expect(value).toBe(Number(value.toPrecision(7)));
  });

  it('changes nothing else, and is not there where nothing is measured', async () => {
    const without = await explained({ top: 2 });
    const { maps, ...rest } = await explained({ top: 2, measure: ['drop', 'insertion'] });
    expect({ ...rest, maps: maps.map(({ measures: _, ...map }) => map) }).toEqual({
      ...rest,
      maps: without.maps.map(({ measures: _, ...map }) => map),
    });
    expect(without.maps.map(({ measures }) => measures)).toEqual([undefined, undefined]);
  });

  it("is each class's own: its score is followed with its map, whatever the others are", async () => {
    const options = { measure: ['insertion', 'adcc'], measureProfile: 'torch-cam' } as const;
    const { maps } = await explained({ ...options, classes: ['dog', 'cat'] });
    const { maps: alone } = await explained({ ...options, classes: ['dog'] });
    expect(maps[0].measures).toEqual(alone[0].measures);
    const [ofDog, ofCat] = maps.map(({ measures = [] }) => measures[0].curve ?? []);
    expect(ofDog.at(-1)).toBeCloseTo(maps[0].score ?? Number.NaN, 6);
    expect(ofCat.at(-1)).toBeCloseTo(maps[1].score ?? Number.NaN, 6);
  });

  it('is the same each time', async () => {
    const options = { measure: measureNames };
    expect((await explained(options)).maps).toEqual((await explained(options)).maps);
  });

  it('follows the sigmoid where that makes the scores', async () => {
    const folder = writeModelFolder(temporaryFolder(), {
      model: buildModel({
        nodes: [
          { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
          { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
          { op: 'Flatten', in: ['pooled'], out: 'logits' },
          { op: 'Sigmoid', in: ['logits'], out: 'scores' },
        ],
        weights: { weight: { dims: [3, 3, 1, 1], data: [4, 0, 0, 0, 4, 0, 0, 0, 4] } },
        outputs: ['scores'],
      }),
      labels: ['red', 'green', 'blue'],
      preprocessor: cropped(8),
    });
    const sigmoids = await prepareModel(folder, { threads: 1 });
    const explainer = prepareExplainer(sigmoids, { ...plain, measure: ['deletion'] });
    const [{ score, measures = [] }] = (await explainPhoto(explainer, cat)).maps;
    const { curve = [] } = measures[0];
    expect(curve[0]).toBeCloseTo(score ?? Number.NaN, 6);
    // Of a black picture, each logit is 0.
    expect(curve.at(-1)).toBe(0.5);
  });
});

describe('what cannot be measured is refused in a sentence', () => {
  it('numbers that are no scores', () => {
    expect(() => refuseUnmeasurable({ ...model, scoring: 'none' })).toThrow(
      'The model gives numbers and no scores, which the measures follow; measure nothing.',
    );
  });

  it('cells that have no places', () => {
    expect(() => refuseUnmeasurable({ ...model, grid: { ...model.grid, layout: 'row' } })).toThrow(/no places/);
  });

  it('answers that are not finite, as a photo of its own', async () => {
    // The network takes logarithms of numbers from 1 to 2, and what is taken away is 0.
    const folder = writeModelFolder(temporaryFolder(), {
      model: buildModel({
        nodes: [
          { op: 'Log', in: ['input'], out: 'logs' },
          { op: 'Conv', in: ['logs', 'weight'], out: 'maps' },
          { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
          { op: 'Flatten', in: ['pooled'], out: 'logits' },
        ],
        weights: { weight: { dims: [2, 3, 1, 1], data: [1, 1, 1, 1, 0, 1] } },
      }),
      labels: ['a', 'b'],
      preprocessor: { ...cropped(8), do_normalize: true, image_mean: [-1, -1, -1], image_std: [1, 1, 1] },
    });
    const logarithms = await prepareModel(folder, { threads: 1 });
    const explainer = prepareExplainer(logarithms, { ...plain, measure: ['deletion'] });
    await expect(explainPhoto(explainer, cat)).rejects.toMatchObject({ code: 'non-finite' });
  });
});

describe('maps that know nothing of the photo', () => {
  const grid = { rows: 7, columns: 5 };

  it('have the cells of the map; that of chance is the same for the same photo alone', () => {
    const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
    const { rows, columns, data } = randomMap(grid, cat);
    expect([rows, columns, data.length]).toEqual([7, 5, 35]);
    expect(new Set(data).size).toBe(35);
    expect(data.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(randomMap(grid, cat).data).toEqual(data);
    expect(randomMap(grid, rocket).data).not.toEqual(data);
  });

  it('are largest in the middle, and fall to all sides alike', () => {
    const { data } = centreMap(grid);
    expect(data[3 * 5 + 2]).toBe(1);
    expect(data[0]).toBeCloseTo(data[34], 12);
    expect(data[0]).toBeLessThan(data[6]);
  });
});

import { describe, expect, it } from 'vitest';
import { adccOf, coherencyOf } from '../../src/measure/adcc.js';
import { blurKernel } from '../../src/measure/blur.js';
import { areaUnder, orderOf } from '../../src/measure/curve.js';
import { enlarged } from '../../src/measure/enlarge.js';
import { type MeasureName, measureNames, measures, passesOf, profileOf } from '../../src/measure/index.js';
import type { Case } from '../../src/measure/measure.js';
import { curveProfiles } from '../../src/measure/profiles.js';
import { replacements } from '../../src/measure/replacement.js';
import { toy, toyMap, toySubject } from '../helpers/toy.js';

const { class: index } = toy;
const own: Case = { map: toyMap, classes: [index] };

const read = async (name: MeasureName, profile: string, cases: readonly Case[] = [own]) => {
  const { subject, asked } = toySubject();
  return { readings: await measures[name].read(subject, cases, profile), asked };
};

const turned = (map: typeof toyMap) => ({ ...map, data: map.data.map((value) => -value) });

describe("the numbers of other people's code, for the same network, input and map", () => {
  it.each(
    Object.entries(toy.expected).flatMap(([profile, byMeasure]) =>
      Object.entries(byMeasure).map(([name, expected]) => [profile, name as MeasureName, expected] as const),
    ),
  )('%s: %s', async (profile, name, { score, parts = {}, curve }) => {
    const {
      readings: [[got]],
    } = await read(name, profile);
    expect(Math.abs(got.score - score)).toBeLessThan(1e-6);
    for (const [part, value] of Object.entries(parts)) expect(got.parts?.[part]).toBeCloseTo(value, 6);
    if (curve === undefined) return;
    expect(got.curve).toHaveLength(curve.length);
    curve.forEach((value, i) => expect(Math.abs((got.curve?.[i] ?? 0) - value)).toBeLessThan(1e-6));
  });

  it("RISE's blur", () => {
    const { subject } = toySubject();
    const into = new Float32Array(toy.input.length);
    replacements.blur(subject, into);
    toy.blurred.forEach((value, i) => expect(Math.abs(into[i] - value)).toBeLessThan(1e-6));
  });

  it("RISE's kernel, which loses nothing: SciPy mirrors what leaves the 11 pixels", () => {
    const kernel = Array.from(blurKernel());
    toy.kernel.forEach((row, i) => {
      row.forEach((value, j) => expect(Math.abs(kernel[i] * kernel[j] - value)).toBeLessThan(1e-8));
    });
    expect(kernel.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  });
});

describe('the order of a tensor', () => {
  it.each(measureNames)('channels first or last makes no difference: %s', async (name) => {
    const last = toySubject({ layout: 'nhwc' });
    for (const profile of measures[name].profiles) {
      const expected = (await read(name, profile)).readings;
      expect(await measures[name].read(last.subject, [own], profile)).toEqual(expected);
    }
  });
});

describe('insertion and deletion', () => {
  it('ask for each input once, whatever the number of maps and classes', async () => {
    const every = [own, own, { map: toyMap, classes: [0, 1, 2] }];
    const { asked, readings } = await read('deletion', 'torch-cam', every);
    const points = curveProfiles['torch-cam'].countsOf(48).length;
    // The photo itself was asked before, and the empty input serves all.
    expect(asked).toHaveLength((points - 2) * 3 + 1);
    expect(readings.map((one) => one.length)).toEqual([1, 1, 3]);
    expect(readings[2][index]).toEqual(readings[0][0]);
  });

  it('begin and end with the photo and its replacement', async () => {
    const { subject, asked } = toySubject();
    const [[{ curve: taken = [] }]] = await measures.deletion.read(subject, [own], 'rise');
    expect(taken[0]).toBe(subject.full.scoreOf(index));
    expect(asked[0].every((value) => value === 0)).toBe(true);
    const [[{ curve: given = [] }]] = await measures.insertion.read(subject, [own], 'rise');
    expect(given.at(-1)).toBe(subject.full.scoreOf(index));
  });

  it('tell a map from its negative: the strongest pixels first keep and lose most', async () => {
    const scoreOf = async (name: MeasureName, map: typeof toyMap) =>
      (await read(name, 'rise', [{ map, classes: [index] }])).readings[0][0].score;
    expect(await scoreOf('insertion', toyMap)).toBeGreaterThan(await scoreOf('insertion', turned(toyMap)));
    expect(await scoreOf('deletion', toyMap)).toBeLessThan(await scoreOf('deletion', turned(toyMap)));
  });

  it('leave the input as it was', async () => {
    const { subject } = toySubject();
    await measures.insertion.read(subject, [own], 'rise');
    await measures.adcc.read(subject, [own], 'adcc');
    await measures.ablation.read(subject, [own], 'zeros');
    expect(Array.from(subject.feed.data)).toEqual(Array.from(Float32Array.from(toy.input)));
  });

  it('give a network of bytes whole bytes, as it would cut off what is behind the point', async () => {
    const input = toy.input.map((value) => Math.round(Math.abs(value) * 100));
    const { subject, asked } = toySubject({ type: 'uint8', input });
    for (const name of measureNames) await measures[name].read(subject, [own], profileOf(name, 'rise'));
    expect(asked.flat().every(Number.isInteger)).toBe(true);
  });
});

describe('the order of pixels', () => {
  const values = Float64Array.of(1, 3, 3, 2, 3, 1);

  it('among equals is the reverse for RISE, and their own for torch-cam', () => {
    expect(Array.from(orderOf(values, 'highest'))).toEqual([4, 2, 1, 3, 5, 0]);
    expect(Array.from(orderOf(values, 'lowest'))).toEqual([1, 2, 4, 3, 0, 5]);
  });

  it('has real ties: beyond the outermost centres each pixel has its own cell, to the last bit', () => {
    const map = { rows: 2, columns: 2, data: [0.1, 0.7, 0.3, 0.9] };
    const big = enlarged(map, { x: 0, y: 0, width: 10, height: 10 }, { width: 10, height: 10 });
    const corner = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => big[y * 10 + x]));
    expect(new Set(corner)).toEqual(new Set([0.1]));
  });

  it('follows what the cells cover: padding and a last incomplete cell repeat the outermost ones', () => {
    const map = { rows: 1, columns: 2, data: [0, 1] };
    const big = enlarged(map, { x: 2, y: 0, width: 4, height: 1 }, { width: 8, height: 1 });
    expect(Array.from(big)).toEqual([0, 0, 0, 0.25, 0.75, 1, 1, 1]);
  });
});

describe('the points of a curve', () => {
  it.each([
    ['rise', 224 * 224, 29, 1792],
    ['rise-224', 224 * 224, 225, 224],
    ['torch-cam', 224 * 224, 21, 2509],
    ['openvino-xai', 224 * 224, 31, 1672],
    ['rise', 1, 2, 1],
    ['torch-cam', 5, 6, 1],
  ] as const)('%s of %i pixels: %i, the first step %i', (name, pixels, points, first) => {
    const counts = curveProfiles[name].countsOf(pixels);
    expect(counts).toHaveLength(points);
    expect(counts.slice(0, 2)).toEqual([0, first]);
    expect(counts.at(-1)).toBe(pixels);
    expect(counts.every((count, i) => i === 0 || count > counts[i - 1])).toBe(true);
  });

  it('span an area over steps, or over the pixels that each of them really changes', () => {
    expect(areaUnder([1, 0, 0], [0, 4, 5], 'steps')).toBe(0.25);
    expect(areaUnder([1, 0, 0], [0, 4, 5], 'pixels')).toBeCloseTo(0.4, 12);
    expect(areaUnder([0.3, 0.3, 0.3], [0, 4, 5], 'pixels')).toBeCloseTo(0.3, 12);
  });
});

describe('ADCC', () => {
  it('is 0 where one of its parts is as bad as it can be, and 1 where all are perfect', () => {
    expect(adccOf({ coherency: 1, complexity: 0, drop: 0 })).toBe(1);
    expect(adccOf({ coherency: 0, complexity: 0.2, drop: 0.1 })).toBe(0);
    expect(adccOf({ coherency: 0.9, complexity: 1, drop: 0.1 })).toBe(0);
    expect(adccOf({ coherency: 0.9, complexity: 0.2, drop: 1 })).toBe(0);
  });

  it('finds no coherency where a map is the same everywhere', () => {
    expect(coherencyOf(Float64Array.of(0.1, 0.1, 0.1), Float64Array.of(1, 2, 3))).toBe(0);
    expect(coherencyOf(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6))).toBeCloseTo(1, 12);
    expect(coherencyOf(Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1))).toBeCloseTo(0, 12);
  });

  it('is 0 for a map without evidence', async () => {
    const flat = { ...toyMap, data: toyMap.data.map(() => -1) };
    const { readings } = await read('adcc', 'adcc', [{ map: flat, classes: [index] }]);
    expect(readings[0][0]).toMatchObject({ score: 0, parts: { coherency: 0, complexity: 0 } });
  });
});

describe('ablation', () => {
  it('agrees wholly with an exact map of a network whose cells see their own pixels alone', async () => {
    const map = toySubject().subject.full.mapOf(index);
    const cases = [
      { map, classes: [index] },
      { map: turned(map), classes: [index, 0] },
    ];
    const { readings, asked } = await read('ablation', 'zeros', cases);
    expect(readings[0][0].score).toBeCloseTo(1, 6);
    expect(readings[1][0].score).toBeCloseTo(-1, 6);
    expect(asked).toHaveLength(12);
  });

  it('takes at most 256 cells, since each costs a forward pass', async () => {
    const { subject } = toySubject();
    const of = (rows: number) => ({ rows, columns: 1, data: new Float32Array(rows) });
    await expect(measures.ablation.read(subject, [{ map: of(257), classes: [0] }], 'zeros')).rejects.toThrow(
      /257 cells.*256 at most/,
    );
    await expect(measures.ablation.read(subject, [{ map: of(256), classes: [0] }], 'zeros')).resolves.toEqual([
      [{ score: 0 }],
    ]);
  });
});

describe('the forward passes that are counted for the time of a photo', () => {
  it.each(measureNames)('are at least those that %s takes', async (name) => {
    for (const profile of measures[name].profiles) {
      const beside = { map: toyMap, classes: [0, 1] };
      const { asked } = await read(name, profile, [own, own, beside, beside]);
      expect(asked.length).toBeLessThanOrEqual(passesOf([name], profile, 2));
    }
  });
});

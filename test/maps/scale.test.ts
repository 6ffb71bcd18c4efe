import { describe, expect, it } from 'vitest';
import { summarize, verdictOf } from '../../src/maps/residual.js';
import { type LogitRange, rangesOf, type Scale, scaled, scaleNames } from '../../src/maps/scale.js';

const mapOf = (...values: number[]) => ({ rows: 1, columns: values.length, data: Float32Array.from(values) });

const maps = {
  strong: mapOf(-2, 0, 3, 6),
  weak: mapOf(-1, -4, 1, 2),
  against: mapOf(-8, -4, -2, -1),
  flat: mapOf(5, 5, 5, 5),
  flatAgainst: mapOf(-5, -5, -5, -5),
  nothing: mapOf(0, 0, 0, 0),
};

type Name = keyof typeof maps;

const shown = (scale: Scale, ...names: Name[]) => {
  const measured = names.map((name) => {
    const summary = summarize(maps[name]);
    return { ...summary, verdict: verdictOf(summary) };
  });
  const ranges = rangesOf(scale, measured);
  return names.map((name, i) => ({ range: ranges[i], values: [...scaled(maps[name], ranges[i], scale).data] }));
};

const expectShown = (scale: Scale, name: Name, range: LogitRange, values: readonly number[]) => {
  const [found] = shown(scale, name);
  expect(found.range).toEqual(range);
  found.values.forEach((value, i) => expect(value).toBeCloseTo(values[i], 6));
};

describe('the scale', () => {
  it("map goes from no evidence to each map's own largest value", () => {
    expectShown('map', 'strong', [0, 6], [0, 0, 0.5, 1]);
    expectShown('map', 'weak', [0, 2], [0, 0, 0.5, 1]);
  });

  it('image takes the largest value of all maps of the photo', () => {
    const [strong, weak, flat] = shown('image', 'strong', 'weak', 'flat');
    expect([strong.range, weak.range, flat.range]).toEqual([[0, 6], [0, 6], null]);
    expect(weak.values[3]).toBeCloseTo(2 / 6, 6);
  });

  it('of a number of logits is the same for every map', () => {
    expectShown(8, 'strong', [0, 8], [0, 0, 3 / 8, 6 / 8]);
    expectShown(8, 'weak', [0, 8], [0, 0, 1 / 8, 2 / 8]);
    expectShown(4, 'strong', [0, 4], [0, 0, 3 / 4, 1]);
  });

  it('signed has zero in the middle, evidence for above and against below', () => {
    expectShown('signed', 'strong', [-6, 6], [1 / 3, 0.5, 0.75, 1]);
    expectShown('signed', 'against', [-8, 8], [0, 0.25, 0.375, 0.4375]);
  });

  it('minmax goes from the smallest value to the largest', () => {
    expectShown('minmax', 'strong', [-2, 6], [0, 0.25, 0.625, 1]);
  });

  it.each(['map', 'image', 8] as const)('%s keeps a class without evidence dark', (scale) => {
    for (const name of ['against', 'flat', 'flatAgainst', 'nothing'] as const) {
      expectShown(scale, name, null, [0, 0, 0, 0]);
    }
  });

  it('signed shows a class without evidence on the cold side alone', () => {
    expect(Math.max(...shown('signed', 'against')[0].values)).toBeLessThan(0.5);
  });

  it.each(scaleNames)("%s shows of a damaged photo's map what it would show of a whole one's", (scale) => {
    for (const name of Object.keys(maps) as Name[]) {
      const summary = summarize(maps[name]);
      const damaged = rangesOf(scale, [{ ...summary, verdict: 'damaged-photo' }]);
      expect(damaged).toEqual(rangesOf(scale, [{ ...summary, verdict: verdictOf(summary) }]));
    }
  });

  it.each(scaleNames)('%s has nothing to show of a map whose cells all say the same', (scale) => {
    const neutral = scale === 'signed' ? 0.5 : 0;
    for (const name of ['flat', 'flatAgainst', 'nothing'] as const) {
      expectShown(scale, name, null, [neutral, neutral, neutral, neutral]);
    }
  });
});

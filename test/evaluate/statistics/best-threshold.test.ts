import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RightAt, Spans } from '../../../src/evaluate/judged.js';
import { bestThresholdStatistic } from '../../../src/evaluate/statistics/best-threshold.js';
import { ofSamples } from '../../../src/evaluate/statistics/interval.js';
import { SAMPLES, weigh } from '../../../src/evaluate/statistics/weights.js';

const LEVELS = 12;

const drawnSpans: fc.Arbitrary<Spans> = fc
  .uniqueArray(fc.integer({ min: 0, max: LEVELS }), { maxLength: 6 })
  .map((ends) => ends.sort((a, b) => a - b).slice(0, ends.length - (ends.length % 2)));

const drawnCases = fc.array(fc.tuple(drawnSpans, drawnSpans, drawnSpans), { minLength: 1, maxLength: 12 });

const isRight = (spans: Spans, level: number): boolean =>
  spans.some((end, i) => i % 2 === 0 && level >= end && level < spans[i + 1]);

/** The best share at any level, one case after the other at each. */
const bestShare = (cases: readonly RightAt[], weights: readonly number[], k: number): number => {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = Array.from({ length: LEVELS }, (_, level) => {
    const right = cases.map((given, i) => (isRight(given[k], level) ? weights[i] : 0));
    return right.reduce((sum, weight) => sum + weight, 0) / all;
  });
  return Math.max(...shares);
};

describe('the best threshold', () => {
  it('is that of all cases, and in each sample that of the sample, as if each threshold were gone through', () => {
    fc.assert(
      fc.property(drawnCases, (cases) => {
        const { add, outcome } = bestThresholdStatistic(LEVELS, (level) => level / LEVELS, [true, true, true]);
        const drawn = cases.map((_, i) => {
          const weights = new Uint8Array(SAMPLES);
          weigh(`photo ${i}`, weights);
          return weights;
        });
        cases.forEach((right, i) => add({ class: i % 3, right }, drawn[i]));
        const { value = -1, ci95, at, n } = outcome();
        const shares = (weights: readonly number[]) => [0, 1, 2].map((k) => bestShare(cases, weights, k));
        const ones = cases.map(() => 1);
        const mean = (list: readonly number[]) => list.reduce((sum, share) => sum + share, 0) / list.length;
        expect(n).toBe(cases.length);
        expect(value).toBeCloseTo(mean(shares(ones)), 12);
        [30, 50, 70].forEach((overlap, k) => {
          const { value: share, threshold } = at?.[overlap] ?? { value: -1, threshold: -1 };
          expect(share).toBeCloseTo(shares(ones)[k], 12);
          const level = Math.round(threshold * LEVELS);
          expect(cases.filter((given) => isRight(given[k], level)).length / n).toBeCloseTo(share, 12);
        });
        const inSamples = Float64Array.from({ length: SAMPLES }, (_, i) => mean(shares(drawn.map((w) => w[i]))));
        const [low, high] = ofSamples(inSamples, value, n) ?? [-1, -1];
        expect(ci95?.[0]).toBeCloseTo(low, 12);
        expect(ci95?.[1]).toBeCloseTo(high, 12);
      }),
      { numRuns: 8 },
    );
  });

  it('of a class is the one that is best for all', () => {
    const { add, outcome } = bestThresholdStatistic(4, (level) => level / 4, [false, true, false]);
    const weights = new Uint8Array(SAMPLES).fill(1);
    const only = (spans: Spans): RightAt => [[], spans, []];
    for (const spans of [
      [2, 3],
      [2, 3],
      [2, 4],
    ])
      add({ class: 0, right: only(spans) }, weights);
    add({ class: 1, right: only([0, 1]) }, weights);
    add({ class: 1, right: only([0, 3]) }, weights);
    const { value, at, classes } = outcome();
    expect(value).toBe(4 / 5);
    expect(at?.[50]).toEqual({ value: 4 / 5, threshold: 0.5 });
    expect(classes.get(0)).toMatchObject({ n: 3, value: 1 });
    expect(classes.get(1)).toMatchObject({ n: 2, value: 1 / 2 });
  });
});

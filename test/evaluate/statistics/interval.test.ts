import { describe, expect, it } from 'vitest';
import { ofMean, ofSamples, wilson } from '../../../src/evaluate/statistics/interval.js';
import { meanStatistic } from '../../../src/evaluate/statistics/mean.js';
import { SAMPLES, weigh } from '../../../src/evaluate/statistics/weights.js';

describe("Wilson's interval", () => {
  it('is that of tables', () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 29 of 29.
    const rows = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [29, 29, 0.883, 1],
    ];
    for (const [right, n, low, high] of rows) {
      const found = wilson(right / n, n);
      expect(found[0]).toBeCloseTo(low, 4);
      expect(found[1]).toBeCloseTo(high, 4);
    }
  });
});

describe('the interval of samples', () => {
  it('is their middle 95 %', () => {
    const values = Float64Array.from({ length: 1001 }, (_, i) => ((i * 3) % 1001) / 1000);
    const [low, high] = ofSamples(values, 0.5, 10) ?? [];
    expect(low).toBeCloseTo(0.025, 9);
    expect(high).toBeCloseTo(0.975, 9);
  });

  it("is Wilson's where all samples are alike, since they know no spread", () => {
    expect(ofSamples(Float64Array.from([1, 1, 1]), 1, 4)).toEqual(wilson(1, 4));
    expect(ofSamples(Float64Array.from([0, 0, Number.NaN]), 0, 4)).toEqual(wilson(0, 4));
  });

  it('is none without a case', () => {
    expect(ofSamples(Float64Array.from([]), 0, 0)).toBeUndefined();
    expect(ofMean(1, 0.5, 0.25)).toBeUndefined();
  });

  it('of a mean is as wide as its standard error says, for shares and for numbers', () => {
    const photos = Array.from({ length: 500 }, (_, i) => `photo-${i}.jpg`);
    const weights = new Uint8Array(SAMPLES);
    for (const at of [(i: number) => Number(i % 5 < 3), (i: number) => (i % 50) / 49]) {
      const { add, outcome } = meanStatistic();
      photos.forEach((photo, i) => {
        weigh(photo, weights);
        add({ value: at(i), classes: [] }, weights);
      });
      const values = photos.map((_, i) => at(i));
      const sum = values.reduce((a, b) => a + b, 0);
      const [low, high] = ofMean(
        500,
        sum,
        values.reduce((a, b) => a + b * b, 0),
      ) ?? [0, 0];
      const { value, ci95 = [0, 0], n } = outcome();
      expect([value, n]).toEqual([sum / 500, 500]);
      expect(Math.abs(ci95[0] - low)).toBeLessThan(0.006);
      expect(Math.abs(ci95[1] - high)).toBeLessThan(0.006);
    }
  });
});

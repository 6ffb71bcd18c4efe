import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concentrationOf } from '../../src/maps/concentration.js';

const map = (cells: number, values: readonly number[]): number[] => [
  ...values,
  ...Array.from({ length: cells - values.length }, () => 0),
];

describe('the concentration of a map', () => {
  it('is a tenth where evidence is spread evenly, on grids of any size', () => {
    for (const cells of [10, 49, 64, 256]) {
      expect(concentrationOf(Array.from({ length: cells }, () => 3.7))).toBeCloseTo(0.1, 12);
    }
  });

  it('is 1 where a single cell holds all evidence, and 0 where there is none', () => {
    expect(concentrationOf(map(49, [2]))).toBe(1);
    expect(concentrationOf(map(4, [2]))).toBe(1);
    expect(concentrationOf(Array.from({ length: 49 }, () => -1))).toBe(0);
  });

  it('counts the last cell of the tenth in part, and nothing that speaks against the class', () => {
    // A tenth of 25 cells are two and a half: 4 + 3 + 2 / 2 of 10.
    expect(concentrationOf([...map(24, [4, 3, 2, 1]), -100])).toBeCloseTo(0.8, 12);
  });

  it('lies between 0.1 and 1 for any evidence, whatever its unit', () => {
    const cells = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 10, maxLength: 200 });
    fc.assert(
      fc.property(cells, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, unit) => {
        const share = concentrationOf(values);
        // Sums of 200 doubles agree to some 1e-13.
        expect(share).toBeGreaterThan(0.1 - 1e-9);
        expect(share).toBeLessThan(1 + 1e-9);
        expect(concentrationOf(values.map((value) => value * unit))).toBeCloseTo(share, 9);
      }),
    );
  });
});

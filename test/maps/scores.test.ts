import { describe, expect, it } from 'vitest';
import { marginOf } from '../../src/maps/scores.js';

const of = (...scores: readonly number[]) => marginOf(scores.map((score) => ({ score })));

describe('the margin', () => {
  it('is how far the best score is above the second', () => {
    expect(of(0.7, 0.2, 0.1)).toBeCloseTo(0.5, 12);
    expect(of(0.7, 0.2)).toBeCloseTo(0.5, 12);
  });

  it('is 0 between equals, and the score itself where there is one class', () => {
    expect(of(0.4, 0.4, 0.2)).toBe(0);
    expect(of(0.6)).toBe(0.6);
  });
});

import { expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate/evaluation.js';
import { belowLines } from '../../src/terminal/evaluation-lines.js';

it('a share of exactly the percentage that is wanted is not below it, however it is rounded', () => {
  const below = (right: number, percent: number) => {
    const metrics = { 'top-1': { value: right / 100 } };
    return belowLines({ metrics } as unknown as Evaluation, [{ metric: 'top-1', percent }]).length;
  };
  // 0.57 * 100 is 56.99999999999999.
  for (let right = 0; right <= 100; right++) {
    expect([right, below(right, right), below(right, right + 0.001)]).toEqual([right, 0, 1]);
  }
});

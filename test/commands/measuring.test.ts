import { expect, it } from 'vitest';
import { secondsWithMeasures } from '../../src/commands/measuring.js';
import { normalizeOptions } from '../../src/options/explain.js';

const secondsOf = (timeout: number, options: object) => secondsWithMeasures(timeout, normalizeOptions(options));

it('a photo of which nothing is measured may take what --timeout says', () => {
  expect(secondsOf(60, {})).toBe(60);
  expect(secondsOf(0.5, { top: 5 })).toBe(0.5);
});

it('a measured photo may take a fifteenth more for each forward pass, of each of its maps and of those beside them', () => {
  expect(secondsOf(60, { measure: ['drop'] })).toBeCloseTo(60 + 3 * 4, 9);
  expect(secondsOf(60, { measure: ['drop'], top: 4 })).toBeCloseTo(60 + 6 * 4, 9);
  expect(secondsOf(60, { measure: ['drop'], top: 4, classes: ['cat', 'dog'] })).toBeCloseTo(60 + 4 * 4, 9);
  expect(secondsOf(60, { measure: ['insertion', 'deletion'] })).toBeCloseTo(60 + 164 * 4, 9);
});

it('a photo whose true classes are measured too may take as much for ten more', () => {
  expect(secondsWithMeasures(60, normalizeOptions({ measure: ['drop'] }), true)).toBe(
    secondsOf(60, { measure: ['drop'], top: 11 }),
  );
});

it('a photo may take no longer than Node can wait', () => {
  const most = secondsOf(86_400, { measure: ['insertion'], measureProfile: 'rise-224' });
  expect(most * 1000).toBeLessThan(2 ** 31);
});

import { describe, expect, it } from 'vitest';
import { planeOf } from '../../src/localise/plane.js';
import { parseRule, ruleWords } from '../../src/localise/rule.js';
import { runsAbove } from '../../src/localise/runs.js';
import { thresholdOf } from '../../src/localise/threshold.js';

const values = Array.from({ length: 35 }, (_, i) => Math.sin(i * 2.3) * 4 + Math.cos(i * 0.7) * 3);
const map = { rows: 5, columns: 7, data: Float32Array.from(values) };
const photo = { width: 61, height: 43 };
const all = { x: 0, y: 0, ...photo };
const plane = planeOf(map, { photo, field: all, seen: all });

/** For each pixel along an axis, the share of each cell in it: linear between the centres of cells. */
const sharesOf = (pixels: number, cells: number) =>
  Array.from({ length: pixels }, (_, i) => {
    const at = Math.min(cells - 1, Math.max(0, ((i + 0.5) / pixels) * cells - 0.5));
    return Array.from({ length: cells }, (_, cell) => Math.max(0, 1 - Math.abs(at - cell)));
  });

const across = sharesOf(photo.width, 7);
const heat = sharesOf(photo.height, 5).flatMap((down) =>
  across.map((shares) => {
    let sum = 0;
    down.forEach((y, row) => shares.forEach((x, column) => (sum += map.data[row * 7 + column] * y * x)));
    return Math.max(0, sum);
  }),
);
const highest = Math.max(...heat);

describe('a rule', () => {
  it('of a share of the largest value, or of logits, is that', () => {
    expect(thresholdOf(plane, { kind: 'of-max', share: 0.35 })).toBeCloseTo(0.35 * Math.max(...map.data), 9);
    expect(thresholdOf(plane, { kind: 'logits', logits: 2.5 })).toBe(2.5);
  });

  it('of Otsu has the largest variance between the two kinds of all 255 levels', () => {
    const between = (level: number) => {
      const [low, high] = [heat.filter((value) => value < level), heat.filter((value) => value >= level)];
      const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
      return low.length * high.length * (mean(low) - mean(high)) ** 2;
    };
    const levels = Array.from({ length: 255 }, (_, i) => ((i + 1) / 256) * highest);
    const best = Math.max(...levels.map(between));
    // Its means are those of bins, not of values: a neighbour of the best level is as good within their width.
    expect(between(thresholdOf(plane, { kind: 'otsu' }))).toBeGreaterThan(best * 0.999);
  });

  it.each([0.1, 0.5, 0.8, 0.99])('of share:%s takes the strongest pixels, as few as hold it', (share) => {
    const threshold = thresholdOf(plane, { kind: 'share', share });
    const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
    const taken = heat.filter((value) => value > threshold);
    expect(sum(taken) / sum(heat)).toBeGreaterThanOrEqual(share - 1e-9);
    expect((sum(taken) - Math.min(...taken)) / sum(heat)).toBeLessThan(share + 1e-9);
  });

  it('takes exactly the pixels above its value', () => {
    for (const threshold of [0.01, 1.3, 3, highest * 0.99]) {
      const runs = runsAbove(plane, threshold);
      const taken = new Set(
        runs.flatMap(({ row, start, end }) =>
          Array.from({ length: end - start }, (_, i) => row * photo.width + start + i),
        ),
      );
      const doubtful = heat.filter(
        (value, i) => value > threshold !== taken.has(i) && Math.abs(value - threshold) > 1e-5,
      );
      expect(doubtful).toEqual([]);
      expect(taken.size).toBeGreaterThan(0);
    }
  });
});

describe('a rule in words', () => {
  it.each(['0.2', '0.35', 'otsu', 'share:0.8', 'logits:4'])('is read as it is written: %s', (words) => {
    expect(ruleWords(parseRule('boxes', words))).toBe(words);
  });

  it.each(['0.999', 'share:0.001', 'logits:0.1', 'logits:1e9'])('is taken within its limits: %s', (words) => {
    expect(parseRule('boxes', words)).toBeTruthy();
  });

  it.each([
    '0',
    '1',
    '-0.2',
    'share:0',
    'share:1',
    'logits:0',
    'logits:-3',
    'logits:',
    'Otsu',
    '',
    'max:0.2',
    'NaN',
    'logits:Infinity',
  ])('is refused beyond them with what it may be: %s', (words) => {
    expect(() => parseRule('boxes', words)).toThrow(
      /^Expected a share of the largest value such as 0\.2, otsu, share:0\.8 or logits:4 for boxes but received ".*"\.$/,
    );
  });
});

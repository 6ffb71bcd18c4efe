import { describe, expect, it } from 'vitest';
import { scoreMap } from '../../../src/convert/formats/wsol.js';
import { extentOf } from '../../../src/localise/plane.js';
import type { PhotoTruth } from '../../../src/truth/truth.js';
import { resultOf } from '../../helpers/evaluated.js';
import { judgedLine, objectAt, recordOf } from '../../helpers/evaluation-cases.js';
import { noise } from '../../helpers/networks.js';

const SIDE = 224;
const pixels = SIDE * SIDE;
const size = [SIDE, SIDE] as const;

const disc = (x: number, y: number, radius: number): Uint8Array =>
  Uint8Array.from({ length: pixels }, (_, i) => Number(Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y) < radius));

const photos = [0, 1, 2].map((i) => {
  const cells = [...noise(49, i + 1)].map((value) => Math.round(value * 1e4) / 1e3);
  const masks = [disc(60 + 40 * i, 90, 30), disc(70, 160 - 20 * i, 25)];
  const ignored = disc(112, 112, 60).map((bit, at) => (masks.some((mask) => mask[at] === 1) ? 0 : bit));
  const truth: PhotoTruth = { objects: masks.map((mask) => objectAt([0, 0, 9, 9], { mask })), ignored };
  return { line: judgedLine(`${i}.jpg`, size, [recordOf([7, 7], cells)]), truth, masks, ignored };
});

/**
 * The reference's rule, pixel by pixel: edges i / 1000 as NumPy's arange gives them, then 1, 2 and 3; counts of each bin from the
 * top; precision at each bin but the first times what it adds to recall.
 */
const averagePrecision = (scores: readonly number[], isObject: readonly boolean[]): number => {
  const edges = [...Array.from({ length: 1000 }, (_, i) => i * 0.001), 1, 2, 3];
  const counts = edges.slice(1).map(() => [0, 0]);
  scores.forEach((score, i) => {
    let bin = edges.length - 2;
    while (score < edges[bin]) bin--;
    counts[bin][isObject[i] ? 0 : 1]++;
  });
  const positives = isObject.filter(Boolean).length;
  let [right, wrong, sum] = [0, 0, 0];
  counts.reverse().forEach(([objects, others], i) => {
    right += objects;
    wrong += others;
    if (i > 0 && right + wrong > 0) sum += (right / (right + wrong)) * (objects / positives);
  });
  return sum;
};

describe('the average precision of pixels', () => {
  it("is that of wsolevaluation's rule, of all photos' pixels together, without ignored ones", () => {
    const [scores, isObject]: [number[], boolean[]] = [[], []];
    for (const { line, masks, ignored } of photos) {
      const own = scoreMap(line.maps[0], extentOf(line), 1, 'stored');
      for (let i = 0; i < pixels; i++) {
        const object = masks.some((mask) => mask[i] === 1);
        if (!object && ignored[i] === 1) continue;
        scores.push(own[i]);
        isObject.push(object);
      }
    }
    const given = photos.map(({ line, truth }) => [line, truth] as const);
    const { value = 0, n, ci95, classes } = resultOf('PxAP', given, { profile: 'wsol' });
    expect(Math.abs(value - averagePrecision(scores, isObject))).toBeLessThan(1e-9);
    expect(n).toBe(3);
    expect(ci95?.[0]).toBeLessThan(value);
    expect(ci95?.[1]).toBeGreaterThan(value);
    expect(classes.get(0)?.value).toBe(value);
  });

  it('is nearly 1 of maps that are the masks, in both profiles, and the share of objects where all scores are alike', () => {
    const mask = Uint8Array.from({ length: pixels }, (_, i) => Number(i % SIDE < SIDE / 2));
    const truth = { objects: [objectAt([0, 0, 111, 223], { mask })] };
    const of = (cells: readonly number[], profile: 'photo' | 'wsol') =>
      resultOf('PxAP', [[judgedLine('a.jpg', size, [recordOf([1, 2], cells)]), truth]], { profile }).value;
    // The bin from the top begins the curve, and adds nothing to it.
    expect(of([1, 0], 'wsol')).toBeGreaterThan(0.45);
    expect(of([1, 0], 'photo')).toBeGreaterThan(0.45);
    expect(of([0, 1], 'photo')).toBeLessThan(0.35);
    expect(of([3, 3], 'wsol')).toBeCloseTo(0.5, 12);
  });

  it('leaves out maps of classes without a mask', () => {
    const { n, leftOut } = resultOf('PxAP', [[photos[0].line, { objects: [objectAt([0, 0, 9, 9])] }]]);
    expect([n, Object.fromEntries(leftOut)]).toEqual([0, { 'no-mask': 1 }]);
  });
});

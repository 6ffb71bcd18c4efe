import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edgesOfPixels } from '../../../src/evaluate/iou.js';
import { levelAt, levelPicture, openCvRule } from '../../../src/evaluate/sweep/opencv.js';
import { sweeper } from '../../../src/evaluate/sweep/sweep.js';
import { fixture } from '../../helpers/folders.js';

interface Case {
  readonly kind: string;
  readonly height: number;
  readonly width: number;
  readonly thousandths: readonly number[];
  readonly truth: readonly (readonly [number, number, number, number])[];
  readonly changes: readonly (readonly [from: number, box: readonly number[], contours: number, any: number])[];
}

const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(fixture('evaluation', 'wsol.json'), 'utf8'));
const sweep = sweeper(18 * 18, true);

const sweptOf = (
  thousandths: readonly number[],
  width: number,
  height: number,
  truth: readonly (readonly [number, number, number, number])[],
) => {
  const scores = Float64Array.from(thousandths, (value) => value / 1000);
  const picture = levelPicture(scores, width, height);
  const largest = picture.levels.reduce((most, level) => Math.max(most, level + 1), 0);
  const { one, any, boxes } = sweep(picture, edgesOfPixels(truth), openCvRule(width, height));
  return (threshold: number) => {
    const level = levelAt(threshold, largest);
    const [left, top, right, bottom] = boxes.subarray(level * 4);
    // Theirs counts the last pixel.
    return { box: [left, top, right - 1, bottom - 1], one: one[level], any: any[level] };
  };
};

/** IoU of two boxes of pixels from the first to the last, in whole numbers but for the last division. */
const overlapOf = (a: readonly number[], b: readonly number[]): number => {
  const along = (i: number) => Math.max(0, Math.min(a[i + 2], b[i + 2]) - Math.max(a[i], b[i]) + 1);
  const area = (box: readonly number[]) => (box[2] - box[0] + 1) * (box[3] - box[1] + 1);
  const shared = along(0) * along(1);
  return shared / (area(a) + area(b) - shared);
};

describe('boxes at all thresholds in one pass', () => {
  it.each([...new Set(cases.map(({ kind }) => kind))])("equal wsolevaluation's at each of its 1000: %s", (kind) => {
    for (const { width, height, thousandths, truth, changes } of cases.filter((given) => given.kind === kind)) {
      const at = sweptOf(thousandths, width, height, truth);
      const found: unknown[] = [];
      const wanted: unknown[] = [];
      let change = 0;
      for (let i = 0; i < 1000; i++) {
        while (change + 1 < changes.length && changes[change + 1][0] <= i) change++;
        const [, box, , any] = changes[change];
        const one = Math.max(...truth.map((other) => overlapOf(box, other)));
        const { box: own, ...overlaps } = at(i * 0.001);
        found.push(`${own} ${overlaps.one} ${overlaps.any}`);
        wanted.push(`${box} ${one} ${any}`);
      }
      expect(found).toEqual(wanted);
    }
  });

  it("are those of the vectors of wsolevaluation's own test", () => {
    const boxesOf = (rows: readonly (readonly number[])[]) => {
      const at = sweptOf(rows.flat(), rows[0].length, rows.length, []);
      return [0, 1, 2, 3, 4].map((i) => at(i * 0.2).box);
    };
    const unimodal = [
      [0, 0, 0, 0, 0],
      [0, 400, 400, 400, 600],
      [0, 400, 1000, 800, 600],
      [0, 400, 400, 400, 600],
    ];
    expect(boxesOf(unimodal)).toEqual([
      [1, 1, 4, 3],
      [1, 1, 4, 3],
      [2, 1, 4, 3],
      [2, 2, 4, 3],
      [2, 2, 3, 3],
    ]);
    const multimodal = [
      [400, 0, 200, 200, 200],
      [400, 400, 0, 400, 0],
      [0, 0, 0, 400, 0],
      [1000, 600, 800, 200, 200],
    ];
    expect(boxesOf(multimodal)).toEqual([
      [0, 0, 4, 3],
      [0, 0, 2, 2],
      [0, 3, 3, 3],
      [2, 3, 3, 3],
      [0, 3, 1, 3],
    ]);
    expect(boxesOf([[0, 0, 0]])).toEqual(Array(5).fill([0, 0, 0, 0]));
  });
});

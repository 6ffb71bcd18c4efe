import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cocoMask } from '../../src/truth/masks.js';
import { maskOfRuns, runsOfMask } from '../../src/truth/run-lengths.js';
import { fixture } from '../helpers/folders.js';

interface Case {
  readonly group: string;
  readonly size: readonly [height: number, width: number];
  readonly segmentation: unknown;
  /** As pycocotools has them. */
  readonly counts: string;
  readonly area: number;
}

const cases: readonly Case[] = JSON.parse(readFileSync(fixture('truth', 'coco-masks.json'), 'utf8'));
const groups = [...new Set(cases.map(({ group }) => group))];
const sizeOf = ({ size: [height, width] }: Case) => ({ width, height });

describe("masks of COCO's format have the pixels that pycocotools gives them", () => {
  it.each(groups)('%s', (group) => {
    for (const one of cases.filter((other) => other.group === group)) {
      const mask = cocoMask(one.segmentation, sizeOf(one));
      expect(runsOfMask(mask, sizeOf(one)), JSON.stringify(one.segmentation)).toBe(one.counts);
      expect(mask.reduce((sum, value) => sum + value, 0)).toBe(one.area);
      expect(Buffer.compare(maskOfRuns(one.counts, sizeOf(one)), mask)).toBe(0);
    }
  });
});

const size = { width: 4, height: 3 };

describe('a mask is refused', () => {
  it.each([
    ['runs of too few pixels', { size: [3, 4], counts: [5, 6] }, 'has 11 pixels where its image has 12'],
    ['runs of too many pixels', { size: [3, 4], counts: [5, 8] }, 'has 13 pixels where its image has 12'],
    ['a run below zero', { size: [3, 4], counts: [14, -2] }, 'has a run that is no whole number'],
    ['a size that is another', { size: [4, 3], counts: [12] }, 'is of 3 x 4 pixels, its image of 4 x 3'],
    ['no size', { counts: [12] }, 'is of undefined x undefined'],
    ['no runs', { size: [3, 4] }, 'has no run lengths'],
    ['letters of no runs', { size: [3, 4], counts: '<~' }, 'has a letter that run lengths have not, "~"'],
    ['a number that is cut off', { size: [3, 4], counts: '<P' }, 'ends within a number of its run lengths'],
    ['a number of any length', { size: [3, 4], counts: 'P'.repeat(99) }, 'has a letter that run lengths have not, "P"'],
    ['a polygon of two corners', [[1, 1, 2, 2]], 'has no polygon of three or more corners as number 1'],
    [
      'half a corner',
      [
        [0, 0, 3, 0, 3, 3],
        [1, 1, 2, 2, 3, 1, 1],
      ],
      'corners as number 2',
    ],
    ['a corner that is far away', [[0, 0, 1e6 + 1, 0, 3, 3]], 'corners as number 1'],
    ['a corner that is text', [[0, 0, '3', 0, 3, 3]], 'corners as number 1'],
    ['a word', 'cat', 'is neither a list of polygons nor of run lengths'],
    ['more polygons than anybody draws', Array.from({ length: 4097 }, () => [0, 0, 1, 0, 1, 1]), 'has more than 4096'],
  ])('of %s', (_, segmentation, sentence) => {
    expect(() => cocoMask(segmentation, size)).toThrow(sentence);
  });

  it('but not at the limits: 4096 polygons, a corner a million pixels away', () => {
    const many = Array.from({ length: 4096 }, () => [0, 0, 1e6, 0, 1e6, 1e6]);
    expect(cocoMask(many, size)).toEqual(cocoMask([many[0]], size));
  });
});

import { describe, expect, it } from 'vitest';
import type { JudgedLine } from '../../../src/evaluate/judge/judge.js';
import type { MapRecord } from '../../../src/results/line.js';
import type { PhotoTruth } from '../../../src/truth/truth.js';
import { resultOf } from '../../helpers/evaluated.js';
import { judgedLine, objectAt, recordOf } from '../../helpers/evaluation-cases.js';

/** A map of 10 x 10 cells over 100 x 100 pixels, bright in a block of cells: its box above a half is the block. */
const blockAt = (left: number, top: number, width: number, height: number, changed: Partial<MapRecord> = {}) => {
  const isIn = (i: number) => i % 10 >= left && i % 10 < left + width && i / 10 >= top && i / 10 < top + height;
  return recordOf(
    [10, 10],
    Array.from({ length: 100 }, (_, i) => Number(isIn(i))),
    changed,
  );
};

const size = [100, 100] as const;
const half = { threshold: 0.5 };

/** A photo with the maps of these classes; predictions are in their order where none are given. */
const photo = (name: string, maps: readonly MapRecord[], predicted = maps.map((map) => map.class)): JudgedLine => ({
  ...judgedLine(name, size, maps),
  predictions: predicted.map((index) => ({ class: index, label: `class ${index}`, logit: 1, score: 0.1 })),
});

const truth = (...objects: PhotoTruth['objects']): PhotoTruth => ({ objects });

// The block of cells 2 to 5: pixels 20 to 59.
const [right, wrong] = [[20, 20, 59, 59] as const, [70, 70, 99, 99] as const];
const map = blockAt(2, 2, 4, 4);
const fiveOf = (...first: readonly number[]) => [...first, 90, 91, 92, 93, 94].slice(0, 5);

describe('the overlap of a box', () => {
  it('is right from one half on: half of a true box, and a pixel less', () => {
    const at = (boxes: readonly (readonly number[])[]) =>
      resultOf('GT-known', [[photo('a.jpg', [map]), truth(...boxes.map((box) => objectAt(box)))]], half).value;
    // 40 x 40 of 40 x 80, then of 40 x 81.
    expect(at([[20, 20, 59, 99]])).toBe(1);
    expect(at([[20, 20, 59, 100]])).toBe(0);
    expect(at([wrong, right])).toBe(1);
  });
});

describe('the error of the ILSVRC challenge', () => {
  const other = blockAt(2, 2, 4, 4, { class: 7 });
  // By hand: which of these photos has a guess of a true class, among five, whose box meets an instance by half?
  const photos = [
    // The second instance is met: no error.
    [photo('ILSVRC2012_val_00000001.JPEG', [map], fiveOf(0)), truth(objectAt(wrong), objectAt(right))],
    // Fifth guess: no error.
    [photo('ILSVRC2012_val_00000002.JPEG', [map], [90, 91, 92, 93, 0]), truth(objectAt(right))],
    // Sixth guess: error.
    [photo('ILSVRC2012_val_00000003.JPEG', [map], [90, 91, 92, 93, 94, 0]), truth(objectAt(right))],
    // Right class, box elsewhere: error.
    [photo('ILSVRC2012_val_00000004.JPEG', [map], fiveOf(0)), truth(objectAt(wrong))],
    // Right box of a wrong class: error.
    [photo('ILSVRC2012_val_00000005.JPEG', [other, map], fiveOf(7)), truth(objectAt(right))],
  ] as const;

  it('is that of the best of five guesses', () => {
    expect(resultOf('CLS-LOC-error', photos, half)).toMatchObject({ value: 3 / 5, n: 5 });
    expect(resultOf('top-5-loc', photos, half)).toMatchObject({ value: 2 / 5, n: 5 });
    expect(resultOf('top-1-loc', photos, half)).toMatchObject({ value: 1 / 5, n: 5 });
    expect(resultOf('GT-known', photos, half)).toMatchObject({ value: 4 / 5, n: 5 });
    expect(resultOf('top-1', photos, half)).toMatchObject({ value: 2 / 5, n: 5 });
    expect(resultOf('top-5', photos, half)).toMatchObject({ value: 3 / 5, n: 5 });
  });

  it('leaves out the photos of the blacklist, in the denominator too', () => {
    const result = resultOf('CLS-LOC-error', photos, { ...half, blacklist: ['ILSVRC2012_val_00000003.JPEG'] });
    expect(result).toMatchObject({ value: 2 / 4, n: 4 });
    expect([...result.leftOut]).toEqual([['blacklisted', 1]]);
  });
});

describe('what is not known is left out, with the reason', () => {
  const placeless = objectAt(right, { box: undefined });

  it('of maps: no map of the true class, or no place', () => {
    const { value, n, leftOut } = resultOf(
      'GT-known',
      [
        [photo('a.jpg', [map]), truth(objectAt(right))],
        [photo('b.jpg', [], fiveOf(3)), truth(objectAt(right))],
        [photo('c.jpg', [map]), truth(placeless)],
      ],
      half,
    );
    expect([value, n, Object.fromEntries(leftOut)]).toEqual([1, 1, { 'no-map': 1, 'no-place': 1 }]);
  });

  it('of photos: no object, or none of a class of the network', () => {
    const { n, leftOut } = resultOf('top-1', [
      [photo('a.jpg', [map]), truth()],
      [photo('b.jpg', [map]), truth(objectAt(right, { class: undefined }))],
    ]);
    expect([n, Object.fromEntries(leftOut)]).toEqual([0, { 'no-object': 1, 'unknown-class': 1 }]);
  });

  it('of the first five, where the run notes fewer: not told for a photo whose class is not among them', () => {
    const [told, untold] = [photo('a.jpg', [map], [0]), photo('b.jpg', [map], [4])];
    const { n, leftOut } = resultOf('top-5', [[untold, truth(objectAt(right))]]);
    expect([n, Object.fromEntries(leftOut)]).toEqual([0, { 'few-predictions': 1 }]);
    // With the others left out, those that are told would all be right.
    expect(resultOf('top-5', [[told, truth(objectAt(right))]]).n).toBe(0);
    expect(resultOf('top-5', [[told, truth(objectAt(right))]], { classes: 1 }).n).toBe(1);
  });

  it('but a wrong prediction needs no map to be wrong', () => {
    const given = [[photo('a.jpg', [], fiveOf(3)), truth(objectAt(right))]] as const;
    expect(resultOf('top-1-loc', given)).toMatchObject({ n: 1, value: 0 });
    expect(resultOf('top-5-loc', given)).toMatchObject({ n: 1, value: 0 });
  });
});

describe('a photo with several true classes', () => {
  const [cat, dog] = [blockAt(2, 2, 4, 4, { class: 0 }), blockAt(7, 7, 3, 3, { class: 1 })];
  const given = [
    [photo('a.jpg', [dog, cat], fiveOf(1, 0)), truth(objectAt(right), objectAt(right, { class: 1 }))],
  ] as const;

  it('counts once for each map, and once as a photo, which is right where any class is', () => {
    const known = resultOf('GT-known', given, half);
    expect(known).toMatchObject({ value: 1 / 2, n: 2 });
    expect([known.classes.get(0)?.value, known.classes.get(1)?.value]).toEqual([1, 0]);
    expect(resultOf('top-1', given, half)).toMatchObject({ value: 1, n: 1 });
    expect(resultOf('top-1-loc', given, half)).toMatchObject({ value: 0, n: 1 });
    expect(resultOf('top-5-loc', given, half)).toMatchObject({ value: 1, n: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import type { JudgedEntry, PhotoEntry } from '../../src/report/data.js';
import { type CaseSelection, casesOf, selectCases } from '../../src/report/truth-cases.js';

const judged = (index: number, iou: number | undefined, fields: Partial<JudgedEntry> = {}): JudgedEntry => ({
  class: index,
  first: false,
  truth: [[0, 0, 1, 1]],
  ...(iou === undefined
    ? { leftOut: 'no-map' }
    : { map: { box: null, iou, point: [0, 0], near: iou > 0.5, hit: false, inside: 1 - iou } }),
  ...fields,
});

const photo = (name: string, margin: number, entries: readonly JudgedEntry[]): PhotoEntry => ({
  photo: name,
  width: 1,
  height: 1,
  seen: [0, 0, 1, 1],
  field: [0, 0, 1, 1],
  margin,
  predictions: [{ class: 0, logit: 1, score: 0.5 }],
  maps: [],
  judged: entries,
});

const cases = casesOf([
  photo('b.jpg', 0.3, [judged(0, 0.75, { first: true }), judged(1, undefined)]),
  { photo: 'failed.jpg', error: { code: 'empty', message: 'The file is empty.' } },
  photo('a.jpg', 0.1, [judged(1, 0.25)]),
  photo('C.jpg', 0.2, [judged(0, 0.5)]),
]);

const everything: CaseSelection = {
  name: '',
  class: undefined,
  right: undefined,
  hit: undefined,
  order: 'iou',
  descending: false,
};

const shown = (change: Partial<CaseSelection>): readonly string[] =>
  selectCases(cases, { ...everything, ...change }).map(({ entry, judged }) => `${entry.photo} ${judged.class}`);

describe('the true classes of photos', () => {
  it('are sorted either way, those without a value last', () => {
    expect(shown({})).toEqual(['a.jpg 1', 'C.jpg 0', 'b.jpg 0', 'b.jpg 1']);
    expect(shown({ descending: true })).toEqual(['b.jpg 0', 'C.jpg 0', 'a.jpg 1', 'b.jpg 1']);
    expect(shown({ order: 'inside' })).toEqual(['b.jpg 0', 'C.jpg 0', 'a.jpg 1', 'b.jpg 1']);
    expect(shown({ order: 'margin' })).toEqual(['a.jpg 1', 'C.jpg 0', 'b.jpg 0', 'b.jpg 1']);
    expect(shown({ order: 'name' })).toEqual(['a.jpg 1', 'b.jpg 0', 'b.jpg 1', 'C.jpg 0']);
  });

  it('pass filters by class, answer, pointing and name', () => {
    expect(shown({ class: 1 })).toEqual(['a.jpg 1', 'b.jpg 1']);
    expect(shown({ right: true })).toEqual(['b.jpg 0']);
    expect(shown({ right: false, class: 0 })).toEqual(['C.jpg 0']);
    expect(shown({ hit: true })).toEqual(['b.jpg 0']);
    // Of one without a map nobody knows.
    expect(shown({ hit: false })).toEqual(['a.jpg 1', 'C.jpg 0']);
    expect(shown({ name: 'c.J' })).toEqual(['C.jpg 0']);
  });
});

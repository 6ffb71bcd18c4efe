import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localise, type Part } from '../../src/localise/localise.js';
import { maskOf } from '../../src/localise/mask.js';
import type { Extent } from '../../src/localise/plane.js';
import { DEFAULT_RULE } from '../../src/localise/rule.js';
import type { ClassMap } from '../../src/maps/class-map.js';
import { fixture } from '../helpers/folders.js';

const mapOf = (rows: number, columns: number, values: readonly number[]): ClassMap => ({
  rows,
  columns,
  data: Float32Array.from(values),
});

/** A photo that was squeezed into the network's input. */
const whole = (width: number, height: number): Extent => ({
  photo: { width, height },
  field: { x: 0, y: 0, width, height },
  seen: { x: 0, y: 0, width, height },
});

const pixelsOf = ({ runs }: Part): number => runs.reduce((sum, { start, end }) => sum + end - start, 0);

interface Case {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly grid: readonly [number, number];
  readonly map: readonly number[];
  readonly paper: { readonly box: readonly number[]; readonly pixels: number };
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(fixture('evaluation', 'localisation.json'), 'utf8'),
);

describe("the boxes of OpenCV's enlarged maps", () => {
  // Their boxes count whole pixels, ours end between pixels: x + width is the edge after the last pixel in both.
  it.each(cases)('are met within a pixel on each side: $id', ({ width, height, grid: [rows, columns], map, paper }) => {
    const { parts } = localise(mapOf(rows, columns, map), whole(width, height), DEFAULT_RULE);
    const [{ box }] = [...parts].sort((a, b) => pixelsOf(b) - pixelsOf(a));
    const [x, y, w, h] = paper.box;
    const sides = [box.x - x, box.y - y, box.x + box.width - x - w, box.y + box.height - y - h];
    for (const side of sides) expect(Math.abs(side)).toBeLessThanOrEqual(1);
  });
});

const drawnMap = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => mapOf(rows, columns, values)),
  );

/** A photo of any size, of which any part lies in the field, which may reach beyond it. */
const drawnExtent = fc
  .record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 300 }),
    left: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    top: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    right: fc.double({ min: 0.6, max: 1.5, noNaN: true }),
    bottom: fc.double({ min: 0.6, max: 1.5, noNaN: true }),
  })
  .map(({ width, height, left, top, right, bottom }): Extent => {
    const field = { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
    const [x, y] = [Math.max(0, field.x), Math.max(0, field.y)];
    const seen = {
      x,
      y,
      width: Math.min(width, field.x + field.width) - x,
      height: Math.min(height, field.y + field.height) - y,
    };
    return { photo: { width, height }, field, seen };
  });

const drawnRule = fc.oneof(
  fc.double({ min: 0.05, max: 0.95, noNaN: true }).map((share) => ({ kind: 'of-max', share }) as const),
  fc.double({ min: 0.05, max: 0.95, noNaN: true }).map((share) => ({ kind: 'share', share }) as const),
  fc.double({ min: 0.1, max: 9, noNaN: true }).map((logits) => ({ kind: 'logits', logits }) as const),
  fc.constant({ kind: 'otsu' } as const),
);

/** What the cells add to the logit in the pixels for which a mask is set, one cell and one pixel after the other. */
const evidenceUnder = ({ rows, columns, data }: ClassMap, { photo, field }: Extent, mask: Uint8Array): number => {
  let sum = 0;
  const shared = (a: number, b: number, from: number, to: number) => Math.max(0, Math.min(b, to) - Math.max(a, from));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [width, height] = [field.width / columns, field.height / rows];
      const [left, top] = [field.x + column * width, field.y + row * height];
      let area = 0;
      for (let y = 0; y < photo.height; y++) {
        const tall = shared(top, top + height, y, y + 1);
        for (let x = 0; tall > 0 && x < photo.width; x++) {
          if (mask[y * photo.width + x] > 0) area += tall * shared(left, left + width, x, x + 1);
        }
      }
      sum += (data[row * columns + column] * area) / (width * height);
    }
  }
  return sum / (rows * columns);
};

describe('the evidence of boxes', () => {
  it('and that of the rest is the mean of the map, so with the bias it is the logit', () => {
    fc.assert(
      fc.property(drawnMap, drawnExtent, drawnRule, (map, extent, rule) => {
        // A cell of less than a pixel is looked at with its neighbours.
        fc.pre(extent.field.width >= map.columns && extent.field.height >= map.rows);
        const { plane, parts } = localise(map, extent, rule);
        const { width, height } = extent.photo;
        const rest = new Uint8Array(width * height).fill(255);
        let boxes = 0;
        for (const { runs, evidence } of parts) {
          const mask = maskOf({ plane }, runs, extent.photo);
          expect(Math.abs(evidence - evidenceUnder(map, extent, mask))).toBeLessThan(1e-9);
          mask.forEach((value, i) => {
            if (value > 0) rest[i] -= 255;
          });
          boxes += evidence;
        }
        const photo = evidenceUnder(map, extent, new Uint8Array(width * height).fill(255));
        expect(Math.abs(boxes + evidenceUnder(map, extent, rest) - photo)).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('is the whole mean, and all of the positive evidence, where a box is the whole photo', () => {
    const map = mapOf(2, 3, [1, 2, 3, 4, 5, 9]);
    const { parts } = localise(map, whole(30, 20), { kind: 'logits', logits: 0.5 });
    expect(parts).toMatchObject([{ box: { x: 0, y: 0, width: 30, height: 20 } }]);
    expect(parts[0].evidence).toBeCloseTo(4, 12);
    expect(parts[0].share).toBeCloseTo(1, 12);
  });
});

const dots = (rows: number, columns: number, ...at: readonly (readonly [number, number])[]): ClassMap => {
  const map = mapOf(rows, columns, new Array(rows * columns).fill(0));
  for (const [row, column] of at) map.data[row * columns + column] = 1;
  return map;
};

describe('the parts of a map', () => {
  it('are one where they meet at a corner', () => {
    // Each cell is one pixel, so that nothing lies between them.
    expect(localise(dots(4, 4, [0, 0], [1, 1], [2, 0]), whole(4, 4), DEFAULT_RULE).parts).toMatchObject([
      { box: { x: 0, y: 0, width: 2, height: 3 } },
    ]);
  });

  it('hold their holes, and what lies in these', () => {
    const ring: [number, number][] = [];
    for (let i = 0; i < 6; i++) ring.push([0, i], [5, i], [i, 0], [i, 5]);
    const { plane, parts } = localise(dots(7, 7, ...ring, [2, 3]), whole(7, 7), DEFAULT_RULE);
    expect(parts).toHaveLength(1);
    expect(maskOf({ plane }, parts[0].runs, { width: 7, height: 7 }).filter((value) => value > 0)).toHaveLength(36);
  });

  it('do not hold what is open to the border of what was seen', () => {
    const open: [number, number][] = [
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 2],
      [1, 2],
      [0, 2],
    ];
    const { parts } = localise(dots(3, 3, ...open), whole(3, 3), DEFAULT_RULE);
    expect(pixelsOf(parts[0])).toBe(7);
  });

  it('are at most five, those with the most evidence first', () => {
    const map = dots(1, 15, [0, 0], [0, 2], [0, 4], [0, 6], [0, 8], [0, 10], [0, 12]);
    map.data[6] = 3;
    map.data[10] = 2;
    const { parts } = localise(map, whole(15, 1), { kind: 'logits', logits: 0.5 });
    expect(parts.map(({ box }) => box.x)).toEqual([6, 10, 0, 2, 4]);
  });

  it('are none smaller than a cell: a higher threshold leaves less than one around a single cell', () => {
    const map = dots(5, 5, [2, 2]);
    expect(localise(map, whole(100, 100), { kind: 'of-max', share: 0.2 }).parts).toHaveLength(1);
    expect(localise(map, whole(100, 100), { kind: 'of-max', share: 0.9 }).parts).toHaveLength(0);
  });

  it('are none where no value is above 0, or all are equal', () => {
    for (const values of [
      [-1, 0, -3, 0],
      [2, 2, 2, 2],
    ])
      expect(localise(mapOf(2, 2, values), whole(40, 40), DEFAULT_RULE).parts).toEqual([]);
  });

  it('end where the photo was cropped: nothing is known beyond', () => {
    const seen = { x: 20, y: 0, width: 60, height: 60 };
    const extent = { photo: { width: 100, height: 60 }, field: seen, seen };
    const { parts } = localise(mapOf(1, 2, [5, 4]), extent, DEFAULT_RULE);
    expect(parts).toMatchObject([{ box: seen }]);
  });

  it('do not depend on the resolution of the photo by more than a pixel of 1024', () => {
    fc.assert(
      fc.property(drawnMap, fc.integer({ min: 2, max: 6 }), (map, times) => {
        const [small, large] = [1, times].map((factor) =>
          localise(map, whole(1200 * factor, 900 * factor), { kind: 'of-max', share: 0.35 }),
        );
        expect(large.parts.length).toBe(small.parts.length);
        large.parts.forEach(({ box }, i) => {
          const other = small.parts[i].box;
          const pixel = 1200 / 1024;
          for (const key of ['x', 'y', 'width', 'height'] as const)
            expect(Math.abs(box[key] / times - other[key])).toBeLessThanOrEqual(pixel * 1.001);
        });
      }),
      { numRuns: 15 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassMap } from '../../src/cam/class-map.js';
import { atMostOneCellAPixel, planUpsampling, upsampleRow } from '../../src/cam/upsample.js';
import {
  type Crop,
  fieldOf,
  type Placement,
  place,
  type Resize,
  type Size,
  seenRegion,
} from '../../src/photo/geometry.js';

const edge = fc.integer({ min: 1, max: 600 });
const size = fc.record({ width: edge, height: edge });
const photoSize = fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 2000 }) });

const resize: fc.Arbitrary<Resize> = fc.oneof(
  fc.constant<Resize>({ rule: 'none' }),
  edge.map((value): Resize => ({ rule: 'shortest-edge', edge: value })),
  edge.map((value): Resize => ({ rule: 'longest-edge', edge: value })),
  size.map((value): Resize => ({ rule: 'exact', ...value })),
  size.map((value): Resize => ({ rule: 'cover', ...value })),
  size.map((value): Resize => ({ rule: 'contain', ...value })),
  size.chain((value) => fc.boolean().map((whole): Resize => ({ rule: 'middle-square', share: 1, whole, ...value }))),
);

const crop: fc.Arbitrary<Crop | undefined> = fc.option(
  fc.record({
    width: edge,
    height: edge,
    rounding: fc.constantFrom('floor' as const, 'half-even' as const),
    padding: fc.constantFrom('near' as const, 'far' as const),
  }),
  { nil: undefined },
);

/** The hottest point of the enlarged map, in photo pixels: the middle of its hottest pixels. */
const peakOf = (fine: ClassMap, placement: Placement) => {
  const seen = seenRegion(placement);
  const map = atMostOneCellAPixel(fine, fieldOf(placement));
  const plan = planUpsampling(map.rows, map.columns, fieldOf(placement), seen);
  const row = new Float32Array(plan.columns.first.length);
  let [best, x, y, count] = [-1, 0, 0, 0];
  for (let i = 0; i < plan.rows.first.length; i++) {
    upsampleRow(map, plan, i, row);
    row.forEach((heat, j) => {
      if (heat < best) return;
      if (heat > best) [best, x, y, count] = [heat, 0, 0, 0];
      x += plan.columns.start + j + 0.5;
      y += plan.rows.start + i + 0.5;
      count++;
    });
  }
  return count === 0 ? undefined : { x: x / count, y: y / count };
};

/** Whether the photo shows on the canvas at all: a crop can miss a photo that a rule made one pixel wide. */
const isSeen = ({ width, height }: Size): boolean => width > 0 && height > 0;

describe('the way back from the network to the photo', () => {
  it('puts the hottest cell where it is, in photos and grids of every size, by every rule', () => {
    const grid = fc.integer({ min: 1, max: 56 });
    fc.assert(
      fc.property(photoSize, resize, crop, grid, grid, fc.nat(), fc.nat(), (photo, rule, cut, rows, columns, a, b) => {
        const placement = place(photo, rule, cut);
        const seen = seenRegion(placement);
        const field = fieldOf(placement);
        fc.pre(isSeen(seen) && photo.width * photo.height < 400_000);
        const [cellWidth, cellHeight] = [field.width / columns, field.height / rows];
        const [row, column] = [a % rows, b % columns];
        const center = { x: field.x + (column + 0.5) * cellWidth, y: field.y + (row + 0.5) * cellHeight };
        // A cell in the padding lights nothing that must be found.
        fc.pre(
          center.x > seen.x && center.x < seen.x + seen.width && center.y > seen.y && center.y < seen.y + seen.height,
        );
        const data = new Float32Array(rows * columns);
        data[row * columns + column] = 1;
        const peak = peakOf({ rows, columns, data }, placement);
        if (peak === undefined) return;
        // Half a cell; of cells smaller than a pixel, one of up to two pixels stands for several.
        expect(Math.abs(peak.x - center.x)).toBeLessThanOrEqual(Math.max(cellWidth / 2, 1.5) + 1e-6);
        expect(Math.abs(peak.y - center.y)).toBeLessThanOrEqual(Math.max(cellHeight / 2, 1.5) + 1e-6);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('never leaves the photo', () => {
    fc.assert(
      fc.property(photoSize, resize, crop, (photo, rule, cut) => {
        const seen = seenRegion(place(photo, rule, cut));
        fc.pre(isSeen(seen));
        expect(seen.x).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.y).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.x + seen.width).toBeLessThanOrEqual(photo.width + 1e-6);
        expect(seen.y + seen.height).toBeLessThanOrEqual(photo.height + 1e-6);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('cuts letterbox padding off', () => {
    const placement = place(
      { width: 400, height: 200 },
      { rule: 'contain', width: 100, height: 100 },
      { width: 100, height: 100, rounding: 'half-even', padding: 'far' },
    );
    expect(fieldOf(placement)).toEqual({ x: 0, y: -100, width: 400, height: 400 });
    expect(seenRegion(placement)).toEqual({ x: 0, y: 0, width: 400, height: 200 });
  });
});

describe('each rule of resizing', () => {
  const cropTo = (edgeLength: number, rounding: Crop['rounding'], padding: Crop['padding'] = 'far'): Crop => ({
    width: edgeLength,
    height: edgeLength,
    rounding,
    padding,
  });

  it('cuts the longer edge off, as torchvision and Hugging Face do', () => {
    expect(place({ width: 451, height: 300 }, { rule: 'shortest-edge', edge: 256 }, undefined).resized).toEqual({
      width: 384,
      height: 256,
    });
    expect(place({ width: 640, height: 427 }, { rule: 'shortest-edge', edge: 256 }, undefined).resized).toEqual({
      width: 383,
      height: 256,
    });
  });

  it('leans an odd crop as its library does', () => {
    const of = (rounding: Crop['rounding']) =>
      place({ width: 383, height: 256 }, { rule: 'none' }, cropTo(224, rounding)).x;
    expect([of('floor'), of('half-even')]).toEqual([-79, -80]);
  });

  it('leans an odd padding as its library does', () => {
    const of = (padding: Crop['padding']) =>
      place({ width: 99, height: 99 }, { rule: 'none' }, cropTo(104, 'floor', padding)).x;
    expect([of('near'), of('far')]).toEqual([3, 2]);
  });
});

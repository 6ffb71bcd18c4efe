import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Align,
  type Crop,
  fieldOf,
  hasOneSize,
  nearestStep,
  type Placement,
  place,
  type Resize,
  seenRegion,
} from '../../src/image/geometry.js';
import type { Size } from '../../src/maps/box.js';
import { atMostOneCellAPixel, enlarge, planUpsampling, upsampleRow } from '../../src/maps/upsample.js';

const edge = fc.integer({ min: 1, max: 600 });
const size = fc.record({ width: edge, height: edge });
const photoSize = fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 2000 }) });

const resize: fc.Arbitrary<Resize> = fc.oneof(
  fc.constant<Resize>({ rule: 'none' }),
  edge.chain((value) =>
    fc.constantFrom<Resize>(
      { rule: 'shortest-edge', edge: value },
      { rule: 'shortest-edge', edge: value, rounded: true },
    ),
  ),
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

const align = fc.constantFrom<Align>('center', 'top-left');

/** Middle of the hottest pixels of a row of cells with one hot cell, enlarged; undefined where nothing is seen. */
const peakAlong = (cells: number, hot: number, axis: 'columns' | 'rows', placement: Placement): number | undefined => {
  const data = new Float32Array(cells);
  data[hot] = 1;
  const line = axis === 'columns' ? { rows: 1, columns: cells, data } : { rows: cells, columns: 1, data };
  const map = atMostOneCellAPixel(line, fieldOf(placement));
  const seen = seenRegion(placement);
  // All columns of a map of one column are alike: the first tells of them.
  const shown = axis === 'columns' ? seen : { ...seen, width: Math.min(1, seen.width) };
  const plan = planUpsampling(map, fieldOf(placement), shown, 'bilinear');
  const taps = plan[axis];
  const enlarged = enlarge(map, plan);
  const rowOf = (row: number) => {
    const entries = new Uint8Array(plan.columns.length);
    upsampleRow(enlarged, plan, row, entries);
    return entries;
  };
  const heat = axis === 'columns' ? [...rowOf(0)] : Array.from({ length: taps.length }, (_, row) => rowOf(row)[0]);
  const best = Math.max(...heat);
  const hottest = Array.from(heat.keys()).filter((i) => heat[i] === best);
  if (hottest.length === 0) return undefined;
  return taps.start + (hottest[0] + hottest[hottest.length - 1] + 1) / 2;
};

/** The hottest point of the enlarged map of one hot cell, in photo pixels; its heat is that of its column times its row's. */
const peakOf = (rows: number, columns: number, row: number, column: number, placement: Placement) => {
  const x = peakAlong(columns, column, 'columns', placement);
  const y = peakAlong(rows, row, 'rows', placement);
  return x === undefined || y === undefined ? undefined : { x, y };
};

/** Whether the photo shows on the canvas at all: a crop can miss a photo that a rule made one pixel wide. */
const isSeen = ({ width, height }: Size): boolean => width > 0 && height > 0;

describe('the way back from the network to the photo', () => {
  it('puts the hottest cell where it is, in photos and grids of every size, by every rule', () => {
    const grid = fc.integer({ min: 1, max: 56 });
    fc.assert(
      fc.property(
        photoSize,
        resize,
        crop,
        align,
        grid,
        grid,
        fc.nat(),
        fc.nat(),
        (photo, rule, cut, side, rows, columns, a, b) => {
          const placement = place(photo, rule, cut, side);
          const seen = seenRegion(placement);
          const field = fieldOf(placement);
          fc.pre(isSeen(seen));
          const [cellWidth, cellHeight] = [field.width / columns, field.height / rows];
          const [row, column] = [a % rows, b % columns];
          const center = { x: field.x + (column + 0.5) * cellWidth, y: field.y + (row + 0.5) * cellHeight };
          // A cell in the padding lights nothing that must be found.
          fc.pre(
            center.x > seen.x && center.x < seen.x + seen.width && center.y > seen.y && center.y < seen.y + seen.height,
          );
          const peak = peakOf(rows, columns, row, column, placement);
          if (peak === undefined) return;
          // Half a cell; of cells smaller than a pixel, one of up to two pixels stands for several.
          expect(Math.abs(peak.x - center.x)).toBeLessThanOrEqual(Math.max(cellWidth / 2, 1.5) + 1e-6);
          expect(Math.abs(peak.y - center.y)).toBeLessThanOrEqual(Math.max(cellHeight / 2, 1.5) + 1e-6);
        },
      ),
      { numRuns: 400, seed: 1 },
    );
  });

  it('never leaves the photo', () => {
    fc.assert(
      fc.property(photoSize, resize, crop, align, (photo, rule, cut, side) => {
        const seen = seenRegion(place(photo, rule, cut, side));
        fc.pre(isSeen(seen));
        expect(seen.x).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.y).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.x + seen.width).toBeLessThanOrEqual(photo.width + 1e-6);
        expect(seen.y + seen.height).toBeLessThanOrEqual(photo.height + 1e-6);
      }),
      { numRuns: 200, seed: 1 },
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

describe('a letterbox', () => {
  const box: Resize = { rule: 'contain', width: 100, height: 81 };
  const wide = { width: 400, height: 200 };

  it('includes its padding, the odd row of it below', () => {
    expect(place(wide, box, undefined)).toMatchObject({
      resized: { width: 100, height: 50 },
      canvas: { width: 100, height: 81 },
      x: 0,
      y: 15,
    });
    expect(hasOneSize(box, undefined)).toBe(true);
  });

  it('aligned at the top left is padded on the right and below alone', () => {
    expect(place(wide, box, undefined, 'top-left')).toMatchObject({ canvas: { width: 100, height: 81 }, x: 0, y: 0 });
    const tall = place({ width: 20, height: 400 }, box, undefined, 'top-left');
    expect(tall).toMatchObject({ resized: { width: 4, height: 81 }, x: 0, y: 0 });
    expect(seenRegion(tall)).toEqual({ x: 0, y: 0, width: 20, height: 400 });
    expect(fieldOf(tall).width).toBe(500);
  });

  it('with a crop is padded or cut to that instead; what is cut is cut on all sides', () => {
    const cut: Crop = { width: 60, height: 60, rounding: 'floor', padding: 'far' };
    expect(place(wide, box, cut)).toMatchObject({ canvas: { width: 60, height: 60 }, x: -20, y: 5 });
    expect(place(wide, box, cut, 'top-left')).toMatchObject({ x: -20, y: 0 });
  });
});

describe('what cells cover of the input', () => {
  // 400 x 200 photo pixels as 100 x 50, laid into 100 x 100 with 25 rows above and below.
  const placement = place(
    { width: 400, height: 200 },
    { rule: 'contain', width: 100, height: 100 },
    { width: 100, height: 100, rounding: 'half-even', padding: 'far' },
  );

  it('is the field, in photo pixels, and no more of the photo is seen', () => {
    const covered = { x: 0, y: 0, width: 96, height: 64 };
    expect(fieldOf(placement, covered)).toEqual({ x: 0, y: -100, width: 384, height: 256 });
    expect(seenRegion(placement, covered)).toEqual({ x: 0, y: 0, width: 384, height: 156 });
  });

  it('may begin inside the photo', () => {
    const covered = { x: 3, y: 30, width: 90, height: 40 };
    expect(seenRegion(placement, covered)).toEqual({ x: 12, y: 20, width: 360, height: 160 });
  });

  it('may be padding alone, and then nothing is seen', () => {
    expect(seenRegion(placement, { x: 0, y: 0, width: 100, height: 20 }).height).toBe(0);
  });
});

describe('edges in steps', () => {
  it('are the nearest, the larger of two, and never below the least', () => {
    const steps = { stride: 32, least: 75 };
    expect([1, 75, 90, 91, 107, 299, 314, 315].map((size) => nearestStep(size, steps))).toEqual([
      75, 75, 75, 107, 107, 299, 299, 331,
    ]);
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

  it('rounds the longer edge as PaddleClas does, where it is said to be rounded', () => {
    const of = (rounded: boolean) =>
      place({ width: 640, height: 427 }, { rule: 'shortest-edge', edge: 256, ...(rounded && { rounded }) }, undefined)
        .resized.width;
    // 640 * 256 / 427 = 383.7
    expect([of(false), of(true)]).toEqual([383, 384]);
  });

  it('leans an odd padding as its library does', () => {
    const of = (padding: Crop['padding']) =>
      place({ width: 99, height: 99 }, { rule: 'none' }, cropTo(104, 'floor', padding)).x;
    expect([of('near'), of('far')]).toEqual([3, 2]);
  });
});

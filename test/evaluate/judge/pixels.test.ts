import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareInside } from '../../../src/evaluate/judge/inside.js';
import { isInside, isNear, largestPoint } from '../../../src/evaluate/judge/point.js';
import { maskOfRegion, regionOf, type Shape, without } from '../../../src/evaluate/judge/region.js';
import { type Plane, planeOf, profileOf, valueAt } from '../../../src/localise/plane.js';

const drawnPlane = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 60 }),
    height: fc.integer({ min: 1, max: 60 }),
    left: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    right: fc.double({ min: 0.6, max: 1.4, noNaN: true }),
    values: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 36, maxLength: 36 }),
  })
  .map(({ rows, columns, width, height, left, right, values }) => {
    const field = { x: left * width, y: 0, width: (right - left) * width, height };
    const [from, to] = [Math.max(0, field.x), Math.min(width, field.x + field.width)];
    const seen = { x: from, y: 0, width: to - from, height };
    const map = { rows, columns, data: Float32Array.from(values.slice(0, rows * columns)) };
    return { plane: planeOf(map, { photo: { width, height }, field, seen }), width, height };
  })
  .filter(({ plane: { across } }) => across.end > across.start);

const drawnShapes = (width: number, height: number): fc.Arbitrary<readonly Shape[]> => {
  const box = fc
    .tuple(
      fc.double({ min: -5, max: width - 0.5, noNaN: true }),
      fc.double({ min: -5, max: height - 0.5, noNaN: true }),
      fc.double({ min: 6, max: 40, noNaN: true }),
      fc.double({ min: 6, max: 40, noNaN: true }),
    )
    .map(([x, y, w, h]): Shape => ({ box: { x, y, width: w, height: h } }));
  const mask = fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
    .map((bits): Shape => ({ mask: Uint8Array.from(bits) }));
  return fc.array(fc.oneof({ weight: 4, arbitrary: box }, mask), { minLength: 1, maxLength: 3 });
};

const drawn = drawnPlane.chain((given) =>
  drawnShapes(given.width, given.height).map((shapes) => ({ ...given, shapes })),
);

/** All values of the plane, pixel by pixel; NaN where the network did not see. */
const valuesOf = (plane: Plane): Float64Array => {
  const { size, across, down } = plane;
  const values = new Float64Array(size.width * size.height).fill(Number.NaN);
  const profile = new Float64Array(across.cells);
  for (let row = down.start; row < down.end; row++) {
    profileOf(plane, row, profile);
    for (let x = across.start; x < across.end; x++) values[row * size.width + x] = valueAt(profile, across, x);
  }
  return values;
};

const isIn = (shape: Shape, x: number, y: number, width: number): boolean => {
  if ('mask' in shape) return shape.mask[y * width + x] === 1;
  const { box } = shape;
  return x + 0.5 >= box.x && x + 0.5 < box.x + box.width && y + 0.5 >= box.y && y + 0.5 < box.y + box.height;
};

describe('the pixels of what is true', () => {
  it('are those whose centres lie in any box or mask', () => {
    fc.assert(
      fc.property(drawn, ({ width, height, shapes }) => {
        const mask = maskOfRegion(regionOf(shapes, { width, height }, { width, height }));
        const wanted = mask.map((_, i) =>
          Number(shapes.some((shape) => isIn(shape, i % width, Math.floor(i / width), width))),
        );
        expect(mask).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('are at least one of a box that misses all centres', () => {
    const region = regionOf(
      [{ box: { x: 3.6, y: 2.1, width: 0.2, height: 0.2 } }],
      { width: 9, height: 9 },
      { width: 9, height: 9 },
    );
    expect(maskOfRegion(region).reduce((sum, bit) => sum + bit)).toBe(1);
  });

  it('are none of a box beyond the photo', () => {
    const size = { width: 9, height: 9 };
    for (const x of [-5, 9]) {
      const mask = maskOfRegion(regionOf([{ box: { x, y: 2, width: 5, height: 3 } }], size, size));
      expect(mask.includes(1)).toBe(false);
    }
  });
});

describe('the share of evidence inside', () => {
  it('is the sum of positive values there over that of all, pixel by pixel, without ignored ones', () => {
    fc.assert(
      fc.property(drawn, fc.boolean(), ({ plane, width, height, shapes }, ignores) => {
        const size = { width, height };
        const region = regionOf(shapes, size, size);
        const nothing = ignores
          ? without(regionOf([{ box: { x: 0, y: 0, width: width / 2, height } }], size, size), region)
          : undefined;
        const [mask, ignored] = [maskOfRegion(region), nothing && maskOfRegion(nothing)];
        let [inside, all] = [0, 0];
        valuesOf(plane).forEach((value, i) => {
          if (!(value > 0) || ignored?.[i] === 1) return;
          all += value;
          if (mask[i] === 1) inside += value;
        });
        expect(shareInside(plane, region, nothing)).toBeCloseTo(all > 0 ? inside / all : 0, 9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the point of a map', () => {
  it('is the first of its largest pixels, row by row', () => {
    fc.assert(
      fc.property(drawnPlane, ({ plane, width }) => {
        const values = valuesOf(plane);
        const { x, y } = largestPoint(plane);
        const most = values.reduce((a, b) => (b > a || Number.isNaN(a) ? b : a), Number.NaN);
        // Where cells are equal, neighbours differ by rounding alone.
        const first = values.findIndex((value) => value >= most - 1e-12);
        expect(Math.abs(values[y * width + x] - most)).toBeLessThan(1e-12);
        expect(y * width + x).toBeGreaterThanOrEqual(first);
        if (values.filter((value) => value >= most - 1e-12).length === 1) expect(y * width + x).toBe(first);
      }),
      { numRuns: 100 },
    );
  });

  it('is near where any true pixel is nearer than 15, and not at exactly 15', () => {
    const size = { width: 100, height: 100 };
    const region = regionOf([{ box: { x: 40, y: 40, width: 10, height: 10 } }], size, size);
    const near = (x: number, y: number) => isNear({ x, y }, region, 1, 1);
    expect([near(64, 45), near(63, 45), near(25, 45), near(26, 45)]).toEqual([false, true, false, true]);
    // 9 and 12 pixels from the corner: 15 in all. Then 9 and 11.
    expect([near(58, 61), near(58, 60)]).toEqual([false, true]);
    expect([isInside({ x: 49, y: 49 }, region), isInside({ x: 50, y: 49 }, region)]).toEqual([true, false]);
  });

  it('is measured in pixels of the photo where the plane is smaller', () => {
    const region = regionOf(
      [{ box: { x: 400, y: 0, width: 100, height: 2000 } }],
      { width: 2000, height: 2000 },
      { width: 1000, height: 1000 },
    );
    const near = (x: number) => isNear({ x, y: 500 }, region, 2, 2);
    // Centres of the plane's pixels lie 2 apart: 14 pixels, then 16.
    expect([near(200 - 7), near(200 - 8)]).toEqual([true, false]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../src/maps/box.js';
import { enlarge, type Interpolation, kernels, planUpsampling, upsampleRow } from '../../src/maps/upsample.js';

/** Every pixel of a map enlarged over a photo that is seen whole, as entries of a colormap. */
const pixelsOf = (rows: number, columns: number, values: readonly number[], field: Box, how: Interpolation) => {
  const map = { rows, columns, data: Float32Array.from(values) };
  const plan = planUpsampling(map, field, field, how);
  const enlarged = enlarge(map, plan);
  return Array.from({ length: plan.rows.length }, (_, row) => {
    const entries = new Uint8Array(plan.columns.length);
    upsampleRow(enlarged, plan, row, entries);
    return [...entries];
  });
};

const CELLS = [0.1, 0.9, 0.3, 0, 0.7, 0.2];
const FIELD = { x: 0, y: 0, width: 24, height: 1 };
const names = Object.keys(kernels) as Interpolation[];

const expectLine = (found: readonly number[], expected: readonly number[]) =>
  // An entry is a whole number of 255ths.
  expected.forEach((value, x) => expect(Math.abs(found[x] - value * 255), `pixel ${x}`).toBeLessThanOrEqual(0.52));

describe('an enlarged map', () => {
  it('has in each pixel the cell that its centre lies in, by nearest', () => {
    expectLine(
      pixelsOf(1, 6, CELLS, FIELD, 'nearest')[0],
      CELLS.flatMap((value) => [value, value, value, value]),
    );
  });

  it("is that of torch's interpolate(align_corners=False), by bilinear", () => {
    const at = (x: number) => Math.min(5, Math.max(0, (x + 0.5) / 4 - 0.5));
    const expected = Array.from({ length: 24 }, (_, x) => {
      const [cell, share] = [Math.floor(at(x)), at(x) % 1];
      return CELLS[cell] * (1 - share) + (CELLS[cell + 1] ?? 0) * share;
    });
    expectLine(pixelsOf(1, 6, CELLS, FIELD, 'bilinear')[0], expected);
  });

  it('is that of Pillow where its border rule has no part, by bicubic', () => {
    // Pillow 13: Image.fromarray(cells, 'F').resize((24, 1), Image.BICUBIC), pixels 6 to 17; -0.0124 is cut to 0.
    const pillow = [0.8899, 0.7644, 0.5646, 0.3702, 0.2413, 0.1216, 0.0261, 0, 0.0479, 0.242, 0.4814, 0.6631];
    expectLine(pixelsOf(1, 6, CELLS, FIELD, 'bicubic')[0].slice(6, 18), pillow);
  });

  it.each(names)('is alike along rows and columns, by %s', (name) => {
    const [line] = pixelsOf(1, 6, CELLS, FIELD, name);
    const column = pixelsOf(6, 1, CELLS, { x: 0, y: 0, width: 1, height: 24 }, name);
    expect(column.map(([entry]) => entry)).toEqual(line);
  });

  it.each(names)('never leaves the values that the map has, by %s', (name) => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const size = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(size, size, fc.array(share, { minLength: 36, maxLength: 36 }), (rows, columns, shares) => {
        const values = shares.slice(0, rows * columns);
        const entries = pixelsOf(rows, columns, values, { x: -0.7, y: 0.4, width: 31, height: 23 }, name).flat();
        expect(Math.min(...entries)).toBeGreaterThanOrEqual(Math.min(...values) * 255 - 0.51);
        expect(Math.max(...entries)).toBeLessThanOrEqual(Math.max(...values) * 255 + 0.51);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

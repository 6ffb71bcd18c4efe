import { describe, expect, it } from 'vitest';
import type { Size } from '../../src/maps/box.js';
import { outlineOf } from '../../src/truth/outline.js';
import { fillPolygon } from '../../src/truth/polygon.js';
import { noise } from '../helpers/networks.js';

/** A mask of rows, "x" inside. */
const drawn = (...rows: readonly string[]) => {
  const size = { width: rows[0].length, height: rows.length };
  return outlineOf(
    Uint8Array.from(rows.join(''), (sign) => (sign === 'x' ? 1 : 0)),
    size,
  );
};

/** The mask that lines enclose. */
const filled = (lines: readonly (readonly number[])[], size: Size): Uint8Array => {
  const mask = new Uint8Array(size.width * size.height);
  for (const line of lines) {
    const one = new Uint8Array(mask.length);
    fillPolygon(line, size, one);
    for (const [at, value] of one.entries()) mask[at] ^= value;
  }
  return mask;
};

describe('the outline of a mask', () => {
  it('goes along the edges of its pixels', () => {
    expect(drawn('....', '.xx.', '.x..')).toEqual([[3, 1, 3, 2, 2, 2, 2, 3, 1, 3, 1, 1]]);
    expect(drawn('x')).toEqual([[1, 0, 1, 1, 0, 1, 0, 0]]);
  });

  it('goes around holes, and around each of parts that touch at a corner alone', () => {
    const ring = drawn('xxx', 'x.x', 'xxx');
    expect(ring).toHaveLength(2);
    expect(filled(ring, { width: 3, height: 3 })).toEqual(Uint8Array.of(1, 1, 1, 1, 0, 1, 1, 1, 1));
    expect(drawn('x.', '.x')).toHaveLength(2);
  });

  it('is none of an empty mask', () => {
    expect(drawn('..', '..')).toEqual([]);
  });

  it('encloses all but a hundredth of a large mask, in few numbers', () => {
    const size = { width: 1200, height: 900 };
    const corners = Array.from({ length: 400 }, (_, i) => {
      const [angle, radius] = [(i / 400) * 2 * Math.PI, 300 + 90 * Math.sin(i / 20)];
      return [600 + radius * Math.cos(angle), 450 + radius * Math.sin(angle)];
    }).flat();
    const mask = new Uint8Array(size.width * size.height);
    fillPolygon(corners, size, mask);
    const outline = outlineOf(mask, size);
    expect(outline.flat().length).toBeLessThan(300);
    const again = filled(outline, size);
    const differ = mask.filter((value, at) => value !== again[at]).length;
    expect(differ).toBeLessThan(mask.filter((value) => value === 1).length / 50);
  });

  it('stays as small where a hostile mask is noise', () => {
    const mask = Uint8Array.from(noise(400 * 400, 1), (value) => (value > 0 ? 1 : 0));
    const outline = outlineOf(mask, { width: 400, height: 400 });
    expect(outline.length).toBeGreaterThan(0);
    expect(outline.flat().length).toBeLessThanOrEqual(1000);
  });
});

import { describe, expect, it } from 'vitest';
import { resample, resamples } from '../../../src/image/resample/index.js';
import { noisePhoto } from '../../helpers/pictures.js';

const photo = noisePhoto(61, 43);
const part = { x: 5, y: 9, width: 48, height: 30 };
const sizes = [
  { width: 24, height: 15 },
  { width: 48, height: 30 },
  { width: 90, height: 19 },
  { width: 31, height: 77 },
  { width: 12, height: 10 },
];

describe.each(resamples)('%s', (name) => {
  it('gives the same numbers for some columns and rows alone, of a part that is cut out', () => {
    for (const to of sizes) {
      const columns = { start: 3, length: to.width - 5 };
      const rows = { start: 2, length: to.height - 6 };
      const all = resample(photo, name, to, { part, cutFirst: true });
      const some = resample(photo, name, to, { part, cutFirst: true, columns, rows });
      expect([some.width, some.height]).toEqual([columns.length, rows.length]);
      for (let y = 0; y < rows.length; y++) {
        const from = ((rows.start + y) * to.width + columns.start) * 3;
        const own = [y * columns.length * 3, (y + 1) * columns.length * 3] as const;
        for (const key of ['data', 'exact'] as const) {
          const expected = all[key]?.subarray(from, from + columns.length * 3);
          expect(some[key]?.subarray(...own), `${key} of ${to.width} x ${to.height}`).toEqual(expected);
        }
      }
    }
  });

  it('gives a picture of its own, also where nothing is resized', () => {
    const before = photo.data.slice();
    const { data } = resample(photo, name, { width: 61, height: 43 });
    expect(data).toEqual(before);
    data.fill(0);
    expect(photo.data).toEqual(before);
  });

  it('keeps a picture of one colour', () => {
    const plain = { width: 7, height: 5, data: Uint8Array.from({ length: 105 }, (_, i) => [255, 0, 77][i % 3]) };
    for (const to of sizes) {
      const { data } = resample(plain, name, to);
      expect(data.every((value, i) => value === [255, 0, 77][i % 3])).toBe(true);
    }
  });
});

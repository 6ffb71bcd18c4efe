import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ColormapName, colormaps } from '../../src/render/colormaps/index.js';
import type { Color } from '../helpers/pictures.js';

const ENTRIES = [0, 32, 64, 97, 128, 200, 255];

// matplotlib 3.11: `matplotlib.colormaps[name](entries)[:, :3] * 255`, to one digit.
const matplotlib: Readonly<Record<ColormapName, readonly Color[]>> = {
  turbo: [
    [48.4, 18.3, 59.2],
    [70.5, 107.4, 227.3],
    [40.4, 187.6, 235.4],
    [53.2, 243, 148.4],
    [164.1, 252.4, 59.6],
    [244.3, 101.9, 22.5],
    [122.3, 4, 2.7],
  ],
  jet: [
    [0, 0, 127.5],
    [0, 0.5, 255],
    [0, 128.5, 255],
    [25, 255, 221.8],
    [125, 255, 121.8],
    [255, 118.7, 0],
    [127.5, 0, 0],
  ],
  viridis: [
    [68.1, 1.2, 84],
    [71.1, 44.7, 123.3],
    [58.6, 82.2, 139.2],
    [43.6, 115.4, 142.3],
    [32.5, 144.6, 140.4],
    [112.2, 206.8, 86.9],
    [253.3, 231.1, 36.7],
  ],
  inferno: [
    [0.4, 0.1, 3.5],
    [33, 12.1, 74.2],
    [87.1, 15.9, 109.5],
    [139.5, 34.9, 105.4],
    [187.6, 55.1, 84.2],
    [251.4, 157, 6.5],
    [252, 254.6, 164.5],
  ],
  magma: [
    [0.4, 0.1, 3.5],
    [28.8, 16.7, 70.6],
    [80.7, 18.3, 123.8],
    [132.4, 38.3, 129.4],
    [182.7, 54.8, 121.2],
    [253.2, 151.7, 104.6],
    [251.7, 252.8, 191.1],
  ],
  plasma: [
    [12.8, 7.6, 134.6],
    [76.5, 2.4, 161.1],
    [126.2, 3.1, 167.8],
    [170.8, 36.5, 148.4],
    [203.5, 71.5, 119.7],
    [251, 160.6, 57.3],
    [239.7, 248.7, 33.5],
  ],
  gray: [
    [0, 0, 0],
    [32, 32, 32],
    [64, 64, 64],
    [97, 97, 97],
    [128, 128, 128],
    [200, 200, 200],
    [255, 255, 255],
  ],
  coolwarm: [
    [58.6, 76.2, 192.2],
    [97.8, 130.1, 234],
    [141.3, 176, 253.9],
    [185.9, 208.5, 248.2],
    [221.2, 220.4, 220],
    [240.1, 139.3, 109.6],
    [179.9, 4, 38.3],
  ],
};

describe.each(Object.keys(colormaps) as ColormapName[])('%s', (name) => {
  const table = colormaps[name].table();

  it("has matplotlib's colours in 256 entries", () => {
    expect(table).toHaveLength(256 * 3);
    ENTRIES.forEach((entry, i) => {
      const color = table.slice(entry * 3, entry * 3 + 3);
      // Rounded to 8 bits, or cut off; coolwarm's 33 stops are in 8 bits too.
      color.forEach((level, channel) =>
        expect(Math.abs(level - matplotlib[name][i][channel]), `entry ${entry}`).toBeLessThanOrEqual(1),
      );
    });
  });
});

it("jet is matplotlib's to the bit", () => {
  // sha256 of `matplotlib.colormaps['jet'](range(256), bytes=True)[:, :3]`.
  expect(createHash('sha256').update(colormaps.jet.table()).digest('hex')).toBe(
    'c1b7b97444ebebfc30a590ce3eada7cffefb868960c6c39fd4ed1ff7a40712e9',
  );
});

it('coolwarm alone is diverging, and has gray in its middle', () => {
  expect(Object.entries(colormaps).filter(([, { diverging }]) => diverging)).toHaveLength(1);
  expect(colormaps.coolwarm.diverging).toBe(true);
  const [red, green, blue] = colormaps.coolwarm.table().slice(127 * 3, 128 * 3);
  expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThanOrEqual(2);
});

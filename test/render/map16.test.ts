import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Extent } from '../../src/localise/plane.js';
import { atMost, map16, type Range16, wholeRange } from '../../src/render/map16.js';
import { fixture } from '../helpers/folders.js';

const expected = JSON.parse(readFileSync(fixture('whole-photo', 'expected.json'), 'utf8'));
const { width, height, grid, map: cells, values } = expected;
const [x, y, fieldWidth, fieldHeight] = expected.field;
const seen = { x, y, width: fieldWidth, height: fieldHeight };
const extent: Extent = { photo: { width, height }, field: seen, seen };
const map = { class: 282, grid, map: cells };
const whole = wholeRange({ min: Math.min(...cells), max: Math.max(...cells) });

const numbersOf = async (bytes: Uint8Array): Promise<Uint16Array> => {
  const { data } = await sharp(bytes)
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
};

const drawn = async ([low, high]: Range16, size = { width, height }): Promise<readonly number[]> => {
  const numbers = await numbersOf(await map16(map, extent, size, [low, high]));
  return Array.from(numbers, (number) => low + (number / 65535) * (high - low));
};

describe('a map as a 16-bit picture', () => {
  it("has OpenCV's values of the enlarged map where the network looked, and 0 logits elsewhere", async () => {
    const step = (whole[1] - whole[0]) / 65535;
    // Half a step is lost in rounding, and the fixture has five decimals. OpenCV computes in float32.
    const lost = step / 2 + 1e-5;
    const found = await drawn(whole);
    expect(found).toHaveLength(values.length);
    found.forEach((value, i) => {
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(lost);
    });
  });

  it('cuts what lies beyond its range', async () => {
    const found = await drawn([0, 2]);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(Math.min(2, Math.max(0, values[i])), 3);
    });
  });

  it('says in itself what its numbers are', async () => {
    const { comments, depth, channels, space, ...size } = await sharp(
      await map16(map, extent, { width, height }, whole),
    ).metadata();
    expect(comments).toEqual([
      { keyword: 'gapcam:range', text: `${whole[0]} ${whole[1]}` },
      { keyword: 'gapcam:class', text: '282' },
    ]);
    expect([depth, channels, space, size.width, size.height]).toEqual(['ushort', 1, 'grey16', width, height]);
  });

  it('is 0 throughout where all of the map is', async () => {
    const flat = { class: 0, grid: [1, 1] as const, map: [0] };
    const numbers = await numbersOf(await map16(flat, extent, { width, height }, [0, 0]));
    expect(new Set(numbers)).toEqual(new Set([0]));
  });

  it.each([
    [
      { width: 128, height: 1 },
      { width: 128, height: 1 },
    ],
    [
      { width: 4000, height: 3000 },
      { width: 128, height: 96 },
    ],
    [
      { width: 100_000, height: 3 },
      { width: 128, height: 1 },
    ],
  ])('is of a small size with the shape of the photo: %j becomes %j', (photo, size) => {
    expect(atMost(photo, 128)).toEqual(size);
  });
});

describe('a line that nobody wrote for a photo', () => {
  const size = { width, height };

  it.each([
    [
      'a seen region as large as the sky takes no memory',
      { ...extent, seen: { x: -1e9, y: -1e9, width: 2e9, height: 2e9 } },
    ],
    ['a field of no width ends', { ...extent, field: { x: 0, y: 0, width: 1e-300, height: 1e-300 } }],
    ['a seen region beside the photo shows nothing', { ...extent, seen: { x: 1e6, y: 0, width: 10, height: 10 } }],
  ])('%s', async (_, hostile) => {
    expect(await numbersOf(await map16(map, hostile, size, whole))).toHaveLength(width * height);
  });
});

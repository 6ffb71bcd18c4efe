import { describe, expect, it } from 'vitest';
import type { BoxedMap } from '../../src/localise/boxes.js';
import { drawBoxes } from '../../src/render/boxes.js';
import { hasFont } from '../helpers/fonts.js';
import { paint } from '../helpers/pictures.js';

const mapWith = (...boxes: NonNullable<BoxedMap['boxes']>): BoxedMap => ({
  ...{ class: 3, label: 'tiger cat, cat', logit: 5, score: 0.5, bias: 0, mean: 5, min: 0, max: 9, residual: 0 },
  ...{ kind: 'exact', held: [], verdict: 'ok', grid: [1, 1], map: [5], range: [0, 9] },
  boxes,
});

const drawnOn = async (color: readonly [number, number, number], map: BoxedMap, signed = false) => {
  const canvas = paint(200, 100, color);
  await drawBoxes(canvas, map, signed);
  return (x: number, y: number) => [...canvas.data.subarray((y * 200 + x) * 3, (y * 200 + x) * 3 + 3)];
};

const [BLACK, WHITE, RED] = [
  [0, 0, 0],
  [255, 255, 255],
  [255, 0, 0],
] as const;

describe('a drawn box', () => {
  it.each([[BLACK], [WHITE], [RED]])('is a white line between black ones on %j, along its edges', async (ground) => {
    const at = await drawnOn(ground, mapWith({ box: [40.4, 20.4, 100, 60], evidence: 4, share: 0.8 }));
    // Rounded to 40 to 140 and 20 to 80.
    expect([39, 40, 41, 42, 43].map((x) => at(x, 50))).toEqual([ground, BLACK, WHITE, BLACK, ground]);
    expect([140, 139, 138, 137, 136].map((x) => at(x, 50))).toEqual([ground, BLACK, WHITE, BLACK, ground]);
    expect([19, 20, 21, 22, 23].map((y) => at(100, y))).toEqual([ground, BLACK, WHITE, BLACK, ground]);
    expect([80, 79, 78, 77, 76].map((y) => at(100, y))).toEqual([ground, BLACK, WHITE, BLACK, ground]);
  });

  it('stays in the picture at its edges, and where it is a single pixel', async () => {
    const at = await drawnOn(
      RED,
      mapWith({ box: [0, 0, 200, 100], evidence: 4, share: 1 }, { box: [199, 99, 1, 1], evidence: 0, share: 0 }),
    );
    expect([at(0, 50), at(1, 50), at(199, 50), at(198, 50), at(100, 0), at(100, 99)]).toEqual([
      BLACK,
      WHITE,
      BLACK,
      WHITE,
      BLACK,
      BLACK,
    ]);
  });

  it('is none where the map has none', async () => {
    const at = await drawnOn(RED, mapWith());
    expect(at(100, 50)).toEqual(RED);
  });

  it.skipIf(!hasFont)('has a sign above it with class and share, where it is asked for', async () => {
    const map = mapWith({ box: [20, 40, 170, 50], evidence: 4, share: 0.8 });
    const [plain, signed] = [await drawnOn(RED, map), await drawnOn(RED, map, true)];
    expect(plain(22, 38)).toEqual(RED);
    expect(signed(22, 39)).toEqual(BLACK);
    const row = (at: typeof plain) => Array.from({ length: 90 }, (_, i) => at(21 + i, 33)[1]);
    expect(Math.max(...row(signed))).toBeGreaterThan(150);
    expect(Math.max(...row(plain))).toBe(0);
  });
});

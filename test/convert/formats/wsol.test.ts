import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreMap, wsol } from '../../../src/convert/formats/wsol.js';
import { extentOf } from '../../../src/localise/plane.js';
import type { PhotoLine } from '../../../src/results/line.js';
import { converted, runOfLines } from '../../helpers/converted.js';
import { fixture } from '../../helpers/folders.js';
import { readNpy } from '../../helpers/npy.js';
import { lineOf } from '../../helpers/reports.js';
import { filesBelow } from '../../helpers/runs.js';

const SIDE = 224;

type Corners = readonly number[];

interface Case {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly grid: readonly [number, number];
  readonly map: readonly number[];
  readonly wsol: Readonly<Record<'largest' | 'all', Readonly<Record<string, readonly Corners[]>>>>;
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(fixture('evaluation', 'localisation.json'), 'utf8'),
);

/** A line of a photo that was squeezed into the network's input. */
const lineFor = ({ id, width, height, grid, map }: Omit<Case, 'wsol'>, extra: Partial<PhotoLine> = {}): PhotoLine => {
  const line = lineOf({ photo: `val/${id}.JPEG`, cells: [map] }, ['cat']);
  const maps = line.maps.map((record) => ({ ...record, grid }));
  const whole = [0, 0, width, height] as const;
  return { ...line, width, height, seen: whole, field: whole, maps, ...extra };
};

const scoresOf = async (line: PhotoLine): Promise<readonly number[]> => {
  const folder = await converted(
    runOfLines(() => [line], ['cat']),
    wsol,
  );
  const { type, shape, values } = readNpy(readFileSync(join(folder, 'scoremaps', `${line.photo}.npy`)));
  // wsolevaluation refuses any other: util.py, check_scoremap_validity.
  expect([type, shape]).toEqual(['<f8', [SIDE, SIDE]]);
  return values;
};

/** Parts of the pixels that are wanted, each with its corners as OpenCV's boundingRect, its right and bottom edge past it. */
const partsOf = (isWanted: (at: number) => boolean, neighbours: readonly (readonly [number, number])[]) => {
  const met = new Uint8Array(SIDE * SIDE);
  const parts: { readonly corners: Corners; readonly isAtBorder: boolean }[] = [];
  for (let first = 0; first < met.length; first++) {
    if (met[first] === 1 || !isWanted(first)) continue;
    let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
    met[first] = 1;
    for (const open = [first]; open.length > 0; ) {
      const at = open.pop() as number;
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
      for (const [dx, dy] of neighbours) {
        const next = at + dy * SIDE + dx;
        const isInside = x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE;
        if (isInside && met[next] === 0 && isWanted(next)) {
          met[next] = 1;
          open.push(next);
        }
      }
    }
    parts.push({
      corners: [left, top, Math.min(SIDE - 1, right + 1), Math.min(SIDE - 1, bottom + 1)],
      isAtBorder: left === 0 || top === 0 || right === SIDE - 1 || bottom === SIDE - 1,
    });
  }
  return parts;
};

const four = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const;
const eight = [...four, [1, 1], [1, -1], [-1, 1], [-1, -1]] as const;

/** Whether a part at the border of the picture is one of a hole: none is. */
const boxesAt = (scores: readonly number[], threshold: number) => {
  const levels = scores.map((score) => Math.trunc(score * 255));
  const least = Math.trunc(threshold * levels.reduce((most, level) => Math.max(most, level)));
  const isKept = (at: number) => levels[at] > least;
  const holes = partsOf((at) => !isKept(at), four).filter(({ isAtBorder }) => !isAtBorder);
  return { parts: partsOf(isKept, eight).map(({ corners }) => corners), holes: holes.length };
};

const sorted = (boxes: readonly Corners[]): readonly string[] => boxes.map((box) => box.join(' ')).sort();

describe("score maps, cut as wsolevaluation's evaluator does it", () => {
  it.each(cases)('have the boxes of its own: $id', async (given) => {
    const scores = await scoresOf(lineFor(given));
    for (const [threshold, all] of Object.entries(given.wsol.all)) {
      const { parts, holes } = boxesAt(scores, Number(threshold));
      // It gives a box for the contour of each hole, too.
      expect(parts.length + holes).toBe(all.length);
      expect(sorted(all)).toEqual(expect.arrayContaining(sorted(parts) as string[]));
      const [largest] = given.wsol.largest[threshold];
      expect(sorted(parts)).toContain(largest.join(' '));
    }
  });
});

describe('score maps', () => {
  const [given] = cases;

  it('reach from 0 to 1, and are 0 where the network did not look', async () => {
    const box = [160, 0, 320, 480] as const;
    const scores = await scoresOf(lineFor(given, { field: box, seen: box }));
    expect([Math.min(...scores), Math.max(...scores)]).toEqual([0, 1]);
    // A quarter of the 640 columns on each side.
    const isSeen = (at: number) => at % SIDE >= SIDE / 4 && at % SIDE < (SIDE * 3) / 4;
    expect(scores.filter((score, at) => !isSeen(at) && score !== 0)).toEqual([]);
    expect(scores.filter((score, at) => isSeen(at) && score === 0)).toHaveLength(1);
  });

  it('are 0 where all cells are equal', async () => {
    const scores = await scoresOf(lineFor({ ...given, grid: [2, 2], map: [3.1, 3.1, 3.1, 3.1] }));
    expect(new Set(scores)).toEqual(new Set([0]));
  });

  it('lie in the pixels of the file, as the evaluator reads it, and upright where that is asked for', async () => {
    // Bright at the top left; the file holds it turned by a quarter against the clock.
    const line = lineFor({ ...given, grid: [2, 2], map: [4, 0, 0, 0] }, { orientation: 6 });
    const brightest = (values: readonly number[]) => [values.indexOf(1) % SIDE, Math.floor(values.indexOf(1) / SIDE)];
    const [column, row] = brightest(await scoresOf(line));
    const run = runOfLines(() => [line], ['cat']);
    const folder = await converted(run, wsol, { pixels: 'upright' });
    const { values } = readNpy(readFileSync(join(folder, 'scoremaps', `${line.photo}.npy`)));
    const [x, y] = brightest(values);
    expect(Math.max(x, y)).toBeLessThan(SIDE / 2);
    expect([column, row]).toEqual([y, SIDE - 1 - x]);
  });

  it('cannot be had of cells that have no places', async () => {
    const run = runOfLines(() => [lineFor(given)], ['cat'], { head: { layout: 'row' } });
    await expect(converted(run, wsol)).rejects.toMatchObject({ code: 'no-places' });
  });

  it('of a photo whose name leads out of the folder are not written', async () => {
    const run = runOfLines(() => [{ ...lineFor(given), photo: '../../outside.jpg' }], ['cat']);
    await expect(converted(run, wsol)).rejects.toMatchObject({ code: 'unfit-name' });
  });

  it('are called as the image ids, with the ending of the photo', async () => {
    const folder = await converted(
      runOfLines(() => [lineFor(given)], ['cat']),
      wsol,
    );
    expect(filesBelow(folder)).toEqual(['scoremaps/val/case000.JPEG.npy']);
  });
});

it('a map with NaN has scores of 0 alone, as in wsolevaluation', () => {
  const line = lineFor({ ...cases[0], grid: [2, 2], map: [1, Number.NaN, 2, 3] });
  const [map] = line.maps;
  expect(scoreMap(map, extentOf(line), 1, 'stored').every((score) => score === 0)).toBe(true);
  const whole = scoreMap({ ...map, map: [1, 0, 2, 3] }, extentOf(line), 1, 'stored');
  expect([Math.min(...whole.slice(0, 9)) >= 0, whole.includes(1)]).toEqual([true, true]);
});

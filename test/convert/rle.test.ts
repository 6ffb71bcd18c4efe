import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runLengths } from '../../src/convert/rle.js';
import { fixture } from '../helpers/folders.js';

interface Mask {
  readonly size: readonly [height: number, width: number];
  readonly rows: readonly number[];
  readonly counts: string;
}

const masks: readonly Mask[] = JSON.parse(readFileSync(fixture('convert', 'masks.json'), 'utf8'));

/** The pixels inside as rectangles of one row each. */
const rectanglesOf = ({ size: [, width], rows }: Mask) => {
  const pixels = rows.flatMap((length, i) => Array<boolean>(length).fill(i % 2 === 1));
  return pixels.flatMap((inside, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (!inside || (x > 0 && pixels[i - 1])) return [];
    let end = i + 1;
    while (end % width !== 0 && pixels[end]) end++;
    return [{ x, y, width: end - i, height: 1 }];
  });
};

it.each(masks.map((mask, i) => [i + 1, mask] as const))('mask %i is written as by pycocotools', (_, mask) => {
  const [height, width] = mask.size;
  const rectangles = rectanglesOf(mask);
  expect(runLengths(rectangles, { width, height })).toBe(mask.counts);
  // Rectangles of several rows and columns, in any order, are the same mask.
  const columns = rectangles.flatMap(({ x, y, width: wide }) =>
    Array.from({ length: wide }, (_, i) => ({ x: x + i, y, width: 1, height: 1 })),
  );
  expect(runLengths(columns.reverse(), { width, height })).toBe(mask.counts);
});

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

it.each(masks.map((mask, i) => [i + 1, mask] as const))('mask %i is written as by pycocotools', (_, mask) => {
  const [height, width] = mask.size;
  const pixels = Uint8Array.from(mask.rows.flatMap((length, i) => Array<number>(length).fill((i % 2) * 255)));
  expect(pixels).toHaveLength(width * height);
  expect(runLengths(pixels, { width, height })).toBe(mask.counts);
});

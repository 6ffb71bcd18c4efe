import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/image/decode.js';
import { resample } from '../../../src/image/resample/index.js';
import { fixture } from '../../helpers/folders.js';

interface Case {
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  /** Every so many of the values are kept. */
  readonly every: number;
  readonly values: readonly number[];
}

const { cases }: { cases: Case[] } = JSON.parse(readFileSync(fixture('resample', 'tensorflow.json'), 'utf8'));

describe('tf-bilinear', () => {
  it.each(cases)("gives tf.image.resize's floats of $photo, and rounds them for the eye alone", async (row) => {
    const photo = await decode(readFileSync(fixture('conventions', 'photos', `${row.photo}.png`)));
    const { exact = new Float32Array(), data } = resample(photo, 'tf-bilinear', row);
    expect(exact).toHaveLength(row.width * row.height * 3);
    row.values.forEach((value, i) => {
      expect(Math.abs(exact[i * row.every] - value)).toBeLessThan(1e-3);
    });
    expect(data).toEqual(Uint8Array.from(exact, Math.round));
    expect(exact.some((value) => !Number.isInteger(value))).toBe(true);
  });

  it('mixes pixels by where their centres lie, and repeats the border', () => {
    const row = { width: 2, height: 1, data: Uint8Array.from([0, 0, 0, 100, 100, 100]) };
    const { exact } = resample(row, 'tf-bilinear', { width: 4, height: 1 });
    expect(Array.from(exact ?? []).filter((_, i) => i % 3 === 0)).toEqual([0, 25, 75, 100]);
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/image/decode.js';
import { type Resample, resample, resamples, toGray } from '../../../src/image/resample/index.js';
import { fixture } from '../../helpers/folders.js';
import { noisePhoto } from '../../helpers/pictures.js';

interface Case {
  readonly photo?: string;
  readonly noise?: readonly [number, number];
  readonly rule: Resample;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

// Made with cv2: fixtures/resample/make_opencv.py.
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(fixture('resample', 'opencv.json'), 'utf8'));

const pictureOf = async ({ photo, noise }: Case) =>
  noise === undefined
    ? decode(readFileSync(fixture('conventions', 'photos', `${photo}.png`)))
    : noisePhoto(noise[0], noise[1]);

describe("OpenCV's bytes", () => {
  it.each(cases.map((row) => ({ ...row, from: row.photo ?? `noise of ${row.noise?.join(' x ')}` })))(
    '$rule of $from to $width x $height',
    async ({ from: _, ...row }) => {
      const { data } = resample(await pictureOf(row), row.rule, { width: row.width, height: row.height });
      expect(createHash('sha256').update(data).digest('hex')).toBe(row.sha256);
    },
  );

  it('are known of every rule', () => {
    expect(new Set(cases.map(({ rule }) => rule))).toEqual(new Set(resamples.filter((name) => /^opencv/.test(name))));
  });

  it('of gray are those of COLOR_RGB2GRAY, where Pillow rounds otherwise', () => {
    // cv2.cvtColor and Pillow's convert('L') of the same three colours.
    const colors = { width: 3, height: 1, data: Uint8Array.from([208, 73, 4, 150, 35, 229, 255, 255, 255]) };
    const levels = (name: Resample) => [0, 3, 6].map((at) => toGray(colors, name).data[at]);
    expect({ opencv: levels('opencv-area'), pillow: levels('box') }).toEqual({
      opencv: [106, 91, 255],
      pillow: [105, 92, 255],
    });
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/image/decode.js';
import { pillowResamples, type Resample, resample } from '../../../src/image/resample/index.js';
import { fixture } from '../../helpers/folders.js';

interface Case {
  readonly photo: string;
  readonly filter: Resample;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

// Made with Pillow: fixtures/resample/make.py.
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(fixture('resample', 'expected.json'), 'utf8'));

describe.each(pillowResamples)("%s gives Pillow's bytes", (name) => {
  it.each(cases.filter(({ filter }) => filter === name))(
    '$photo to $width x $height',
    async ({ photo, width, height, sha256 }) => {
      const source = await decode(readFileSync(fixture('conventions', 'photos', `${photo}.png`)));
      const { data } = resample(source, name, { width, height });
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
    },
  );

  it('gives the same bytes for a part of the result alone', async () => {
    const source = await decode(readFileSync(fixture('conventions', 'photos', 'portrait.png')));
    const size = { width: 60, height: 90 };
    const whole = resample(source, name, size);
    const part = resample(source, name, size, { columns: { start: 7, length: 20 }, rows: { start: 11, length: 30 } });
    for (let y = 0; y < 30; y++) {
      const from = ((11 + y) * 60 + 7) * 3;
      expect(Buffer.compare(part.data.subarray(y * 60, (y + 1) * 60), whole.data.subarray(from, from + 60))).toBe(0);
    }
  });
});

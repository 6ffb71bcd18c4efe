import { describe, expect, it } from 'vitest';
import { sampleWords } from '../../src/options/sample.js';
import { isInSample, sampleBelow } from '../../src/run/sample.js';
import { isInShard } from '../../src/run/shard.js';
import type { Discovery } from '../../src/run/sources/source.js';

const names = Array.from({ length: 10_000 }, (_, i) => `photos/${i}.jpg`);
const { signal } = new AbortController();

const listing = (photos: readonly (string | Partial<Discovery>)[], repeatable = true) => ({
  repeatable,
  list: () =>
    photos.map((one) => ({
      photo: '',
      address: '',
      displayPath: '',
      ...(typeof one === 'string' ? { photo: one } : one),
    })),
});

/** The photos of a list that are in a sample of it, sorted. */
const sampleOf = async (words: string | undefined, photos: readonly string[] = names) => {
  const below = await sampleBelow(words, listing(photos), signal);
  return photos.filter((photo) => isInSample(photo, below ?? 0)).sort();
};

describe('a sample', () => {
  it.each([1, 2, 500, 9_999, 10_000])('of %i photos has so many, whatever the order of the photos', async (count) => {
    const sample = await sampleOf(String(count));
    expect(sample).toHaveLength(count);
    expect(await sampleOf(String(count), [...names].reverse())).toEqual(sample);
  });

  it('of more photos than there are, or of none named, is all of them', async () => {
    expect(await sampleOf('10001')).toHaveLength(10_000);
    expect(await sampleOf(undefined)).toHaveLength(10_000);
    expect(await sampleOf('100%')).toHaveLength(10_000);
    expect(await sampleOf('3', [])).toEqual([]);
  });

  it('of a share has about so many, without a list', async () => {
    const below = await sampleBelow('1%', { repeatable: false, list: () => [] }, signal);
    const count = names.filter((photo) => isInSample(photo, below ?? 0)).length;
    // The standard deviation is 10; six of them are met once in 500 million lists.
    expect(Math.abs(count - 100)).toBeLessThan(60);
  });

  it('is part of each larger one, and stays what it is where other photos are added, but for those among them', async () => {
    const [small, large] = [await sampleOf('100'), await sampleOf('5%')];
    expect(small.every((photo) => large.includes(photo))).toBe(true);
    const later = await sampleOf('5%', [...names, 'new.jpg']);
    expect(later.filter((photo) => photo !== 'new.jpg')).toEqual(large);
  });

  it('is spread over the shards of a run', async () => {
    const sample = await sampleOf('1600');
    for (const index of [1, 2, 3, 4]) {
      const count = sample.filter((photo) => isInShard(photo, { index, count: 4 })).length;
      // The standard deviation is 17.
      expect(Math.abs(count - 400)).toBeLessThan(6 * 17);
    }
  });

  it('is the same on every machine and in every version', () => {
    // printf '%s' cat.jpg | sha256sum: digits 17 to 28, as a number.
    const hash = 0x8b213df3dba8;
    expect([isInSample('cat.jpg', hash), isInSample('cat.jpg', hash + 1)]).toEqual([false, true]);
  });

  it('counts a photo once that is listed twice, and neither what is no photo nor what lies in the output', async () => {
    const problem = { code: 'unread-format', message: 'It is a HEIC.' } as const;
    const noise = names.slice(0, 5000).map((photo) => ({ photo: `x${photo}`, problem }));
    const pictures = names.slice(0, 5000).map((photo) => ({ photo: `y${photo}`, inOutput: photo }));
    let listed = 0;
    const all = listing([...names, ...noise, ...names, ...pictures]);
    const below = await sampleBelow('50', all, signal, () => listed++);
    expect(listed).toBe(names.length * 2 + noise.length + pictures.length);
    expect(names.filter((photo) => isInSample(photo, below ?? 0))).toHaveLength(50);
  });

  it('of so many photos is refused where the photos can be listed once only', async () => {
    await expect(sampleBelow('50', listing(names, false), signal)).rejects.toThrow(
      'Standard input is read once, so its photos are not counted first; give --measure-sample as a share, such as 1%.',
    );
  });

  it('is given up where the person interrupts', async () => {
    expect(await sampleBelow('50', listing(names), AbortSignal.abort())).toBeUndefined();
  });
});

describe('the words of a sample', () => {
  it.each(['1', '500', '1000000', '1%', '0.001%', '100%', '33.5%'])('%s', (words) => {
    expect(sampleWords.check('measure-sample', words)).toBe(words);
  });

  it.each(['0', '1000001', '0%', '100.1%', '-5', '1.5', '5 %', 'many', '', '%', '1e3'])('are not %j', (words) => {
    expect(() => sampleWords.check('measure-sample', words)).toThrow(/^Expected a number of photos up to 1000000/);
  });
});

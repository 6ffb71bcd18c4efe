import { describe, expect, it } from 'vitest';
import { SAMPLES, weigh } from '../../../src/evaluate/statistics/weights.js';

const weightsOf = (photo: string): Uint8Array => {
  const weights = new Uint8Array(SAMPLES);
  weigh(photo, weights);
  return weights;
};

const mean = (values: Iterable<number>): number => {
  const list = [...values];
  return list.reduce((sum, value) => sum + value, 0) / list.length;
};

describe('how often samples have a photo', () => {
  it('depends on its name alone', () => {
    expect(weightsOf('a/b.jpg')).toEqual(weightsOf('a/b.jpg'));
    expect(weightsOf('a/b.jpg')).not.toEqual(weightsOf('a/c.jpg'));
  });

  it('is once in the mean, with the spread of a Poisson variable, over samples and over photos', () => {
    const all = Array.from({ length: 400 }, (_, i) =>
      weightsOf(`val/ILSVRC2012_val_${String(i).padStart(8, '0')}.JPEG`),
    );
    const flat = all.flatMap((weights) => [...weights]);
    expect(Math.abs(mean(flat) - 1)).toBeLessThan(0.01);
    expect(Math.abs(mean(flat.map((weight) => (weight - 1) ** 2)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(flat.map((weight) => Number(weight === 0))) - Math.exp(-1))).toBeLessThan(0.005);
    const ofSample = (i: number) => mean(all.map((weights) => weights[i]));
    // Each is off by 1 / sqrt(400) or so.
    for (const i of [0, 1, 500, SAMPLES - 1]) expect(Math.abs(ofSample(i) - 1)).toBeLessThan(0.25);
  });

  it('is alike for two photos, or two samples, by chance alone', () => {
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      mean(Array.from(a, (value, i) => (value - 1) * (b[i] - 1)));
    expect(Math.abs(product(weightsOf('a.jpg'), weightsOf('b.jpg')))).toBeLessThan(0.13);
    const [one, next] = [weightsOf('a.jpg').subarray(1), weightsOf('a.jpg').subarray(0, SAMPLES - 1)];
    expect(Math.abs(product(one, next))).toBeLessThan(0.13);
  });
});

import { describe, expect, it } from 'vitest';
import { arrayPool } from '../../src/image/array-pool.js';
import { type TensorSpec, toFeed } from '../../src/image/to-tensor.js';
import { STRIP } from '../../src/wasm/index.js';

const spec: TensorSpec = {
  name: 'input',
  type: 'float32',
  layout: 'nchw',
  channels: 'rgb',
  rescale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

const channels = { rgb: [0, 1, 2], bgr: [2, 1, 0], gray: [0] } as const;
const layouts = ['nchw', 'nhwc'] as const;
const orders = Object.keys(channels) as (keyof typeof channels)[];
const cases = layouts.flatMap((layout) => orders.map((order) => [layout, order] as const));

// The second has more pixels than fit into the loops' memory at a time, and a last strip that is not full.
const sizes = [
  { width: 5, height: 3 },
  { width: 1031, height: Math.ceil((2.5 * STRIP) / 3 / 1031) },
];

/** All 256 values in turn, in each channel at another place. */
const bytes = (length: number): Uint8Array => new Uint8Array(length).map((_, i) => (i * 7) & 255);

describe('the network’s input', () => {
  it.each(cases)('is (v * rescale - mean) / std of each pixel, as %s %s, however large', (layout, order) => {
    const places = channels[order];
    for (const size of sizes) {
      const picture = { ...size, data: bytes(size.width * size.height * 3) };
      const { data, dims } = toFeed(picture, { ...spec, layout, channels: order });
      const { width, height } = size;
      expect(dims).toEqual(layout === 'nchw' ? [1, places.length, height, width] : [1, height, width, places.length]);
      const area = width * height;
      // Where a pixel's value of a channel lies, and how far it is from one pixel to the next.
      const [ofChannel, ofPixel] = layout === 'nchw' ? [area, 1] : [1, places.length];
      expect(data).toHaveLength(area * places.length);
      let wrong = 0;
      places.forEach((place, channel) => {
        const [mean, std] = [spec.mean[channel], spec.std[channel]];
        for (let pixel = 0; pixel < area; pixel++) {
          const value = picture.data[pixel * 3 + place];
          const expected = Math.fround((value * spec.rescale - mean) / std);
          if (data[channel * ofChannel + pixel * ofPixel] !== expected) wrong++;
        }
      });
      expect(wrong).toBe(0);
    }
  });

  it.each(cases)('of a picture that is not rounded is not either, as %s %s', (layout, order) => {
    const exact = Float32Array.from({ length: 18 }, (_, i) => i * 14.25 + 0.1);
    const picture = { width: 3, height: 2, data: Uint8Array.from(exact, Math.round), exact };
    const plain = { ...spec, layout, channels: order };
    const places = channels[order];
    const of = (pixel: number, channel: number) =>
      layout === 'nchw' ? channel * 6 + pixel : pixel * places.length + channel;
    const { data } = toFeed(picture, plain);
    places.forEach((place, channel) => {
      for (let pixel = 0; pixel < 6; pixel++) {
        const expected = (exact[pixel * 3 + place] / 255 - spec.mean[channel]) / spec.std[channel];
        expect(data[of(pixel, channel)]).toBeCloseTo(expected, 5);
      }
    });
    // A network that takes bytes gets bytes.
    const bytesOnly = toFeed(picture, { ...plain, type: 'uint8', rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
    expect(bytesOnly.data.every(Number.isInteger)).toBe(true);
  });

  it.each(cases)('is exactly 0 around a photo that is padded after normalising, as %s %s', (layout, order) => {
    const zeroOutside = { x: 1, y: 1, width: 2, height: 1 };
    const picture = { width: 4, height: 3, data: new Uint8Array(36).fill(200), zeroOutside };
    const { data } = toFeed(picture, { ...spec, layout, channels: order });
    const count = channels[order].length;
    const isInside = (i: number) => [5, 6].includes(layout === 'nchw' ? i % 12 : Math.floor(i / count));
    expect(Array.from(data, (value) => value !== 0)).toEqual(Array.from(data, (_, i) => isInside(i)));
  });

  it('fills an array that is given back again, and leaves no old number in it', () => {
    const arrays = arrayPool();
    const size = { width: 4, height: 4 };
    const first = toFeed({ ...size, data: bytes(48) }, spec, arrays).data;
    first.fill(Number.NaN);
    arrays.give(first);
    const again = toFeed({ ...size, data: new Uint8Array(48) }, spec, arrays).data;
    expect(again).toBe(first);
    expect(again.every(Number.isFinite)).toBe(true);
  });
});

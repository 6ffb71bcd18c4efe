import type { Box, Size } from '../maps/box.js';
import { areas, loops, put, STRIP, takeInto } from '../wasm/index.js';
import { type ArrayPool, arrayPool } from './array-pool.js';
import type { Rgb } from './decode.js';
import type { ElementType, Feed } from './feed.js';
import type { NetworkPicture } from './network-picture.js';

/** Channels of a picture, in order: three colours, or one of brightness. */
export type Channels = 'rgb' | 'bgr' | 'gray';

/** How a picture's 8-bit values become the network's input tensor. */
export interface TensorSpec {
  readonly name: string;
  readonly type: ElementType;
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: Channels;
  /** A value v becomes (v * rescale - mean) / std. One mean and std per channel, in the network's order. */
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

// For each of the network's channels, its index in an RGB pixel.
export const places: Readonly<Record<Channels, readonly number[]>> = { rgb: [0, 1, 2], bgr: [2, 1, 0], gray: [0] };

export const channelCount = (channels: Channels): number => places[channels].length;

// Number of values of a byte, and bytes of a float32.
const [LEVELS, NUMBER] = [256, 4];

/** The input value for each 8-bit value of each channel, [channels, 256]. */
const tableOf = ({ channels, rescale, mean, std }: TensorSpec): Float32Array =>
  Float32Array.from(
    places[channels].flatMap((_, channel) =>
      Array.from({ length: LEVELS }, (_, value) => (value * rescale - mean[channel]) / std[channel]),
    ),
  );

// Cached: the table is the same for every photo of a model.
const knownTables = new WeakMap<TensorSpec, Float32Array>();

/** Fills a tensor from a picture of bytes, strip by strip; the loop is in `wasm/assembly/tensor.ts`. */
const fillFromBytes = ({ width, height, data }: Rgb, spec: TensorSpec, tensor: Float32Array): void => {
  const { layout, channels } = spec;
  const area = width * height;
  const order = places[channels];
  const count = order.length;
  const table = knownTables.get(spec) ?? tableOf(spec);
  knownTables.set(spec, table);
  const atOnce = Math.min(area, Math.floor(STRIP / 3));
  const [tableAt, pixelsAt, numbersAt] = areas([table.byteLength, atOnce * 3, atOnce * count * NUMBER]);
  // Written for every photo: other loops overwrite this memory.
  put(tableAt, table);
  for (let from = 0; from < area; from += atOnce) {
    const pixels = Math.min(atOnce, area - from);
    put(pixelsAt, data.subarray(from * 3, (from + pixels) * 3));
    // Channels one after the other (planar), or interleaved.
    const [apart, step] = layout === 'nchw' ? [pixels * NUMBER, NUMBER] : [NUMBER, count * NUMBER];
    order.forEach((place, channel) => {
      const at = numbersAt + channel * apart;
      loops().channel(pixelsAt + place, pixels, tableAt + channel * LEVELS * NUMBER, at, step);
      if (layout === 'nchw') takeInto(at, tensor.subarray(channel * area + from, channel * area + from + pixels));
    });
    if (layout === 'nhwc') takeInto(numbersAt, tensor.subarray(from * count, (from + pixels) * count));
  }
};

/** Index in the tensor of a pixel's value of a channel. */
const indexOf = ({ layout, channels }: TensorSpec, area: number) => {
  const [perChannel, perPixel] = layout === 'nchw' ? [area, 1] : [1, channelCount(channels)];
  return (channel: number, pixel: number): number => channel * perChannel + pixel * perPixel;
};

/** Fills a tensor from values that were not rounded to bytes. */
const fillFromNumbers = (exact: Float32Array, spec: TensorSpec, tensor: Float32Array): void => {
  const area = exact.length / 3;
  const at = indexOf(spec, area);
  const { rescale, mean, std } = spec;
  places[spec.channels].forEach((place, channel) => {
    for (let pixel = 0; pixel < area; pixel++) {
      tensor[at(channel, pixel)] = (exact[pixel * 3 + place] * rescale - mean[channel]) / std[channel];
    }
  });
};

const clearOutside = ({ x, y, width, height }: Box, size: Size, spec: TensorSpec, tensor: Float32Array): void => {
  const at = indexOf(spec, size.width * size.height);
  for (let row = 0; row < size.height; row++) {
    const isInRows = row >= y && row < y + height;
    for (let column = 0; column < size.width; column++) {
      if (isInRows && column >= x && column < x + width) continue;
      const pixel = row * size.width + column;
      for (let channel = 0; channel < channelCount(spec.channels); channel++) tensor[at(channel, pixel)] = 0;
    }
  }
};

/**
 * The network's input tensor, [1, channels, height, width] or [1, height, width, channels].
 * @param arrays pool that the tensor's array is taken from.
 */
export const toFeed = (picture: NetworkPicture, spec: TensorSpec, arrays: ArrayPool = arrayPool()): Feed => {
  const { name, type, layout, channels } = spec;
  const { width, height, exact, zeroOutside } = picture;
  const count = channelCount(channels);
  const tensor = arrays.take(width * height * count);
  // A network that takes bytes gets the rounded ones.
  if (exact === undefined || type === 'uint8') fillFromBytes(picture, spec, tensor);
  else fillFromNumbers(exact, spec, tensor);
  if (zeroOutside !== undefined) clearOutside(zeroOutside, picture, spec, tensor);
  const dims = layout === 'nchw' ? [1, count, height, width] : [1, height, width, count];
  return { name, type, layout, dims, data: tensor };
};

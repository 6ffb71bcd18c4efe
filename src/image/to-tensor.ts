import type { Box } from '../maps/box.js';
import { areas, loops, put, STRIP, takeInto } from '../wasm/index.js';
import { type ArrayPool, arrayPool } from './array-pool.js';
import type { Rgb } from './decode.js';
import type { ElementType, Feed } from './feed.js';
import type { Placement } from './geometry.js';
import type { PixelRange } from './resample/passes.js';
import { type Resample, resample } from './resample/resample.js';

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

/** How a photo becomes the picture. */
export interface PictureSpec {
  readonly resample: Resample;
  readonly channels: Channels;
  /** Colour of the padding, 8-bit RGB. */
  readonly fill: readonly [number, number, number];
}

const visible = (offset: number, resized: number, canvas: number): PixelRange => {
  const start = Math.max(0, -offset);
  return { start, length: Math.min(resized, canvas - offset) - start };
};

/** Brightness in all three channels, as Pillow's convert('L'): ITU-R 601-2 in 16-bit fixed point. */
const toGray = ({ width, height, data }: Rgb): Rgb => {
  const gray = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    gray.fill((19595 * data[i] + 38470 * data[i + 1] + 7471 * data[i + 2] + 0x8000) >> 16, i, i + 3);
  }
  return { width, height, data: gray };
};

const cut = (photo: Rgb, { x, y, width, height }: Box): Rgb => {
  if (width === photo.width && height === photo.height) return photo;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * photo.width + x) * 3;
    data.set(photo.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
};

/** The 8-bit picture that the network sees: resized, cropped and padded. Gray where it takes one channel. */
export const networkPicture = (
  photo: Rgb,
  placement: Placement,
  { resample: filter, channels, fill }: PictureSpec,
): Rgb => {
  const { source, cutFirst, resized, canvas, x, y } = placement;
  const columns = visible(x, resized.width, canvas.width);
  const rows = visible(y, resized.height, canvas.height);
  const pixels = channels === 'gray' ? toGray(photo) : photo;
  const picture = cutFirst
    ? resample(cut(pixels, source), filter, resized, columns, rows)
    : resample(pixels, filter, resized, columns, rows, source);
  if (picture.width === canvas.width && picture.height === canvas.height) return picture;
  const data = Uint8Array.from({ length: canvas.width * canvas.height * 3 }, (_, i) => fill[i % 3]);
  for (let row = 0; row < picture.height; row++) {
    const from = row * picture.width * 3;
    const to = ((Math.max(0, y) + row) * canvas.width + Math.max(0, x)) * 3;
    data.set(picture.data.subarray(from, from + picture.width * 3), to);
  }
  return { ...canvas, data };
};

// For each of the network's channels, its index in an RGB pixel.
const places: Readonly<Record<Channels, readonly number[]>> = { rgb: [0, 1, 2], bgr: [2, 1, 0], gray: [0] };

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

/**
 * The network's input tensor, [1, channels, height, width] or [1, height, width, channels]. Computed strip by strip; the
 * loop is in `wasm/assembly/tensor.ts`.
 * @param arrays pool that the tensor's array is taken from.
 */
export const toFeed = ({ width, height, data }: Rgb, spec: TensorSpec, arrays: ArrayPool = arrayPool()): Feed => {
  const { name, type, layout, channels } = spec;
  const area = width * height;
  const order = places[channels];
  const count = order.length;
  const tensor = arrays.take(area * count);
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
  const dims = layout === 'nchw' ? [1, count, height, width] : [1, height, width, count];
  return { name, type, layout, dims, data: tensor };
};

import type { ElementType, Feed } from '../model/session.js';
import type { Rgb } from './decode.js';
import type { Placement } from './geometry.js';
import { type Range, type Resample, resample } from './resample.js';

/** How 8-bit pixels become numbers: (value * rescale - mean) / std, one mean and std for each channel. */
export interface Normalization {
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const visible = (offset: number, resized: number, canvas: number): Range => {
  const start = Math.max(0, -offset);
  return { start, length: Math.min(resized, canvas - offset) - start };
};

/** The 8-bit picture that the network sees: resized, cropped, and padded with black. */
export const networkPicture = (photo: Rgb, placement: Placement, filter: Resample): Rgb => {
  const { resized, canvas, x, y } = placement;
  const columns = visible(x, resized.width, canvas.width);
  const rows = visible(y, resized.height, canvas.height);
  const picture = resample(photo, filter, resized, columns, rows);
  if (picture.width === canvas.width && picture.height === canvas.height) return picture;
  const data = new Uint8Array(canvas.width * canvas.height * 3);
  for (let row = 0; row < picture.height; row++) {
    const from = row * picture.width * 3;
    const to = ((Math.max(0, y) + row) * canvas.width + Math.max(0, x)) * 3;
    data.set(picture.data.subarray(from, from + picture.width * 3), to);
  }
  return { ...canvas, data };
};

/** A picture's numbers as the network takes them: in the order of its axes and of its colours. */
export interface TensorSpec {
  readonly name: string;
  readonly type: ElementType;
  readonly layout: 'nchw' | 'nhwc';
  readonly normalization: Normalization;
}

/** The network's input tensor, [1, 3, height, width] or [1, height, width, 3], red first. */
export const toFeed = ({ width, height, data }: Rgb, { name, type, layout, normalization }: TensorSpec): Feed => {
  const { rescale, mean, std } = normalization;
  const area = width * height;
  const tensor = new Float32Array(area * 3);
  const planar = layout === 'nchw';
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * rescale - mean[channel]) / std[channel]);
    const step = planar ? 1 : 3;
    let to = planar ? channel * area : channel;
    for (let from = channel; from < data.length; from += 3, to += step) tensor[to] = table[data[from]];
  }
  return { name, type, dims: planar ? [1, 3, height, width] : [1, height, width, 3], data: tensor };
};

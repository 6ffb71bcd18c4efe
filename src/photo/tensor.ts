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

/** [3, height, width], red first. */
export const toTensor = (picture: Rgb, { rescale, mean, std }: Normalization): Float32Array => {
  const area = picture.width * picture.height;
  const tensor = new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * rescale - mean[channel]) / std[channel]);
    const plane = tensor.subarray(channel * area, (channel + 1) * area);
    for (let i = 0; i < area; i++) plane[i] = table[picture.data[i * 3 + channel]];
  }
  return tensor;
};

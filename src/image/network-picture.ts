import type { Box, Size } from '../maps/box.js';
import type { Rgb } from './decode.js';
import type { Placement } from './geometry.js';
import type { PixelRange } from './resample/contract.js';
import { type Resample, resample, toGray } from './resample/index.js';
import { places, type TensorSpec } from './to-tensor.js';

/** Colour of padding: 8-bit RGB, or `mean`, what normalising makes 0. */
export type Fill = 'mean' | readonly [red: number, green: number, blue: number];

/** How a photo becomes the picture. */
export interface PictureSpec extends Pick<TensorSpec, 'channels' | 'rescale' | 'mean'> {
  readonly resample: Resample;
  readonly fill: Fill;
}

/** The picture that a network sees, 8-bit RGB, and what of it 8 bits cannot hold. */
export interface NetworkPicture extends Rgb {
  /** The same picture before it was rounded, where its resize does not round: [height, width, 3], 0 to 255. */
  readonly exact?: Float32Array;
  /** The part outside of which the network's input is 0. Undefined: no such part. */
  readonly zeroOutside?: Box;
}

const visible = (offset: number, resized: number, canvas: number): PixelRange => {
  const start = Math.max(0, -offset);
  return { start, length: Math.min(resized, canvas - offset) - start };
};

/** The mean's colour, as near as 8 bits come to it. */
const meanColor = ({ channels, rescale, mean }: PictureSpec): readonly number[] => {
  const level = (channel: number) => Math.min(255, Math.max(0, Math.round(mean[channel] / rescale)));
  return [0, 1, 2].map((color) => level(Math.max(0, places[channels].indexOf(color))));
};

const fillColor = (spec: PictureSpec): readonly number[] => {
  if (spec.fill === 'mean') return meanColor(spec);
  if (spec.channels !== 'gray') return spec.fill;
  return Array.from(toGray({ width: 1, height: 1, data: Uint8Array.from(spec.fill) }, spec.resample).data);
};

/** A picture's values laid at a place on a canvas of one colour. @param canvas its array, to be filled. */
const laidOn = <Values extends Uint8Array | Float32Array>(
  values: Values,
  { width, height }: Size,
  canvas: Values,
  { x, y, width: length }: Box,
  color: readonly number[],
): Values => {
  canvas.set(color);
  // Each copy doubles what is filled.
  for (let filled = 3; filled < canvas.length; filled *= 2) canvas.copyWithin(filled, 0, filled);
  for (let row = 0; row < height; row++) {
    canvas.set(values.subarray(row * width * 3, (row + 1) * width * 3), ((y + row) * length + x) * 3);
  }
  return canvas;
};

/** The picture that the network sees: resized, cropped and padded. Gray where it takes one channel. */
export const networkPicture = (photo: Rgb, placement: Placement, spec: PictureSpec): NetworkPicture => {
  const { source: part, cutFirst, resized, canvas, x, y } = placement;
  const columns = visible(x, resized.width, canvas.width);
  const rows = visible(y, resized.height, canvas.height);
  const pixels = spec.channels === 'gray' ? toGray(photo, spec.resample) : photo;
  const picture = resample(pixels, spec.resample, resized, { part, cutFirst, columns, rows });
  if (picture.width === canvas.width && picture.height === canvas.height) return picture;
  const color = fillColor(spec);
  const at = { x: Math.max(0, x), y: Math.max(0, y), width: canvas.width, height: canvas.height };
  const length = canvas.width * canvas.height * 3;
  const data = laidOn(picture.data, picture, new Uint8Array(length), at, color);
  const exact = picture.exact && laidOn(picture.exact, picture, new Float32Array(length), at, color);
  const zeroOutside = { x: at.x, y: at.y, width: picture.width, height: picture.height };
  return { ...canvas, data, ...(exact && { exact }), ...(spec.fill === 'mean' && { zeroOutside }) };
};

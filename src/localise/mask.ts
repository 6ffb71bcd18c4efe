import type { Size } from '../maps/box.js';
import type { Localised } from './localise.js';
import type { Run } from './runs.js';

/** Value of the mask's pixels that belong to a part. Others are 0. */
const INSIDE = 255;

/**
 * Runs of a plane as a mask of the photo's size, [height, width], 255 inside and 0 outside. A photo that is larger than
 * the plane takes the nearest pixel's value.
 */
export const maskOf = ({ plane }: Pick<Localised, 'plane'>, runs: readonly Run[], photo: Size): Uint8Array => {
  const { size, across, down } = plane;
  const mask = new Uint8Array(photo.width * photo.height);
  // The pixels of the photo whose centres lie in one of the plane.
  const first = (pixel: number, step: number) => Math.max(0, Math.ceil(pixel * step - 0.5));
  const isSame = size.width === photo.width && size.height === photo.height;
  for (const { row, start, end } of runs) {
    const [top, bottom] = isSame ? [row, row + 1] : [first(row, down.step), first(row + 1, down.step)];
    const [left, right] = isSame ? [start, end] : [first(start, across.step), first(end, across.step)];
    for (let y = top; y < Math.min(bottom, photo.height); y++)
      mask.fill(INSIDE, y * photo.width + left, y * photo.width + Math.min(right, photo.width));
  }
  return mask;
};

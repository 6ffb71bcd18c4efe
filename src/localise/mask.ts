import type { Box, Size } from '../maps/box.js';
import type { Localised } from './localise.js';
import type { Run } from './runs.js';

/** Value of the mask's pixels that belong to a part. Others are 0. */
const INSIDE = 255;

/**
 * Runs of a plane as rectangles of whole pixels of the photo, none over another. A photo that is larger than the plane takes
 * the nearest pixel's value.
 */
export const rectanglesOf = (
  { plane }: Pick<Localised, 'plane'>,
  runs: readonly Run[],
  photo: Size,
): readonly Box[] => {
  const { size, across, down } = plane;
  const isSame = size.width === photo.width && size.height === photo.height;
  // The first pixel of the photo whose centre lies in one of the plane.
  const first = (pixel: number, step: number) => (isSame ? pixel : Math.max(0, Math.ceil(pixel * step - 0.5)));
  return runs.map(({ row, start, end }) => {
    const [x, y] = [first(start, across.step), first(row, down.step)];
    const width = Math.min(photo.width, first(end, across.step)) - x;
    return { x, y, width, height: Math.min(photo.height, first(row + 1, down.step)) - y };
  });
};

/** Runs of a plane as a mask of the photo's size, [height, width], 255 inside and 0 outside. */
export const maskOf = (found: Pick<Localised, 'plane'>, runs: readonly Run[], photo: Size): Uint8Array => {
  const mask = new Uint8Array(photo.width * photo.height);
  for (const { x, y, width, height } of rectanglesOf(found, runs, photo)) {
    for (let row = y; row < y + height; row++) mask.fill(INSIDE, row * photo.width + x, row * photo.width + x + width);
  }
  return mask;
};

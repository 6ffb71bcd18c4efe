import type { Plane } from '../../localise/plane.js';
import { spotAlong } from '../../maps/spot.js';
import type { Pointed } from '../judged.js';
import { pointed } from './point.js';
import type { Region } from './region.js';

/** What comes of a bright spot in the photo's middle in place of a map. */
export const pointedAtCentre = (plane: Plane, region: Region, ignored: Region | undefined): Pointed => {
  const { size } = plane;
  const [wide, tall] = [spotAlong(size.width), spotAlong(size.height)];
  const sums = new Float64Array(size.width + 1);
  for (let x = 0; x < size.width; x++) sums[x + 1] = sums[x] + wide[x];
  const sumIn = ({ rows, ends }: Region, row: number): number => {
    let sum = 0;
    for (let i = rows[row]; i < rows[row + 1]; i++) sum += sums[ends[i * 2 + 1]] - sums[ends[i * 2]];
    return sum;
  };
  let [inside, all] = [0, 0];
  for (let row = 0; row < size.height; row++) {
    inside += tall[row] * sumIn(region, row);
    all += tall[row] * (sums[size.width] - (ignored === undefined ? 0 : sumIn(ignored, row)));
  }
  // Of an even number of pixels the two in the middle are alike: the first is taken.
  const point = { x: (size.width - 1) >> 1, y: (size.height - 1) >> 1 };
  return {
    ...pointed(point, plane, region),
    inside: all > 0 ? Math.min(1, inside / all) : 0,
  };
};

import { type Axis, type Plane, profileOf } from '../../localise/plane.js';
import type { Region } from './region.js';

/** Value at a pixel's place between two columns' values. */
const sumOfRamp = (first: number, slope: number, count: number): number =>
  count * first + (slope * count * (count - 1)) / 2;

/** The sum of the positive values of `count` pixels that rise or fall evenly from the first. */
const positiveSumOfRamp = (first: number, slope: number, count: number): number => {
  const last = first + slope * (count - 1);
  if (first >= 0 && last >= 0) return sumOfRamp(first, slope, count);
  if (first <= 0 && last <= 0) return 0;
  // Pixels before the values cross 0.
  const before = Math.min(count, Math.max(0, Math.ceil(-first / slope)));
  if (first > 0) return sumOfRamp(first, slope, before);
  return sumOfRamp(first + slope * before, slope, count - before);
};

/** Sums of a row's positive values, by the even rise between the centres of cells: no pixel is computed alone. */
const rowSums = ({ cells, scale, offset }: Axis, profile: Float64Array) => {
  const last = cells - 1;
  return (from: number, to: number): number => {
    let sum = 0;
    for (let pixel = from; pixel < to; ) {
      const place = (pixel + 0.5) * scale + offset - 0.5;
      const cell = Math.floor(place);
      // The first pixel at or past the next cell's centre.
      const next = cell >= last ? to : Math.ceil((cell + 1.5 - offset) / scale - 0.5);
      const end = Math.min(to, Math.max(pixel + 1, next));
      // No list of two: so many of them would fill the memory.
      const left = profile[Math.max(0, Math.min(last, cell))];
      const right = profile[Math.max(0, Math.min(last, cell + 1))];
      sum += positiveSumOfRamp(left + (right - left) * (place - cell), (right - left) * scale, end - pixel);
      pixel = end;
    }
    return sum;
  };
};

/**
 * Of all positive evidence of an enlarged map, the share in a region, [0, 1]: the energy-based pointing game of Score-CAM (Wang et
 * al. 2020), negative values as 0. 0 where the map has no positive value.
 * @param ignored pixels that count nowhere. Undefined: none.
 */
export const shareInside = (plane: Plane, region: Region, ignored: Region | undefined): number => {
  const { across, down } = plane;
  const profile = new Float64Array(across.cells);
  const sum = rowSums(across, profile);
  const sumIn = ({ rows, ends }: Region, row: number): number => {
    let inside = 0;
    for (let i = rows[row]; i < rows[row + 1]; i++) {
      const [from, to] = [Math.max(across.start, ends[i * 2]), Math.min(across.end, ends[i * 2 + 1])];
      if (from < to) inside += sum(from, to);
    }
    return inside;
  };
  let [inside, all] = [0, 0];
  for (let row = down.start; row < down.end; row++) {
    profileOf(plane, row, profile);
    inside += sumIn(region, row);
    all += sum(across.start, across.end) - (ignored === undefined ? 0 : sumIn(ignored, row));
  }
  return all > 0 ? Math.min(1, inside / all) : 0;
};

import { type Plane, profileOf, valueAt } from '../../localise/plane.js';
import type { Pointed } from '../judged.js';
import type { Region } from './region.js';

/** A pixel of a plane. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Photo pixels from the point within which a true pixel must lie; nearer than that, not as far. TorchRay, `pointing_game.py`. */
const TOLERANCE = 15;

/** Values that lie nearer, as a share of the map's largest magnitude, are alike but for rounding. */
const ALIKE = 1e-12;

/**
 * The first largest pixel of an enlarged map, row by row, among those that the network saw. Between the centres of two cells values
 * rise or fall evenly, so only the ends of such stretches are looked at, until the row is known.
 */
export const largestPoint = (plane: Plane): Point => {
  const { across, down } = plane;
  const profile = new Float64Array(across.cells);
  const ends = [across.start, across.end - 1];
  for (let cell = 0; cell < across.cells; cell++) {
    const centre = (cell + 0.5 - across.offset) / across.scale - 0.5;
    for (const pixel of [Math.floor(centre), Math.ceil(centre)]) {
      if (pixel >= across.start && pixel < across.end) ends.push(pixel);
    }
  }
  const alike = ALIKE * plane.map.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [best, y] = [Number.NEGATIVE_INFINITY, down.start];
  for (let row = down.start; row < down.end; row++) {
    profileOf(plane, row, profile);
    for (const pixel of ends) {
      const value = valueAt(profile, across, pixel);
      if (value > best + alike) [best, y] = [value, row];
    }
  }
  profileOf(plane, y, profile);
  let [most, x] = [Number.NEGATIVE_INFINITY, across.start];
  for (let pixel = across.start; pixel < across.end; pixel++) {
    const value = valueAt(profile, across, pixel);
    if (value > most + alike) [most, x] = [value, pixel];
  }
  return { x, y };
};

/** Whether a pixel lies in a region. */
export const isInside = ({ x, y }: Point, { rows, ends }: Region): boolean => {
  for (let i = rows[y]; i < rows[y + 1]; i++) if (x >= ends[i * 2] && x < ends[i * 2 + 1]) return true;
  return false;
};

/**
 * Whether any pixel of a region is nearer than 15 photo pixels to a pixel.
 * @param across, down photo pixels for each pixel of the plane.
 */
export const isNear = ({ x, y }: Point, { size, rows, ends }: Region, across: number, down: number): boolean => {
  const reach = Math.ceil(TOLERANCE / down);
  for (let row = Math.max(0, y - reach); row <= Math.min(size.height - 1, y + reach); row++) {
    const tall = (row - y) * down;
    for (let i = rows[row]; i < rows[row + 1]; i++) {
      const [from, to] = [ends[i * 2], ends[i * 2 + 1] - 1];
      const wide = (x < from ? from - x : x > to ? x - to : 0) * across;
      if (wide * wide + tall * tall < TOLERANCE * TOLERANCE) return true;
    }
  }
  return false;
};

/** Where a pixel of a plane lies in its photo, and whether it is on or near what is true. */
export const pointed = (point: Point, { across, down }: Plane, region: Region): Omit<Pointed, 'inside'> => ({
  point: [Math.floor((point.x + 0.5) * across.step), Math.floor((point.y + 0.5) * down.step)],
  near: isNear(point, region, across.step, down.step),
  hit: isInside(point, region),
});

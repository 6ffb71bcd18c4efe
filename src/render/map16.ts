import type { Extent } from '../localise/plane.js';
import type { Size } from '../maps/box.js';
import { triangle } from '../maps/kernels.js';
import { cellsOf, type MapResult } from '../maps/result.js';
import { overPhoto } from './over-photo.js';
import { png16 } from './png16.js';

/** A map as numbers in a picture: the logits that its smallest and largest number stand for. */
export type Range16 = readonly [low: number, high: number];

/** The largest number of 16 bits. */
export const WHITE = 65535;

/** All values of a map, and 0 logits. */
export const wholeRange = ({ min, max }: Pick<MapResult, 'min' | 'max'>): Range16 => [
  Math.min(0, min),
  Math.max(0, max),
];

/** A size of the photo's shape whose longer side has at most `longest` pixels. Never larger than the photo. */
export const atMost = ({ width, height }: Size, longest: number): Size => {
  const shrink = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) };
};

/**
 * A class map over the whole photo, upright, as a 16-bit gray PNG: `round((v - low) / (high - low) * 65535)`, with values
 * beyond the range cut to it. What the network did not see has the number of 0 logits. Values between the cells' centres are
 * by bilinear interpolation, as boxes see them. The text `gapcam:range` has low and high, `gapcam:class` the class's index.
 * @param size of the picture in pixels.
 */
export const map16 = (
  map: Pick<MapResult, 'class' | 'grid' | 'map'>,
  extent: Extent,
  size: Size,
  [low, high]: Range16,
): Promise<Uint8Array> => {
  const values = overPhoto(cellsOf(map), extent, { size, kernel: triangle, unseen: 0 });
  // A map that is 0 everywhere has no range.
  const factor = high > low ? WHITE / (high - low) : 0;
  const numbers = new Uint16Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = Math.round(Math.min(WHITE, Math.max(0, (values[i] - low) * factor)));
  }
  return png16(size, numbers, { 'gapcam:range': `${low} ${high}`, 'gapcam:class': String(map.class) });
};

import { type Box, boxOf, type FourNumbers, type Size } from '../maps/box.js';
import type { ClassMap } from '../maps/class-map.js';
import { atMostOneCellAPixel } from '../maps/upsample.js';

/** Longest side on which parts are looked for, in pixels: more tells no more of a map of some ten cells. */
const LONGEST = 1024;

/** Where a map lies in its photo. Boxes are in photo pixels. */
export interface Extent {
  readonly photo: Size;
  /** What the map's cells cover. All cells are equal. */
  readonly field: Box;
  /** The part of the photo that reached the cells. */
  readonly seen: Box;
}

/** Where the maps of a photo lie, as its results state it. */
export const extentOf = ({
  width,
  height,
  field,
  seen,
}: Size & { readonly field: FourNumbers; readonly seen: FourNumbers }): Extent => ({
  photo: { width, height },
  field: boxOf(field),
  seen: boxOf(seen),
});

/** Pixels along one axis of the plane, and the cells that they lie between. */
export interface Axis {
  /** Photo pixels for each pixel of the plane. */
  readonly step: number;
  /** First pixel whose centre was seen, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly cells: number;
  /** Where an edge of a pixel lies in cells, from 0 to `cells`: `edge * scale + offset`. Its centre, half a pixel on. */
  readonly scale: number;
  readonly offset: number;
}

/** A map laid over its photo, or over a smaller copy of it, with values between the cells' centres by bilinear interpolation. */
export interface Plane {
  readonly map: ClassMap;
  readonly size: Size;
  readonly across: Axis;
  readonly down: Axis;
}

const axisOf = (
  cells: number,
  [photo, pixels]: readonly [number, number],
  [from, length]: readonly [number, number],
  [seenFrom, seenLength]: readonly [number, number],
): Axis => {
  const step = photo / pixels;
  const first = (edge: number) => Math.min(pixels, Math.max(0, Math.ceil(edge / step - 0.5)));
  return {
    step,
    start: first(seenFrom),
    end: first(seenFrom + seenLength),
    cells,
    scale: (step / length) * cells,
    offset: (-from / length) * cells,
  };
};

/** The plane has the photo's size, or at most `longest` pixels along its longer side. */
export const planeOf = (map: ClassMap, { photo, field, seen }: Extent, longest = LONGEST): Plane => {
  const shrink = Math.min(1, longest / Math.max(photo.width, photo.height));
  const width = Math.max(1, Math.round(photo.width * shrink));
  const height = Math.max(1, Math.round(photo.height * shrink));
  const inPlane = {
    ...field,
    width: (field.width / photo.width) * width,
    height: (field.height / photo.height) * height,
  };
  const cells = atMostOneCellAPixel(map, inPlane);
  return {
    map: cells,
    size: { width, height },
    across: axisOf(cells.columns, [photo.width, width], [field.x, field.width], [seen.x, seen.width]),
    down: axisOf(cells.rows, [photo.height, height], [field.y, field.height], [seen.y, seen.height]),
  };
};

/** A pixel's place between the centres of two cells: the first one, which may be -1, and how far it is past it, [0, 1). */
const placeOf = ({ scale, offset }: Axis, pixel: number): readonly [cell: number, past: number] => {
  const at = (pixel + 0.5) * scale + offset - 0.5;
  const cell = Math.floor(at);
  return [cell, at - cell];
};

/**
 * Values of the map's columns at the height of a row of pixels, in logits. Beyond the border the outermost cells repeat.
 * @param into [columns].
 */
export const profileOf = ({ map: { data, rows, columns }, down }: Plane, row: number, into: Float64Array): void => {
  const [cell, past] = placeOf(down, row);
  const above = Math.min(rows - 1, Math.max(0, cell)) * columns;
  const below = Math.min(rows - 1, cell + 1) * columns;
  for (let column = 0; column < columns; column++) {
    into[column] = data[above + column] * (1 - past) + data[below + column] * past;
  }
};

/** The value of one pixel of a row, in logits. @param profile from `profileOf`. */
export const valueAt = (profile: Float64Array, across: Axis, pixel: number): number => {
  const [cell, past] = placeOf(across, pixel);
  const last = profile.length - 1;
  return profile[Math.min(last, Math.max(0, cell))] * (1 - past) + profile[Math.min(last, cell + 1)] * past;
};

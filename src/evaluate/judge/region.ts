import type { Box, Size } from '../../maps/box.js';

/** Pixels of a plane, row by row: in each row intervals from a pixel to before another, from the left, none next to another. */
export interface Region {
  readonly size: Size;
  /** [height + 1]: where the intervals of each row begin in `ends`, counted in intervals. */
  readonly rows: Int32Array;
  /** First pixel, and the one after the last, of each interval. */
  readonly ends: Int32Array;
}

/** What lies in the photo: a box, or the pixels of a mask of the photo's size. */
export type Shape = { readonly box: Box } | { readonly mask: Uint8Array };

/** The plane's pixels whose centres lie between two edges; at least one where the two enclose a part of the plane. */
const between = (start: number, end: number, step: number, pixels: number): readonly [number, number] => {
  const first = Math.min(pixels - 1, Math.max(0, Math.ceil(start / step - 0.5)));
  if (end <= 0 || start >= pixels * step) return [first, first];
  return [first, Math.max(first + 1, Math.min(pixels, Math.ceil(end / step - 0.5)))];
};

/** Marks a shape's pixels. @param into [height, width] of the plane. */
const mark = (shape: Shape, photo: Size, { width, height }: Size, into: Uint8Array): void => {
  const [across, down] = [photo.width / width, photo.height / height];
  if ('box' in shape) {
    const { box } = shape;
    const [left, right] = between(box.x, box.x + box.width, across, width);
    const [top, bottom] = between(box.y, box.y + box.height, down, height);
    for (let y = top; y < bottom; y++) into.fill(1, y * width + left, y * width + right);
    return;
  }
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * down) * photo.width;
    for (let x = 0; x < width; x++) if (shape.mask[row + Math.floor((x + 0.5) * across)] !== 0) into[y * width + x] = 1;
  }
};

/** The union of boxes, which needs no picture of all pixels. */
const ofBoxes = (boxes: readonly Box[], photo: Size, size: Size): Region => {
  const placed = boxes.map((box) => [
    between(box.x, box.x + box.width, photo.width / size.width, size.width),
    between(box.y, box.y + box.height, photo.height / size.height, size.height),
  ]);
  placed.sort(([[a]], [[b]]) => a - b);
  const rows = new Int32Array(size.height + 1);
  const ends: number[] = [];
  for (let y = 0; y < size.height; y++) {
    rows[y] = ends.length / 2;
    for (const [[left, right], [top, bottom]] of placed) {
      if (y < top || y >= bottom || left >= right) continue;
      const isOwn = ends.length / 2 > rows[y];
      if (isOwn && left <= ends[ends.length - 1]) ends[ends.length - 1] = Math.max(right, ends[ends.length - 1]);
      else ends.push(left, right);
    }
  }
  rows[size.height] = ends.length / 2;
  return { size, rows, ends: Int32Array.from(ends) };
};

const ofMask = (mask: Uint8Array, size: Size): Region => {
  const { width, height } = size;
  const rows = new Int32Array(height + 1);
  const ends: number[] = [];
  for (let y = 0; y < height; y++) {
    rows[y] = ends.length / 2;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (mask[at] === 0) continue;
      if (x === 0 || mask[at - 1] === 0) ends.push(x);
      if (x === width - 1 || mask[at + 1] === 0) ends.push(x + 1);
    }
  }
  rows[height] = ends.length / 2;
  return { size, rows, ends: Int32Array.from(ends) };
};

const isBox = (shape: Shape): shape is { readonly box: Box } => 'box' in shape;

/** The pixels of a plane over a photo whose centres lie in any of the shapes. @param size of the plane. */
export const regionOf = (shapes: readonly Shape[], photo: Size, size: Size): Region => {
  if (shapes.every(isBox)) {
    const boxes = shapes.map(({ box }) => box);
    return ofBoxes(boxes, photo, size);
  }
  const mask = new Uint8Array(size.width * size.height);
  for (const shape of shapes) mark(shape, photo, size, mask);
  return ofMask(mask, size);
};

/** The same as a mask, [height, width], 1 inside. */
export const maskOfRegion = ({ size: { width, height }, rows, ends }: Region): Uint8Array => {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let i = rows[y]; i < rows[y + 1]; i++) mask.fill(1, y * width + ends[i * 2], y * width + ends[i * 2 + 1]);
  }
  return mask;
};

/** The pixels of a region that are not in another of the same plane. */
export const without = (region: Region, other: Region): Region => {
  const [mask, taken] = [maskOfRegion(region), maskOfRegion(other)];
  for (let i = 0; i < mask.length; i++) if (taken[i] !== 0) mask[i] = 0;
  return ofMask(mask, region.size);
};

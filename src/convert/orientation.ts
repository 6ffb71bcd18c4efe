import type { Box, Size } from '../maps/box.js';

/**
 * How a camera was held, as EXIF says it, 1 to 8. Boxes of a run lie in the photo as it is seen, upright; readers that know
 * no EXIF see the pixels as they are stored. Exif 2.32, tag 0x0112.
 */

/** The pixels that a reader sees: those in the file, or those turned as EXIF says. */
export type Pixels = 'stored' | 'upright';

/** For each orientation: whether the stored pixels are first mirrored left to right, and then turned by quarters clockwise. */
const turns: readonly (readonly [mirrored: boolean, quarters: number])[] = [
  [false, 0],
  [true, 0],
  [false, 2],
  [true, 2],
  [true, 3],
  [false, 1],
  [true, 1],
  [false, 3],
];

/** Whether a number is an orientation. */
export const isOrientation = (value: number): boolean => turns[value - 1] !== undefined;

/** A photo as a reader sees it, and what lies in it. */
export interface Frame {
  readonly size: Size;
  /** A box of the upright photo, as it lies here. */
  readonly boxOf: (box: Box) => Box;
  /** A mask or map [height, width] of the upright photo, as it lies here. */
  readonly maskOf: <T extends Uint8Array | Float64Array>(mask: T) => T;
}

/** A box turned back, a quarter at a time: what was at the top comes to the left. */
const turnedBack = (box: Box, upright: Size, [mirrored, quarters]: readonly [boolean, number]): Box => {
  let { x, y, width, height } = box;
  let size: Size = { width: upright.width, height: upright.height };
  for (let i = 0; i < quarters; i++) {
    [x, y, width, height] = [y, size.width - x - width, height, width];
    size = { width: size.height, height: size.width };
  }
  return { x: mirrored ? size.width - x - width : x, y, width, height };
};

/** @param upright size of the photo as it is seen. @param orientation 1 to 8. */
export const frameOf = ({ width, height }: Size, orientation: number, pixels: Pixels): Frame => {
  const upright: Size = { width, height };
  if (pixels === 'upright' || orientation === 1) return { size: upright, boxOf: (box) => box, maskOf: (mask) => mask };
  const turn = turns[orientation - 1];
  const size = turn[1] % 2 === 1 ? { width: height, height: width } : upright;
  const boxOf = (box: Box) => turnedBack(box, upright, turn);
  // Neighbouring pixels of a row stay neighbours, in a row or a column.
  const maskOf = <T extends Uint8Array | Float64Array>(mask: T): T => {
    const placeOf = (x: number, y: number) => {
      const at = boxOf({ x, y, width: 1, height: 1 });
      return at.y * size.width + at.x;
    };
    const first = placeOf(0, 0);
    const [across, down] = [placeOf(1, 0) - first, placeOf(0, 1) - first];
    const turned = mask.slice() as T;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) turned[first + x * across + y * down] = mask[y * width + x];
    }
    return turned;
  };
  return { size, boxOf, maskOf };
};

import type { Box, Size } from '../maps/box.js';

/**
 * How a camera was held, as EXIF says it, 1 to 8. Boxes of a run lie in the photo as it is seen, upright; readers that know
 * no EXIF see the pixels as they are stored. Exif 2.32, tag 0x0112.
 */

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

const turnOf = (orientation: number) => turns[orientation - 1] ?? turns[0];

/** The size of the stored picture. @param upright size of the photo as it is seen. */
export const storedSize = ({ width, height }: Size, orientation: number): Size =>
  turnOf(orientation)[1] % 2 === 1 ? { width: height, height: width } : { width, height };

/** A box in the stored picture. @param upright size of the photo as it is seen, in which the box is given. */
export const storedBox = (box: Box, upright: Size, orientation: number): Box => {
  const [mirrored, quarters] = turnOf(orientation);
  let { x, y, width, height } = box;
  let size = upright;
  // Turned back, a quarter at a time: what was at the top comes to the left.
  for (let i = 0; i < quarters; i++) {
    [x, y, width, height] = [y, size.width - x - width, height, width];
    size = { width: size.height, height: size.width };
  }
  return { x: mirrored ? size.width - x - width : x, y, width, height };
};

/** A mask in the stored picture. @param mask [height, width] of the photo as it is seen. */
export const storedMask = (mask: Uint8Array, upright: Size, orientation: number): Uint8Array => {
  if (orientation === 1) return mask;
  const { width } = storedSize(upright, orientation);
  const stored = new Uint8Array(mask.length);
  for (let y = 0; y < upright.height; y++) {
    for (let x = 0; x < upright.width; x++) {
      if (mask[y * upright.width + x] === 0) continue;
      const at = storedBox({ x, y, width: 1, height: 1 }, upright, orientation);
      stored[at.y * width + at.x] = mask[y * upright.width + x];
    }
  }
  return stored;
};

import { storedOf } from '../image/orientation.js';
import type { Box, Size } from '../maps/box.js';

/**
 * Boxes of a run lie in the photo as it is seen, upright; readers that know no EXIF see the pixels as they are stored.
 */

/** The pixels that a reader sees: those in the file, or those turned as EXIF says. */
export type Pixels = 'stored' | 'upright';

/** A photo as a reader sees it, and what lies in it. */
export interface Frame {
  readonly size: Size;
  /** A box of the upright photo, as it lies here. */
  readonly boxOf: (box: Box) => Box;
  /** A mask or map [height, width] of the upright photo, as it lies here. */
  readonly maskOf: <T extends Uint8Array | Float64Array>(mask: T) => T;
}

/** @param upright size of the photo as it is seen. @param orientation 1 to 8. */
export const frameOf = ({ width, height }: Size, orientation: number, pixels: Pixels): Frame => {
  if (pixels === 'upright' || orientation === 1) {
    return { size: { width, height }, boxOf: (box) => box, maskOf: (mask) => mask };
  }
  const { size, boxOf, first, across, down } = storedOf({ width, height }, orientation);
  const maskOf = <T extends Uint8Array | Float64Array>(mask: T): T => {
    const turned = mask.slice() as T;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) turned[first + x * across + y * down] = mask[y * width + x];
    }
    return turned;
  };
  return { size, boxOf, maskOf };
};

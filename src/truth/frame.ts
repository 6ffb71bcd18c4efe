import { isOrientation, storedOf, uprightBox } from '../image/orientation.js';
import type { Box, Size } from '../maps/box.js';
import type { KnownPhoto } from './truth.js';

/** The pixels that a truth lies in, and the way from there to the upright photo. */
export interface Frame {
  readonly size: Size;
  readonly boxOf: (box: Box) => Box;
  /** A mask [height, width] of this frame, as one of the upright photo. */
  readonly maskOf: (mask: Uint8Array) => Uint8Array;
}

const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/**
 * The frame of this size: the photo as it is stored, or upright. Where both have it, or no size is known, it is as stored:
 * most tools that draw boxes know no EXIF.
 * @returns undefined where the photo has this size neither way.
 */
export const frameOf = (photo: KnownPhoto, size: Size | undefined): Frame | undefined => {
  const { width, height } = photo;
  const orientation = photo.orientation !== undefined && isOrientation(photo.orientation) ? photo.orientation : 1;
  const upright = { width, height };
  const stored = storedOf(upright, orientation);
  if (orientation !== 1 && (size === undefined || isSame(size, stored.size))) {
    const { first, across, down } = stored;
    return {
      size: stored.size,
      boxOf: (box) => uprightBox(box, stored.size, orientation),
      maskOf: (mask) => {
        const turned = new Uint8Array(mask.length);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) turned[y * width + x] = mask[first + x * across + y * down];
        }
        return turned;
      },
    };
  }
  if (size !== undefined && !isSame(size, upright)) return undefined;
  return { size: upright, boxOf: (box) => box, maskOf: (mask) => mask };
};

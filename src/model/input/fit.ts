import { ModelError, PhotoError } from '../../errors.js';
import { hasOneSize, type Placement, place } from '../../image/geometry.js';
import type { Size } from '../../maps/box.js';
import { type Origin, originWords } from '../origin.js';
import type { PictureInput } from './graph-input.js';
import type { Input } from './input.js';

/** Whether what photos become fits the network: once for the model, and photo by photo where they keep their sizes. */

// 8192 x 8192. As float32 the input alone takes 800 MB, and the network needs a multiple of it.
const MAX_PIXELS = 2 ** 26;

const tooLarge = ({ width, height }: Size): string | undefined =>
  width * height > MAX_PIXELS
    ? `The network's input would be ${width} x ${height} pixels, and more than 67 million are not fed; give a smaller --size, --crop or --resize.`
    : undefined;

const free = { width: undefined, height: undefined };

const accepted = ({ width, height }: Pick<PictureInput, 'width' | 'height'>): string =>
  `${width ?? 'any width'}${typeof width === 'number' && typeof height === 'number' ? 'x' : ' by '}${height ?? 'any height'}`;

// Edge of a photo that stands for all where their own size counts, in pixels.
const AS_LARGE_AS = 1000;

/**
 * Size of the network's input, in pixels. Where it depends on the photo, the size for a square photo.
 * @param asIs size of the trial run's photo, where photos are fed in their own size.
 * @throws ModelError `input-too-large`, or `size-mismatch` where the network does not take it.
 */
export const sizeFor = (
  picture: PictureInput,
  { resize, crop }: Pick<Input, 'resize' | 'crop'>,
  asIs: Size | undefined,
  origin: Origin,
): Size => {
  const size = place(asIs ?? { width: AS_LARGE_AS, height: AS_LARGE_AS }, resize, crop).canvas;
  const message = tooLarge(size);
  if (message !== undefined) throw new ModelError('input-too-large', message);
  const fixed = picture.width !== undefined || picture.height !== undefined;
  if (fixed && asIs === undefined && !hasOneSize(resize, crop)) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed in sizes of their own, but the model takes ${accepted(picture)} pixels; give a --resize or --crop that brings all photos to it.`,
    );
  }
  if ((picture.height ?? size.height) !== size.height || (picture.width ?? size.width) !== size.width) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed as ${size.width}x${size.height} pixels (${originWords(origin)}), but the model takes ${accepted(picture)}; give a --resize or --crop that ends in it.`,
    );
  }
  return size;
};

/** Size of the trial run's photo, where photos are fed in their own size. */
export const trialSize = ({ width, height }: PictureInput, wanted: Size | undefined): Size => ({
  width: width ?? wanted?.width ?? AS_LARGE_AS,
  height: height ?? wanted?.height ?? AS_LARGE_AS,
});

/** The edges that the network fixes. */
export const fixedEdges = ({ width, height }: PictureInput): Partial<Size> => ({
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
});

/**
 * Where a photo's pixels land in a network's input.
 * @throws PhotoError `input-too-large`, or `wrong-size` where it is fed as large as it is and the network takes another.
 */
export const placeIn = (photo: Size, { resize, crop, align, fixed }: Input): Placement => {
  const placement = place(photo, resize, crop, align);
  const { width, height } = placement.canvas;
  const message = tooLarge({ width, height });
  if (message !== undefined) throw new PhotoError('input-too-large', message);
  if ((fixed.width ?? width) !== width || (fixed.height ?? height) !== height) {
    const found = `The photo would be fed as it is, ${width}x${height} pixels, but the model takes ${accepted({ ...free, ...fixed })}`;
    throw new PhotoError('wrong-size', `${found}; resize it first, or give a --resize.`);
  }
  return placement;
};

import { PhotoError, quoted, reasonOf } from '../errors.js';
import type { Rgb } from '../image/decode.js';
import type { Size } from '../maps/box.js';
import { readRegular } from '../regular-file.js';
import type { MaskSource } from './entry.js';
import { badTruth } from './errors.js';
import { frameOf } from './frame.js';
import type { KnownPhoto, ScaledMask } from './truth.js';

// A mask of as many pixels as a photo has takes less.
const LARGEST = 2 ** 28;

/** Whether each pixel is above 0 in one of its colours. */
const pixelsAbove0 = (rgb: Uint8Array, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, at) => ((rgb[at * 3] | rgb[at * 3 + 1] | rgb[at * 3 + 2]) > 0 ? 1 : 0));

/** Whether two sizes are the same but for their scale, within half a pixel. */
const isScaled = (a: Size, b: Size): boolean =>
  Math.abs(a.width * b.height - b.width * a.height) <= Math.max(a.width, a.height, b.width, b.height) / 2;

/** The mask of another size, its nearest pixels. */
const resized = (mask: Uint8Array, from: Size, to: Size): Uint8Array => {
  const larger = new Uint8Array(to.width * to.height);
  for (let y = 0, at = 0; y < to.height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / to.height) * from.width;
    for (let x = 0; x < to.width; x++, at++) larger[at] = mask[row + Math.floor(((x + 0.5) * from.width) / to.width)];
  }
  return larger;
};

/** A picture's mask, [height, width] of the upright photo; and as it was, where it is of another scale. */
export interface PictureMask {
  readonly mask: Uint8Array;
  readonly scaled?: ScaledMask;
}

/**
 * A mask out of a picture: 1 where it is not black.
 * @throws UsageError `bad-truth` where it is damaged, or of another size.
 */
export const pictureMask = async (
  { file, scaled }: Extract<MaskSource, { readonly kind: 'picture' }>,
  photo: KnownPhoto,
): Promise<PictureMask> => {
  let rgb: Rgb;
  try {
    const { bytes } = await readRegular(file, LARGEST);
    // The command's own process knows truths, and no decoder.
    const { decode } = await import('../image/decode.js');
    rgb = await decode(bytes, { alpha: 'black', acceptDamaged: false });
  } catch (error) {
    // What can be done with damaged photos cannot be done with masks.
    const isDamaged = error instanceof PhotoError && error.code === 'undecodable';
    const reason = isDamaged ? 'it is damaged or cut off' : reasonOf(error);
    throw badTruth(`The mask ${file} cannot be read (${reason})`, 'mend it, or leave it out', error);
  }
  const { width, height, data } = rgb;
  const mask = pixelsAbove0(data, width * height);
  const frame = frameOf(photo, { width, height });
  if (frame !== undefined) return { mask: frame.maskOf(mask) };
  if (scaled) {
    const stored = frameOf(photo, undefined);
    if (stored !== undefined && isScaled(rgb, stored.size)) {
      return { mask: stored.maskOf(resized(mask, rgb, stored.size)), scaled: { size: { width, height }, mask } };
    }
    if (isScaled(rgb, photo)) return { mask: resized(mask, rgb, photo) };
  }
  const found = `The mask ${file} is of ${width} x ${height} pixels, and the photo ${quoted(photo.photo)} of ${photo.width} x ${photo.height}`;
  throw badTruth(found, 'give --truth the masks of these photos');
};

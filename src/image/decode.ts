import sharp, { type OutputInfo } from 'sharp';
import { PhotoError, reasonOf } from '../errors.js';
import { photoFormats } from './formats.js';

/** 8-bit RGB, [height, width, 3], rows from the top. */
export interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Photo extends Rgb {
  /** What the file was, as sharp names it: jpeg, png, webp, gif, tiff, heif. */
  readonly format: string;
}

// One thread per photo, since many photos are decoded in parallel. No cache, since no photo is read twice.
sharp.concurrency(1);
sharp.cache(false);

const named = Object.keys(photoFormats).map((format) => (format === 'heif' ? 'avif' : format));

/**
 * A photo's bytes to 8-bit RGB as the network's training saw it: first frame, EXIF orientation applied, transparency
 * over white, colour profile ignored (Pillow converts none).
 * @throws PhotoError `empty`, `not-a-photo`, `too-large`, `undecodable`.
 */
export const decode = async (bytes: Uint8Array): Promise<Photo> => {
  if (bytes.length === 0) throw new PhotoError('empty', 'The file is empty.');
  // Damage that loses pixels is an error. A mere warning (a stray byte between markers) is not.
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true });
  let format: string | undefined;
  try {
    const metadata = await image.metadata();
    format = metadata.format;
  } catch (error) {
    throw unreadable(error);
  }
  if (format === undefined || !(format in photoFormats)) {
    throw new PhotoError(
      'not-a-photo',
      `The file holds ${format ?? 'something else'}, not one of ${named.join(', ')}.`,
    );
  }
  try {
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: info.channels === 3 ? data : asRgb(data, info), format };
  } catch (error) {
    throw unreadable(error);
  }
};

const asRgb = (data: Uint8Array, { width, height, channels }: OutputInfo): Uint8Array => {
  if (channels !== 1) throw new Error(`decoder gave ${channels} channels`);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) rgb.fill(data[i], i * 3, i * 3 + 3);
  return rgb;
};

const unreadable = (error: unknown): PhotoError => {
  const reason = reasonOf(error);
  if (/unsupported image format/i.test(reason)) {
    return new PhotoError('not-a-photo', `The file's content is not one of ${named.join(', ')}.`, error);
  }
  if (/pixel limit/i.test(reason)) {
    return new PhotoError('too-large', 'The photo has more than 268 million pixels; make it smaller first.', error);
  }
  return new PhotoError('undecodable', 'The photo is damaged or cut off.', error);
};

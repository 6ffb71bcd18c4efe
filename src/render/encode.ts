import sharp from 'sharp';
import { PhotoError } from '../errors.js';
import type { Size } from '../maps/box.js';
import { type PictureFormatName, pictureFormats } from './formats.js';

/** 8-bit RGB or RGBA, rows from the top. */
export interface Raster extends Size {
  readonly data: Uint8Array;
}

/** @throws PhotoError `picture-too-large` where the format cannot hold it. */
export const encode = async ({ width, height, data }: Raster, format: PictureFormatName): Promise<Uint8Array> => {
  const { longest, encode: into } = pictureFormats[format];
  if (Math.max(width, height) > longest) {
    throw new PhotoError(
      'picture-too-large',
      `The picture would be ${width} x ${height} pixels, but ${format} holds ${longest} a side; take --format png.`,
    );
  }
  const channels = data.length === width * height * 4 ? 4 : 3;
  return into(sharp(data, { raw: { width, height, channels }, limitInputPixels: false })).toBuffer();
};

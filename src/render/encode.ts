import sharp from 'sharp';
import type { Rgb } from '../photo/decode.js';
import { type PictureFormatName, pictureFormats } from './formats.js';

export const encode = async ({ width, height, data }: Rgb, format: PictureFormatName): Promise<Uint8Array> =>
  pictureFormats[format].encode(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer();

import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { PhotoError, reasonOf } from '../../errors.js';
import { type Alpha, withoutAlpha } from '../alpha.js';
import { cmykToRgb, unmultiply, yCbCrToRgb } from '../colours.js';
import { formatNames, photoFormats } from '../formats.js';
import { kindOf } from '../kinds.js';
import { isOrientation, orientationOfRawProfile, orientationOfXmp, upright } from '../orientation.js';
import { starts } from '../signatures.js';
import { type Decoded, type DecodeRules, type Decoder, isDamaged, notReadHere, type Rgb, tooLarge } from './decoder.js';
import { gifGround } from './gif-ground.js';
import { jpegKind } from './jpeg-kind.js';
import { JPEG, rawFileOf, TAG, unreadTiff } from './tiff-kinds.js';
import { type TiffTags, tiffTags } from './tiff-tags.js';

// One thread per photo, since many photos are decoded in parallel. No cache, since no photo is read twice.
sharp.concurrency(1);
sharp.cache(false);

type Raw = { readonly data: Uint8Array; readonly info: OutputInfo };

const raw = (image: Sharp): Promise<Raw> => image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });

const grayToRgb = (data: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) rgb.fill(data[i], i * 3, i * 3 + 3);
  return rgb;
};

const asRgb = ({ data, info }: Raw): Rgb => {
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) throw new Error(`decoder gave ${channels} channels`);
  return { width, height, data: channels === 3 ? data : grayToRgb(data) };
};

/** Four bytes a pixel. */
const rgba = (image: Sharp): Promise<Raw> => raw(image.ensureAlpha().toColourspace('srgb'));

/** The upper byte of each number of 16 bits, in this machine's order. */
const highBytes = (data: Buffer): Uint8Array => {
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.length >> 1);
  return Uint8Array.from(wide, (value) => value >> 8);
};

/** Stored values, which libvips would convert by a profile of its own. */
const cmyk = async (image: Sharp, depth: string): Promise<Rgb> => {
  const stored = image.pipelineColourspace('cmyk').toColourspace('cmyk');
  const isWide = depth === 'ushort';
  const { data, info } = await stored.raw({ depth: isWide ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
  const bytes = isWide ? highBytes(data) : data;
  return { width: info.width, height: info.height, data: cmykToRgb(bytes, info.channels) };
};

/** A GIF has pixels that belong to no frame. libvips gives them no colour; Pillow does. */
const gif = async (image: Sharp, bytes: Uint8Array, alpha: Alpha): Promise<Rgb> => {
  const { data, info } = await rgba(image);
  const { color, frame, transparent } = gifGround(bytes);
  for (let i = 0, pixel = 0; i < data.length; i += 4, pixel++) {
    const [x, y] = [(pixel % info.width) - frame.x, Math.floor(pixel / info.width) - frame.y];
    const isFrame = x >= 0 && y >= 0 && x < frame.width && y < frame.height;
    if (isFrame && data[i + 3] !== 0) continue;
    data.set(color, i);
    data[i + 3] = transparent ? 0 : 255;
  }
  return { width: info.width, height: info.height, data: withoutAlpha(data, alpha) };
};

/** Colours that were stored times their opacity. */
const multiplied = async (image: Sharp, alpha: Alpha): Promise<Rgb> => {
  const { data, info } = await rgba(image);
  return { width: info.width, height: info.height, data: withoutAlpha(unmultiply(data), alpha) };
};

const opaque = async (image: Sharp, alpha: Alpha): Promise<Rgb> => {
  const flat = alpha === 'drop' ? image.removeAlpha() : image.flatten({ background: alpha });
  return asRgb(await raw(flat.toColourspace('srgb')));
};

/** libvips takes YCbCr for RGB, unless a JPEG in the TIFF holds it. */
const isYCbCr = (tags: TiffTags): boolean =>
  tags.get(TAG.photometric)?.[0] === 6 && tags.get(TAG.compression)?.[0] !== JPEG;

const pixels = async (image: Sharp, metadata: Metadata, bytes: Uint8Array, { alpha }: DecodeRules): Promise<Rgb> => {
  const { format, space } = metadata;
  if (space === 'cmyk') return cmyk(image, metadata.depth);
  if (format === 'gif') return gif(image, bytes, alpha);
  if (format !== 'tiff') return opaque(image, alpha);
  const tags = tiffTags(bytes);
  if (tags.get(TAG.extraSamples)?.[0] === 1 && metadata.channels === 4) return multiplied(image, alpha);
  const photo = await opaque(image, alpha);
  return isYCbCr(tags) ? { ...photo, data: yCbCrToRgb(photo.data) } : photo;
};

/** Orientation that EXIF does not state, but XMP or a PNG's raw profile does, as Pillow looks for it. */
const otherOrientation = ({ format, orientation, xmp, comments }: Metadata, bytes: Uint8Array): number | undefined => {
  // libvips states 1 for a TIFF that states none. What an AVIF states is a part of its format.
  const stated = format === 'tiff' ? tiffTags(bytes).get(TAG.orientation)?.[0] : orientation;
  if (stated !== undefined || format === 'heif') return undefined;
  const profile = comments?.find(({ keyword }) => keyword === 'Raw profile type exif');
  return (profile && orientationOfRawProfile(profile.text)) ?? (xmp && orientationOfXmp(xmp));
};

/** How files of the formats that libvips reads begin; where it does not know one, its end is missing. */
const isOfOurs = starts('\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF', 'GIF8', 'II*\0', 'II+\0', 'MM\0*', 'MM\0+');

const unreadable = (error: unknown, bytes: Uint8Array, rules: DecodeRules): PhotoError => {
  const reason = reasonOf(error);
  const kind = jpegKind(bytes) ?? unreadTiff(bytes) ?? kindOf(bytes);
  if (kind !== undefined) return notReadHere(kind, error);
  if (/unsupported image format/i.test(reason) && !isOfOurs(bytes)) {
    return new PhotoError('not-a-photo', `The file's content is not one of ${formatNames.join(', ')}.`, error);
  }
  return /pixel limit/i.test(reason) ? tooLarge(error) : isDamaged(rules, error);
};

type FailOn = 'error' | 'none';

const attempt = async (bytes: Uint8Array, rules: DecodeRules, failOn: FailOn): Promise<Decoded> => {
  const image = sharp(bytes, { failOn, ignoreIcc: true });
  const metadata = await image.metadata();
  const { format } = metadata;
  if (format === undefined || !(format in photoFormats)) {
    const found = format ?? 'something else';
    throw new PhotoError('not-a-photo', `The file holds ${found}, not one of ${formatNames.join(', ')}.`);
  }
  const rawFile = format === 'tiff' ? rawFileOf(bytes) : undefined;
  if (rawFile !== undefined) throw notReadHere(rawFile);
  const photo = await pixels(image.autoOrient(), metadata, bytes, rules);
  const elsewhere = otherOrientation(metadata, bytes);
  // What an AVIF states, its every reader obeys.
  const stated = elsewhere ?? (format === 'heif' ? 1 : metadata.orientation) ?? 1;
  const orientation = isOrientation(stated) ? stated : 1;
  return { ...upright(photo, elsewhere ?? 1), format, orientation, damaged: failOn === 'none' };
};

/** All that sharp's build of libvips reads. */
export const libvips: Decoder = {
  recognises: () => true,
  decode: async (bytes, rules) => {
    try {
      // Damage that loses pixels is an error. A mere warning (a stray byte between markers) is not.
      return await attempt(bytes, rules, 'error');
    } catch (error) {
      if (error instanceof PhotoError) throw error;
      const refusal = unreadable(error, bytes, rules);
      if (!rules.acceptDamaged || refusal.code !== 'undecodable') throw refusal;
      return attempt(bytes, rules, 'none').catch((again: unknown) => {
        throw unreadable(again, bytes, rules);
      });
    }
  },
};

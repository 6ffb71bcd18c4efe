import { type TiffTags, tiffTags } from './tiff-tags.js';

/** Numbers of the tags that decide how a TIFF is read. */
export const TAG = {
  subfile: 254,
  bits: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samples: 277,
  planar: 284,
  tileWidth: 322,
  children: 330,
  extraSamples: 338,
  sampleFormat: 339,
  subsampling: 530,
  dng: 50706,
} as const;

export const JPEG = 7;

// What libvips' build of sharp reads is not here.
const compressions: Readonly<Record<number, string>> = {
  6: 'JPEG compression of the old kind',
  9: 'JBIG compression',
  10: 'JBIG compression',
  32766: 'NeXT compression',
  32809: 'ThunderScan compression',
  32908: 'Pixar film compression',
  32909: 'Pixar compression',
  34661: 'JBIG compression',
  34676: 'SGI Log compression',
  34677: 'SGI Log compression',
  34712: 'JPEG 2000 compression',
  34887: 'LERC compression',
  34925: 'LZMA compression',
  50000: 'Zstandard compression',
  50001: 'WebP compression',
  50002: 'JPEG XL compression',
};

const photometrics: Readonly<Record<number, string>> = {
  4: 'a mask of transparency',
  8: 'Lab colours',
  9: 'ICC Lab colours',
  10: 'ITU Lab colours',
  32803: 'the raw data of a camera',
  32844: 'LogL brightness',
  32845: 'LogLuv colours',
  34892: 'the raw data of a camera',
};

const sampleFormats: Readonly<Record<number, string>> = { 5: 'complex whole numbers', 6: 'complex numbers' };

const isSubsampled = ([x = 2, y = 2]: readonly number[] = []): boolean => x * y > 1;

/** A camera's raw file is a TIFF whose first picture is a small copy, or says what it is. */
const rawFile = (tags: TiffTags): string | undefined => {
  const isCopy = ((tags.get(TAG.subfile)?.[0] ?? 0) & 1) === 1;
  if (tags.has(TAG.dng)) return 'DNG';
  return isCopy && tags.has(TAG.children) ? "A camera's raw file" : undefined;
};

/** What a TIFF is whose first picture is only a part of it, though it could be read. Undefined: it is a photo. */
export const rawFileOf = (bytes: Uint8Array): string | undefined => rawFile(tiffTags(bytes));

/** What in a TIFF that cannot be read is beyond the decoder, in words. Undefined: nothing, so it is damaged. */
export const unreadTiff = (bytes: Uint8Array): string | undefined => {
  const tags = tiffTags(bytes);
  const one = (tag: number, fallback: number): number => tags.get(tag)?.[0] ?? fallback;
  const [bits, compression, photometric] = [one(TAG.bits, 1), one(TAG.compression, 1), one(TAG.photometric, 1)];
  const found = [
    compressions[compression],
    photometrics[photometric],
    sampleFormats[one(TAG.sampleFormat, 1)],
    [8, 16, 32, 64, ...(one(TAG.samples, 1) === 1 ? [1, 2, 4] : [])].includes(bits)
      ? undefined
      : `${bits} bits a channel`,
    one(TAG.planar, 1) === 2 && tags.has(TAG.tileWidth) ? 'tiles of single channels' : undefined,
    photometric === 6 && compression !== JPEG && isSubsampled(tags.get(TAG.subsampling))
      ? 'YCbCr with fewer values of colour than of brightness'
      : undefined,
  ].filter((words) => words !== undefined);
  return found.length === 0 ? undefined : `This kind of TIFF (${found.join(', ')})`;
};

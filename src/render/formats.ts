import type { Sharp } from 'sharp';

interface PictureFormat {
  /** Ending of the file's name, with its dot. */
  readonly ending: string;
  /** Longest side that the format can hold, in pixels. */
  readonly longest: number;
  readonly transparent: boolean;
  readonly encode: (image: Sharp) => Sharp;
}

/** Formats that pictures are written in. */
export const pictureFormats = {
  jpeg: {
    ending: '.jpg',
    longest: 65_535,
    transparent: false,
    // Without optimised Huffman tables, encoding takes half the time and the file is 5 % larger.
    encode: (image) => image.jpeg({ quality: 90, optimizeCoding: false }),
  },
  png: { ending: '.png', longest: 2 ** 31 - 1, transparent: true, encode: (image) => image.png() },
  webp: { ending: '.webp', longest: 16_383, transparent: true, encode: (image) => image.webp({ quality: 90 }) },
} satisfies Record<string, PictureFormat>;

export type PictureFormatName = keyof typeof pictureFormats;

/** The photo's own format where pictures can be written in it, else JPEG. */
export const formatLike = (photoFormat: string): PictureFormatName =>
  photoFormat in pictureFormats ? (photoFormat as PictureFormatName) : 'jpeg';

/** The format for a transparent picture: the given one where it can hold transparency, else PNG. */
export const transparentFormat = (format: PictureFormatName): PictureFormatName =>
  pictureFormats[format].transparent ? format : 'png';

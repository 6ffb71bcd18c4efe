import type { Sharp } from 'sharp';

interface PictureFormat {
  /** Ending of the file's name, with its dot. */
  readonly ending: string;
  readonly encode: (image: Sharp) => Sharp;
}

/** Formats that pictures are written in. */
export const pictureFormats = {
  // Huffman tables are not optimised: half the time for 5 % more bytes.
  jpeg: { ending: '.jpg', encode: (image) => image.jpeg({ quality: 90, optimizeCoding: false }) },
  png: { ending: '.png', encode: (image) => image.png() },
  webp: { ending: '.webp', encode: (image) => image.webp({ quality: 90 }) },
} satisfies Record<string, PictureFormat>;

export type PictureFormatName = keyof typeof pictureFormats;

/** The format of a photo's pictures: the photo's own where pictures are written in it, else JPEG. */
export const formatLike = (photoFormat: string): PictureFormatName =>
  photoFormat in pictureFormats ? (photoFormat as PictureFormatName) : 'jpeg';

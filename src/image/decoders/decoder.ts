import { PhotoError } from '../../errors.js';
import type { Alpha } from '../alpha.js';
import { notReadWords } from '../kinds.js';

/** 8-bit RGB, [height, width, 3], rows from the top. */
export interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What a caller decides about a photo's pixels. */
export interface DecodeRules {
  /** What becomes of transparency. */
  readonly alpha: Alpha;
  /** Whether a photo whose end is missing, or is damaged, is read as far as it goes. */
  readonly acceptDamaged: boolean;
}

export interface Decoded extends Rgb {
  readonly format: string;
  /** How the file stores the pixels, 1 to 8 as in EXIF; they are upright here. */
  readonly orientation: number;
  /** Whether pixels are missing. They are gray or black. Never true without `acceptDamaged`. */
  readonly damaged: boolean;
}

/** A reader of photo formats. */
export interface Decoder {
  /** Whether the bytes, one or more, begin as a file of its formats does. */
  readonly recognises: (bytes: Uint8Array) => boolean;
  /**
   * Decodes to what Pillow's `convert('RGB')` gives, turned upright, with transparency by the caller's rule.
   * @throws PhotoError `not-a-photo`, `unsupported-format`, `too-large`, `undecodable`.
   */
  readonly decode: (bytes: Uint8Array, rules: DecodeRules) => Decoded | Promise<Decoded>;
}

// sharp's own limit.
const MAX_PIXELS = 0x3fff * 0x3fff;

export const tooLarge = (cause?: unknown): PhotoError =>
  new PhotoError('too-large', 'The photo has more than 268 million pixels; make it smaller first.', cause);

/** @throws PhotoError `too-large`. Called before memory is taken, as a header may state any size. */
export const requireSize = (width: number, height: number): void => {
  if (width * height > MAX_PIXELS) throw tooLarge();
};

export const isDamaged = ({ acceptDamaged }: DecodeRules, cause?: unknown): PhotoError =>
  new PhotoError(
    'undecodable',
    acceptDamaged
      ? 'The photo is damaged or cut off, and nothing of it can be drawn.'
      : 'The photo is damaged or cut off; --accept-damaged draws what there is of it.',
    cause,
  );

/** @param kind as `notReadWords` takes it. */
export const notReadHere = (kind: string, cause?: unknown): PhotoError =>
  new PhotoError('unsupported-format', notReadWords(kind), cause);

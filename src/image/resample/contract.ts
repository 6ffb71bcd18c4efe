import type { Box, Size } from '../../maps/box.js';
import type { Rgb } from '../decode.js';

/** A range of rows or columns: from `start`, `length` of them. */
export interface PixelRange {
  readonly start: number;
  readonly length: number;
}

/** What is wanted of a resize. */
export interface Wanted {
  /** The part that is resized, in the picture's pixels. All of the picture, unless the family takes any part. */
  readonly part: Box;
  /** Size that the part is resized to. */
  readonly to: Size;
  /** The columns and rows of the result that are returned. The others are not computed. */
  readonly columns: PixelRange;
  readonly rows: PixelRange;
}

/** A resized picture. Where the library does not round, `exact` holds its values, [height, width, 3], 0 to 255. */
export interface Resized extends Rgb {
  readonly exact?: Float32Array;
}

/** One rule of resizing. Its bytes are those of resizing all of the part and then cropping. */
export type Resampler = (picture: Rgb, wanted: Wanted) => Resized;

/** A library's rules of resizing, and what else of its way with pictures is its own. */
export interface Family<Name extends string> {
  readonly rules: Readonly<Record<Name, Resampler>>;
  /** Whether a part may begin and end between pixels. If not, it is cut out at whole pixels before. */
  readonly takesAnyPart: boolean;
  /** Brightness of a colour, 0 to 255, as the library computes it. */
  readonly brightness: (red: number, green: number, blue: number) => number;
}

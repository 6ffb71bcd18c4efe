import type { Box, Size } from '../../maps/box.js';
import type { Rgb } from '../decode.js';
import type { Family, PixelRange, Resized } from './contract.js';
import { opencv } from './opencv.js';
import { pillow } from './pillow.js';
import { tensorflow } from './tensorflow.js';
import { cut } from './whole-pixels.js';

/** The registry of resizes: those of each library, by the names that flags and files have for them. */

/** The name of a resize. Pillow's have the names of its filters. */
export type Resample = keyof typeof pillow.rules | keyof typeof opencv.rules | keyof typeof tensorflow.rules;

const families: readonly Family<string>[] = [pillow, opencv, tensorflow];

const familyOf = (name: Resample): Family<string> => {
  const family = families.find(({ rules }) => Object.hasOwn(rules, name));
  if (family === undefined) throw new Error(`no resize is called ${name}`);
  return family;
};

/** Every resize, by name. */
export const resamples = families.flatMap(({ rules }) => Object.keys(rules)) as readonly Resample[];

/** The resizes of Pillow, whose names side files of training libraries have. */
export const pillowResamples = Object.keys(pillow.rules) as readonly (keyof typeof pillow.rules)[];

/** Whether a resize reads a part that begins and ends between pixels. The others are given whole pixels. */
export const takesAnyPart = (name: Resample): boolean => familyOf(name).takesAnyPart;

/** Brightness in all three channels, as the library of this resize computes it. */
export const toGray = ({ width, height, data }: Rgb, name: Resample): Rgb => {
  const { brightness } = familyOf(name);
  const gray = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) gray.fill(brightness(data[i], data[i + 1], data[i + 2]), i, i + 3);
  return { width, height, data: gray };
};

/** What of a resize is wanted, where that is not all of the picture. */
interface Less {
  readonly part?: Box;
  /** Whether the part is cut out before it is resized. If not, a filter may also read the pixels around it. */
  readonly cutFirst?: boolean;
  readonly columns?: PixelRange;
  readonly rows?: PixelRange;
}

const whole = ({ width, height }: Size): Box => ({ x: 0, y: 0, width, height });

/**
 * Resizes a part of the picture, and returns `columns` and `rows` of the result. The bytes are those of resizing all of
 * the part and then cropping, without computing what would be cropped away. The result shares no memory with the picture.
 */
export const resample = (picture: Rgb, name: Resample, to: Size, less: Less = {}): Resized => {
  const { rules, takesAnyPart } = familyOf(name);
  const asked = less.part ?? whole(picture);
  const from = less.cutFirst || !takesAnyPart ? cut(picture, asked) : picture;
  return rules[name](from, {
    part: less.cutFirst || !takesAnyPart ? whole(from) : asked,
    to,
    columns: less.columns ?? { start: 0, length: to.width },
    rows: less.rows ?? { start: 0, length: to.height },
  });
};

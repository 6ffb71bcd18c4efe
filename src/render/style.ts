import type { Interpolation } from '../maps/upsample.js';
import { blendTableOf } from './blend-table.js';
import type { PictureFormatName } from './formats.js';
import { type Coloring, type Palette, paletteOf } from './palette.js';

/** Kinds of pictures that can be made of a photo. */
export const pictureKinds = ['overlay', 'heatmap', 'map', 'map16', 'mask', 'input', 'crop'] as const;

export type PictureKind = (typeof pictureKinds)[number];

/** Kinds that show the parts of a map's evidence. */
export const kindsOfParts: ReadonlySet<PictureKind> = new Set(['mask', 'crop']);

/** `separate`: a picture for each class. `strip`: one picture, the photo and its classes side by side. */
export const layouts = ['separate', 'strip'] as const;

/** The options that decide how pictures look. */
export interface StyleOptions extends Coloring {
  readonly interpolation: Interpolation;
  readonly layout: (typeof layouts)[number];
  /** Whether class, score and a colour bar stand below each overlay. */
  readonly caption: boolean;
  /** Around the crop of a box on each side, as a share of the box's width and height. */
  readonly margin: number;
  /** Undefined: the photo's own format where pictures can be written in it, else JPEG. */
  readonly format: PictureFormatName | undefined;
}

/** The same options with tables that all photos share. */
export interface PictureStyle extends StyleOptions {
  readonly palette: Palette;
  readonly blendTable: Int32Array;
  /** The palette of the caption's colour bar: colours at full opacity. */
  readonly bar: Palette;
}

export const prepareStyle = (options: StyleOptions): PictureStyle => {
  const palette = paletteOf(options);
  return { ...options, palette, blendTable: blendTableOf(palette), bar: paletteOf({ ...options, opacity: 1 }) };
};

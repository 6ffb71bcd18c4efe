import type { Interpolation } from '../maps/upsample.js';
import { blendTableOf } from './blend-table.js';
import type { PictureFormatName } from './formats.js';
import { type Coloring, type Palette, paletteOf } from './palette.js';

/** What can be written of a photo. */
export const pictureKinds = ['overlay', 'heatmap', 'map', 'input'] as const;

export type PictureKind = (typeof pictureKinds)[number];

/** A picture each class, or one of the photo and all its classes beside each other. */
export const layouts = ['separate', 'strip'] as const;

/** How a person wants the pictures to look. */
export interface StyleOptions extends Coloring {
  readonly interpolation: Interpolation;
  readonly layout: (typeof layouts)[number];
  /** Whether class, score and a colour bar stand below each overlay. */
  readonly caption: boolean;
  /** Undefined: the photo's own where pictures are written in it, else JPEG. */
  readonly format: PictureFormatName | undefined;
}

/** The same with tables that all photos share. */
export interface PictureStyle extends StyleOptions {
  readonly palette: Palette;
  readonly blendTable: Int32Array;
  /** Of the caption's colour bar: the colours at full strength. */
  readonly bar: Palette;
}

export const prepareStyle = (options: StyleOptions): PictureStyle => {
  const palette = paletteOf(options);
  return { ...options, palette, blendTable: blendTableOf(palette), bar: paletteOf({ ...options, opacity: 1 }) };
};

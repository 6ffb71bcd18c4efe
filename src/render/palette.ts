import { neutral, type Scale } from '../maps/scale.js';
import { type ColormapName, colormaps } from './colormaps/index.js';
import { LEVELS } from './colormaps/table.js';

/** Colour and opacity of each of 256 scaled values, from 0 to 1. */
export interface Palette {
  /** RGB one after the other. */
  readonly colors: Uint8Array;
  /** How opaque each value's colour is over the photo, [0, 1]. */
  readonly opacities: Float32Array;
}

/** How a heatmap is coloured. */
export interface Coloring {
  readonly colormap: ColormapName;
  readonly scale: Scale;
  /** Of the heatmap, [0, 1]. */
  readonly opacity: number;
  /** Whether the opacity is multiplied by the scaled value's distance from no evidence, [0, 1]. */
  readonly fade: boolean;
}

/** Each value's colour and opacity in 8 bits: RGBA, one after the other. */
export const rgbaOf = ({ colors, opacities }: Palette): Uint8ClampedArray<ArrayBuffer> => {
  const rgba = new Uint8ClampedArray(LEVELS * 4);
  opacities.forEach((opacity, entry) => {
    rgba.set(colors.subarray(entry * 3, entry * 3 + 3), entry * 4);
    rgba[entry * 4 + 3] = Math.floor(opacity * 255 + 0.5);
  });
  return rgba;
};

export const paletteOf = ({ colormap, scale, opacity, fade }: Coloring): Palette => {
  const zero = neutral(scale);
  const evidence = (entry: number) => Math.abs(entry / (LEVELS - 1) - zero) / (1 - zero);
  return {
    colors: colormaps[colormap].table(),
    opacities: Float32Array.from({ length: LEVELS }, (_, entry) => opacity * (fade ? evidence(entry) : 1)),
  };
};

import { neutral, type Scale } from '../cam/scale.js';
import type { ColormapName } from './colormaps/index.js';
import { colormaps } from './colormaps/index.js';
import { LEVELS } from './colormaps/table.js';

/** How each scaled value is painted. */
export interface Palette {
  /** RGB one after the other, of 256 values from 0 to 1. */
  readonly colors: Uint8Array;
  /** Of each value's colour over the photo, [0, 1]. */
  readonly opacities: Float32Array;
}

/**
 * How opaque a faded colour is, as a share of the heatmap's opacity.
 * @param evidence distance of the scaled value from no evidence, [0, 1].
 */
const fading = (evidence: number): number => evidence;

/** @param opacity of the heatmap, [0, 1]; with `fade`, of its strongest evidence, and none where there is none. */
export const paletteOf = (look: {
  readonly colormap: ColormapName;
  readonly scale: Scale;
  readonly opacity: number;
  readonly fade: boolean;
}): Palette => {
  const zero = neutral(look.scale);
  const evidence = (index: number) => Math.abs(index / (LEVELS - 1) - zero) / (1 - zero);
  return {
    colors: colormaps[look.colormap].table(),
    opacities: Float32Array.from(
      { length: LEVELS },
      (_, index) => look.opacity * (look.fade ? fading(evidence(index)) : 1),
    ),
  };
};

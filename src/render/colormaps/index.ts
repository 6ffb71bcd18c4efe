import { interpolateInferno, interpolateMagma, interpolatePlasma, interpolateViridis } from 'd3-scale-chromatic';
import { coolwarm } from './coolwarm.js';
import { jet } from './jet.js';
import { LEVELS, tableOf, tableOfHex } from './table.js';
import { turbo } from './turbo.js';

export interface Colormap {
  /** Whether its middle stands for zero and its ends for opposite directions. */
  readonly diverging: boolean;
  /** 256 colours from the lowest value to the highest, RGB one after the other. Computed at each call. */
  readonly table: () => Uint8Array;
}

const sequential = (table: () => Uint8Array): Colormap => ({ diverging: false, table });
const diverging = (table: () => Uint8Array): Colormap => ({ diverging: true, table });

/** d3's colormaps return CSS colours such as "#440154". */
const ofCss =
  (interpolate: (t: number) => string): (() => Uint8Array) =>
  () =>
    tableOfHex(Array.from({ length: LEVELS }, (_, i) => interpolate(i / (LEVELS - 1)).slice(1)).join(''));

const gray = (): Uint8Array => tableOf((index) => [index, index, index]);

/** Each colormap by name. A new one is one entry. */
export const colormaps = {
  turbo: sequential(turbo),
  jet: sequential(jet),
  viridis: sequential(ofCss(interpolateViridis)),
  inferno: sequential(ofCss(interpolateInferno)),
  magma: sequential(ofCss(interpolateMagma)),
  plasma: sequential(ofCss(interpolatePlasma)),
  gray: sequential(gray),
  coolwarm: diverging(coolwarm),
} satisfies Record<string, Colormap>;

export type ColormapName = keyof typeof colormaps;

import {
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateTurbo,
  interpolateViridis,
} from 'd3-scale-chromatic';

/** 256 colours from the lowest value to the highest, RGB one after the other. */
export type Colormap = Uint8Array;

const LEVELS = 256;

const table = (color: (t: number) => readonly [number, number, number]): Colormap =>
  Uint8Array.from(Array.from({ length: LEVELS }, (_, i) => color(i / (LEVELS - 1))).flat());

/** A colour as CSS writes it, "#440154" or "rgb(68, 1, 84)", in numbers. */
const parseCss = (css: string): readonly [number, number, number] => {
  const numbers = css.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16))
    : (css.match(/\d+/g) ?? []).map(Number);
  return [numbers[0], numbers[1], numbers[2]];
};

const ofCss =
  (interpolate: (t: number) => string): (() => Colormap) =>
  () =>
    table((t) => parseCss(interpolate(t)));

const gray = (): Colormap =>
  table((t) => {
    const level = Math.round(t * (LEVELS - 1));
    return [level, level, level];
  });

/** Each colormap by name, made when it is asked for. A new one is one entry. */
export const colormaps = {
  turbo: ofCss(interpolateTurbo),
  viridis: ofCss(interpolateViridis),
  inferno: ofCss(interpolateInferno),
  magma: ofCss(interpolateMagma),
  plasma: ofCss(interpolatePlasma),
  gray,
} satisfies Record<string, () => Colormap>;

export type ColormapName = keyof typeof colormaps;

import type { ClassMap } from '../../cam/class-map.js';
import { type Range, scaled } from '../../cam/scale.js';
import { atMostOneCellAPixel, planUpsampling, upsample } from '../../cam/upsample.js';
import type { Box } from '../../photo/geometry.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import type { Look } from './state.js';

const tables = new Map<ColormapName, Uint8Array>();

/** A colormap's colours, made once. */
export const tableOf = (name: ColormapName): Uint8Array => {
  const table = tables.get(name) ?? colormaps[name].table();
  tables.set(name, table);
  return table;
};

/** A photo's four numbers as a box. */
export const boxOf = ([x, y, width, height]: readonly [number, number, number, number]): Box => ({
  x,
  y,
  width,
  height,
});

/**
 * Draws a map over the seen region, which the canvas covers, as the command does: scaled, enlarged in floats, coloured
 * last. How far the photo shines through is left to the style.
 * @param field the network's whole input and `seen` the part that is photo, both in photo pixels.
 * @param range logits of the colormap's ends; undefined: nothing to show.
 */
export const drawHeat = (
  canvas: HTMLCanvasElement,
  map: ClassMap,
  { field, seen }: { readonly field: Box; readonly seen: Box },
  range: Range | undefined,
  { scale, colormap, interpolation }: Look,
): void => {
  const { width, height } = canvas;
  const [across, down] = [width / seen.width, height / seen.height];
  const whole = {
    x: (field.x - seen.x) * across,
    y: (field.y - seen.y) * down,
    width: field.width * across,
    height: field.height * down,
  };
  const drawn = atMostOneCellAPixel(map, whole);
  const plan = planUpsampling(drawn, whole, { x: 0, y: 0, width, height }, interpolation);
  const readRow = upsample(scaled(drawn, range, scale), plan);
  const table = tableOf(colormap);
  const highest = table.length / 3 - 1;
  const pixels = new ImageData(width, height);
  const heat = new Float32Array(width);
  for (let row = 0, pixel = 0; row < height; row++) {
    readRow(row, heat);
    for (let x = 0; x < width; x++, pixel += 4) {
      const color = ((heat[x] * highest + 0.5) | 0) * 3;
      pixels.data[pixel] = table[color];
      pixels.data[pixel + 1] = table[color + 1];
      pixels.data[pixel + 2] = table[color + 2];
      pixels.data[pixel + 3] = 255;
    }
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
};

/** The map's value at a point of the photo, in logits, as it is drawn there. */
export const valueAt = (
  map: ClassMap,
  field: Box,
  [x, y]: readonly [number, number],
  { interpolation }: Look,
): number => {
  // The point is the centre of a picture of one pixel.
  const around = { ...field, x: field.x - x + 0.5, y: field.y - y + 0.5 };
  const value = new Float32Array(1);
  upsample(map, planUpsampling(map, around, { x: 0, y: 0, width: 1, height: 1 }, interpolation))(0, value);
  return value[0];
};

import type { Box } from '../../maps/box.js';
import type { ClassMap } from '../../maps/class-map.js';
import { summarize } from '../../maps/residual.js';
import { type LogitRange, scaled } from '../../maps/scale.js';
import { atMostOneCellAPixel, type Interpolation, planUpsampling } from '../../maps/upsample.js';
import { heatmap } from '../../render/heatmap.js';
import { type Palette, paletteOf } from '../../render/palette.js';
import type { Look } from './state.js';

const palettes = new Map<string, Palette>();

/** What scaled values look like, made once a look. The heatmap's opacity is left to the style, which alone changes then. */
export const palette = ({ colormap, scale, fade }: Look): Palette => {
  const key = `${colormap} ${scale} ${fade}`;
  const made = palettes.get(key) ?? paletteOf({ colormap, scale, fade, opacity: 1 });
  palettes.set(key, made);
  return made;
};

/**
 * Draws a map over the seen region, which the canvas covers, as the command does: scaled, enlarged in floats, coloured
 * last.
 * @param field what the map's cells cover and `seen` the part of it that is photo, both in photo pixels.
 * @param range logits of the colormap's ends; null: nothing to show.
 */
export const drawHeat = (
  canvas: HTMLCanvasElement,
  map: ClassMap,
  { field, seen }: { readonly field: Box; readonly seen: Box },
  range: LogitRange,
  look: Look,
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
  const plan = planUpsampling(drawn, whole, { x: 0, y: 0, width, height }, look.interpolation);
  const { data } = heatmap({ width, height }, scaled(drawn, range, look.scale), plan, palette(look));
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data.buffer), width, height), 0, 0);
};

/** A map's value at a point of the photo. */
const valueAt = (
  { rows, columns, data }: ClassMap,
  field: Box,
  [x, y]: readonly [number, number],
  interpolation: Interpolation,
): number => {
  // The point is the centre of a picture of one pixel.
  const around = { ...field, x: field.x - x + 0.5, y: field.y - y + 0.5 };
  const at = planUpsampling({ rows, columns }, around, { x: 0, y: 0, width: 1, height: 1 }, interpolation);
  let value = 0;
  at.rows.cells.forEach((row, i) => {
    at.columns.cells.forEach((column, j) => {
      value += data[row * columns + column] * at.rows.shares[i] * at.columns.shares[j];
    });
  });
  return value;
};

/** The value, in logits, of the cell in which a point of the photo lies. */
export const cellAt = (map: ClassMap, field: Box, point: readonly [number, number]): number =>
  valueAt(map, field, point, 'nearest');

/**
 * The value, in logits, that the colour at a point of the photo stands for: the cells are cut off at the ends of the
 * range before they are enlarged, so it may differ from the cell's own.
 */
export const drawnAt = (
  map: ClassMap,
  field: Box,
  point: readonly [number, number],
  [low, high]: NonNullable<LogitRange>,
  { scale, interpolation }: Look,
): number => {
  const cells = scaled(map, [low, high], scale);
  const { min, max } = summarize(cells);
  const share = Math.min(max, Math.max(min, valueAt(cells, field, point, interpolation)));
  return low + share * (high - low);
};

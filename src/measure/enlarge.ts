import type { Box, Size } from '../maps/box.js';

/** Cells of a map, row by row, in any unit. */
export interface Cells {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/** The two cells that a pixel lies between, along one axis, and how far it is from the first to the second, [0, 1]. */
type Place = readonly [first: number, second: number, past: number];

/** Beyond the outermost centres a pixel has its cell's own value, to the last bit: so ties stay ties. */
const placesOf = (pixels: number, cells: number, [from, length]: readonly [number, number]): readonly Place[] =>
  Array.from({ length: pixels }, (_, i) => {
    const at = Math.min(cells - 1, Math.max(0, ((i + 0.5 - from) / length) * cells - 0.5));
    const first = Math.floor(at);
    return [first, Math.min(cells - 1, first + 1), at - first];
  });

/**
 * A map over the network's input, with values between the centres of its cells by bilinear interpolation: [height, width], in
 * the map's own unit.
 * @param covered what the cells cover, in pixels of the input.
 * @param size of the input.
 */
export const enlarged = ({ rows, columns, data }: Cells, covered: Box, { width, height }: Size): Float64Array => {
  const across = placesOf(width, columns, [covered.x, covered.width]);
  const down = placesOf(height, rows, [covered.y, covered.height]);
  const wide = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    across.forEach(([first, second, past], x) => {
      const value = data[row * columns + first];
      wide[row * width + x] = value + (data[row * columns + second] - value) * past;
    });
  }
  const values = new Float64Array(width * height);
  down.forEach(([first, second, past], y) => {
    for (let x = 0; x < width; x++) {
      const value = wide[first * width + x];
      values[y * width + x] = value + (wide[second * width + x] - value) * past;
    }
  });
  return values;
};

import { type Extent, extentOf } from '../localise/plane.js';
import type { Size } from '../maps/box.js';
import { atMost, map16, type Range16 } from '../render/map16.js';
import type { MapRecord } from '../results/line.js';
import type { FoundPhoto, OutputFile } from './format.js';

// Pixels along each cell: between two centres the values lie on a line, which a browser's own smoothing draws too.
const A_CELL = 8;
// Shortest and longest of the longer side: there may be a million of these pictures, and a field of any size in a manifest.
const [LEAST, MOST] = [32, 256];

const sizeOf = ({ photo, field }: Extent, [rows, columns]: MapRecord['grid']): Size => {
  const cells = Math.max((columns * photo.width) / field.width, (rows * photo.height) / field.height);
  return atMost(photo, Math.min(MOST, Math.max(LEAST, Math.ceil(cells * A_CELL))));
};

/** A map over the whole photo, upright, as a small 16-bit picture that a reader stretches. */
export const heatFile = (name: string, { line }: FoundPhoto, map: MapRecord, range: Range16): OutputFile => {
  const extent = extentOf(line);
  return { name, content: () => map16(map, extent, sizeOf(extent, map.grid), range) };
};

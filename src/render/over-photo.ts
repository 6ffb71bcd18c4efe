import type { Extent } from '../localise/plane.js';
import type { Box, Size } from '../maps/box.js';
import type { ClassMap } from '../maps/class-map.js';
import type { Kernel } from '../maps/kernels.js';
import { atMostOneCellAPixel, planUpsamplingBy, upsampleInto } from '../maps/upsample.js';

/** How large a map is drawn over its photo, and how. */
export interface Drawing {
  /** In pixels. The photo is squeezed into it. */
  readonly size: Size;
  readonly kernel: Kernel;
  /** Value of the pixels whose part of the photo the network did not see. */
  readonly unseen: number;
}

/** The part of a box that lies in the photo. Manifests are written by anybody. */
const within = ({ x, y, width, height }: Box, photo: Size): Box => {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return {
    x: left,
    y: top,
    width: Math.max(0, Math.min(photo.width, x + width) - left),
    height: Math.max(0, Math.min(photo.height, y + height) - top),
  };
};

const scaledBy = ({ x, y, width, height }: Box, across: number, down: number): Box => ({
  x: x * across,
  y: y * down,
  width: width * across,
  height: height * down,
});

/**
 * A class map over the whole photo, upright: [height, width], in the map's own unit. Beyond the border the outermost cells
 * repeat, up to the edge of what the network saw.
 * @param values filled, of that size.
 */
export const overPhoto = (
  map: ClassMap,
  { photo, field, seen }: Extent,
  { size, kernel, unseen }: Drawing,
  values = new Float64Array(size.width * size.height),
): Float64Array => {
  const [across, down] = [size.width / photo.width, size.height / photo.height];
  const drawnField = scaledBy(field, across, down);
  const cells = atMostOneCellAPixel(map, drawnField);
  const at = planUpsamplingBy(kernel, cells, drawnField, scaledBy(within(seen, photo), across, down));
  values.fill(unseen);
  upsampleInto(cells, at, values, (row) => (at.rows.start + row) * size.width + at.columns.start);
  return values;
};

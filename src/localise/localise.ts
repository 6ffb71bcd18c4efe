import { largestOf, smallestOf } from '../extremes.js';
import type { Box } from '../maps/box.js';
import type { ClassMap } from '../maps/class-map.js';
import { isFlat } from '../maps/residual.js';
import { evidenceIn, positiveMean } from './evidence.js';
import { partsOf } from './parts.js';
import { type Extent, type Plane, planeOf } from './plane.js';
import type { BoxRule } from './rule.js';
import { type Run, runsAbove } from './runs.js';
import { thresholdOf } from './threshold.js';

/** A connected part of a class's evidence. */
export interface Part {
  /** In photo pixels, real numbers: its edges lie between pixels. */
  readonly box: Box;
  /** What its cells add to the logit. The map's mean is that of all parts and of the rest. */
  readonly evidence: number;
  /** Of all positive evidence of the map, the share that lies in it, [0, 1]. */
  readonly share: number;
  readonly runs: readonly Run[];
}

/** A map's parts, on a plane of pixels. */
export interface Localised {
  readonly plane: Plane;
  /** Most evidence first. */
  readonly parts: readonly Part[];
}

/** Most boxes of a map. */
const MOST = 5;

const boxAround = (runs: readonly Run[], { across, down }: Plane): Box => {
  let [left, right] = [Number.POSITIVE_INFINITY, 0];
  for (const { start, end } of runs) [left, right] = [Math.min(left, start), Math.max(right, end)];
  const [top, bottom] = [runs[0].row, runs[runs.length - 1].row + 1];
  return {
    x: left * across.step,
    y: top * down.step,
    width: (right - left) * across.step,
    height: (bottom - top) * down.step,
  };
};

const pixelsOf = (runs: readonly Run[]): number => runs.reduce((sum, { start, end }) => sum + end - start, 0);

/**
 * Where a class's evidence lies: the connected parts of a map's pixels that a rule takes. At most five, none smaller than
 * a cell. The map is enlarged by bilinear interpolation with half-pixel centres, at the photo's size or at 1024 pixels
 * along its longer side, whatever its pictures are drawn with: so it has the same parts in every picture.
 * @param map in logits. One without a positive value, or whose cells are all equal, has no parts: it points nowhere.
 */
export const localise = (map: ClassMap, extent: Extent, rule: BoxRule): Localised => {
  const plane = planeOf(map, extent);
  const { across, down } = plane;
  const all = positiveMean(plane);
  const { data } = map;
  if (all === 0 || isFlat({ min: smallestOf(data), max: largestOf(data) })) return { plane, parts: [] };
  const heldIn = evidenceIn(plane);
  const cell = 1 / (across.scale * down.scale);
  const parts = partsOf(runsAbove(plane, thresholdOf(plane, rule)), plane)
    .filter((runs) => pixelsOf(runs) >= cell)
    .map((runs) => {
      const { evidence, positive } = heldIn(runs);
      return { box: boxAround(runs, plane), evidence, share: positive / all, runs };
    })
    .sort((a, b) => b.evidence - a.evidence);
  return { plane, parts: parts.slice(0, MOST) };
};

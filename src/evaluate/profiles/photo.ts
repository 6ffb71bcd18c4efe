import { largestOf } from '../../extremes.js';
import { groupsOf } from '../../localise/parts.js';
import { type Plane, planeOf, profileOf, valueAt } from '../../localise/plane.js';
import { type Run, runsAbove } from '../../localise/runs.js';
import type { FourNumbers, Size } from '../../maps/box.js';
import { cellsOf } from '../../maps/result.js';
import { bestOverlap, type Edges, edgesOf, overlapsOf } from '../iou.js';
import { maskOfRegion, regionOf } from '../judge/region.js';
import type { Located } from '../judged.js';
import { countScores } from '../scores.js';
import { rightAt } from '../spans.js';
import type { LevelPicture } from '../sweep/levels.js';
import type { Parts } from '../sweep/parts.js';
import { type SweepRule, sweeper } from '../sweep/sweep.js';
import { halfWidthAbove, spotScores } from './centre.js';
import type { PlacedMap, Places, Profile, Wanted } from './profile.js';

/** Thresholds: 0, 0.005 and so on, of a map's largest value. */
const LEVELS = 200;
/** Longest side on which all thresholds are gone through, in pixels: a map of some ten cells has no finer edges. */
const LONGEST = 256;

/** The part with the most pixels; of two alike the one that begins higher. */
const most = ({ alive, count, sizes, firsts }: Parts): number => {
  let best = alive[0];
  for (let i = 1; i < count.value; i++) {
    const root = alive[i];
    if (sizes[root] > sizes[best] || (sizes[root] === sizes[best] && firsts[root] < firsts[best])) best = root;
  }
  return best;
};

const rule: SweepRule = {
  begin: () => {},
  choose: most,
  edgesOf: (left, top, right, bottom) => [left, top, right + 1, bottom + 1],
  edgesOfHole: undefined,
  empty: undefined,
};

/**
 * A map's levels over its photo. Negative evidence, and what the network did not see, is below all thresholds.
 * @param into at least as long as the plane has pixels.
 */
const levelsOf = (plane: Plane, into: Int16Array): LevelPicture => {
  const { size, across, down } = plane;
  const largest = largestOf(plane.map.data);
  const levels = into.subarray(0, size.width * size.height).fill(-1);
  const profile = new Float64Array(across.cells);
  for (let row = down.start; largest > 0 && row < down.end; row++) {
    profileOf(plane, row, profile);
    for (let x = across.start; x < across.end; x++) {
      const share = valueAt(profile, across, x) / largest;
      if (share > 0) levels[row * size.width + x] = Math.min(LEVELS, Math.ceil(share * LEVELS)) - 1;
    }
  }
  return { ...size, thresholds: LEVELS, levels };
};

/** The map over its photo from 0, its smallest value, to 1. What the network did not see is 0. */
const scoresOf = (plane: Plane): Float64Array => {
  const { size, across, down } = plane;
  const scores = new Float64Array(size.width * size.height);
  const profile = new Float64Array(across.cells);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const each = (visit: (at: number, value: number) => void) => {
    for (let row = down.start; row < down.end; row++) {
      profileOf(plane, row, profile);
      for (let x = across.start; x < across.end; x++) visit(row * size.width + x, valueAt(profile, across, x));
    }
  };
  each((_, value) => {
    if (value < low) low = value;
    if (value > high) high = value;
  });
  if (high > low) {
    each((at, value) => {
      scores[at] = (value - low) / (high - low);
    });
  }
  return scores;
};

/** The box around the largest connected part above a share of the largest value, in photo pixels. */
const boxAbove = (plane: Plane, threshold: number): FourNumbers | undefined => {
  const largest = largestOf(plane.map.data);
  if (largest <= 0) return undefined;
  const pixels = (runs: readonly Run[]) => runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const parts = groupsOf(runsAbove(plane, threshold * largest), 1);
  let [best, size]: [readonly Run[] | undefined, number] = [undefined, 0];
  for (const part of parts) {
    const own = pixels(part);
    if (own > size) [best, size] = [part, own];
  }
  if (best === undefined) return undefined;
  let [left, right] = [Number.POSITIVE_INFINITY, 0];
  for (const { start, end } of best) [left, right] = [Math.min(left, start), Math.max(right, end)];
  const { across, down } = plane;
  const [top, bottom] = [best[0].row, best[best.length - 1].row + 1];
  return [left * across.step, top * down.step, (right - left) * across.step, (bottom - top) * down.step];
};

const iouOf = (box: FourNumbers | undefined, truth: Edges): number =>
  box === undefined ? 0 : bestOverlap(box[0], box[1], box[0] + box[2], box[1] + box[3], truth);

/** @param scores asked for where there are masks alone. */
const countsOf = ({ extent: { photo } }: PlacedMap, places: Places, size: Size, scores: () => Float64Array) => {
  if (places.masked.length === 0) return undefined;
  const pixelsOf = (all: readonly (Uint8Array | undefined)[]) => {
    const shapes = all.flatMap((mask) => (mask === undefined ? [] : [{ mask }]));
    return maskOfRegion(regionOf(shapes, photo, size));
  };
  return countScores(scores(), pixelsOf(places.masked.map(({ mask }) => mask)), pixelsOf([places.nothing.ignored]));
};

/** Edges in the pixels of a plane. */
const inPlane = (edges: Edges, { across, down }: Plane): Edges =>
  edges.map((edge, i) => edge / (i % 2 === 0 ? across.step : down.step));

/** The bright spot's boxes at all thresholds, in shares of the photo's sides. It is a circle there. */
const spotBoxes: Edges = Float64Array.from({ length: LEVELS * 4 }, (_, i) => {
  const half = halfWidthAbove(Math.floor(i / 4) / LEVELS);
  return i % 4 < 2 ? 0.5 - half : 0.5 + half;
});

/** In the photo's own pixels, wherever the network looked: a box ends where the map falls below a share of its largest value. */
export const photo: Profile = {
  levels: LEVELS,
  thresholdOf: (level) => level / LEVELS,
  whole: false,
  words: {
    box: 'photo: largest part above t * max, 8-connected, IoU of edges',
    sweep: 'photo: 200 thresholds of max, strict, 8-connected, IoU of edges',
    scores: 'photo: bins of 0.001, all photos together',
  },
  locator: ({ sweep, any, scores }: Wanted, threshold) => {
    const sweepPicture = sweeper((LONGEST + 2) ** 2, any);
    // Used again for each map: as many new ones would fill the memory before they are collected.
    const levels = new Int16Array(LONGEST ** 2);
    const half = halfWidthAbove(threshold);
    return {
      map: (placed, places) => {
        const cells = cellsOf(placed.map);
        const truth = edgesOf(places.boxes);
        const box = boxAbove(planeOf(cells, placed.extent), threshold);
        const located = { box, iou: iouOf(box, truth), one: undefined, any: undefined, scores: undefined };
        if (!sweep && !scores) return located;
        const plane = planeOf(cells, placed.extent, LONGEST);
        const swept = sweep ? sweepPicture(levelsOf(plane, levels), inPlane(truth, plane), rule) : undefined;
        return {
          ...located,
          one: swept && rightAt(swept.one),
          any: swept && rightAt(swept.any),
          scores: scores ? countsOf(placed, places, plane.size, () => scoresOf(plane)) : undefined,
        };
      },
      centre: (placed, places): Located => {
        const { width, height } = placed.extent.photo;
        const truth = edgesOf(places.boxes);
        const box = [(0.5 - half) * width, (0.5 - half) * height, 2 * half * width, 2 * half * height] as const;
        const scaled = truth.map((edge, i) => edge / (i % 2 === 0 ? width : height));
        const right = sweep ? rightAt(overlapsOf(spotBoxes, scaled)) : undefined;
        const { size } = planeOf(cellsOf(placed.map), placed.extent, LONGEST);
        const counts = scores ? countsOf(placed, places, size, () => spotScores(size)) : undefined;
        return { box, iou: iouOf(box, truth), one: right, any: right, scores: counts };
      },
    };
  },
};

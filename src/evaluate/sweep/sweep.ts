import { bestOverlap, type Edges } from '../iou.js';
import { holesSweeper } from './holes.js';
import { type LevelPicture, ordered } from './levels.js';
import { type Parts, partsSweeper } from './parts.js';
import type { Sets } from './union.js';

/** Left, top, right and bottom edge. */
type FourEdges = readonly [left: number, top: number, right: number, bottom: number];

/** How boxes are drawn around parts. Bounds of parts are whole pixels, the last ones included. */
export interface SweepRule {
  /** Called before each picture. */
  readonly begin: () => void;
  /** The part that is taken where there may be one box. There is at least one part. */
  readonly choose: (parts: Parts) => number;
  readonly edgesOf: (left: number, top: number, right: number, bottom: number) => FourEdges;
  /** Of a hole. Undefined: holes have no boxes. */
  readonly edgesOfHole: SweepRule['edgesOf'] | undefined;
  /** The box where no pixel is kept. Undefined: none. */
  readonly empty: FourEdges | undefined;
}

/** A map's boxes at all thresholds, and how well they lie. */
export interface Swept {
  /** Best overlap of the one box with any of the true ones, [thresholds]. */
  readonly one: Float64Array;
  /** Best overlap of any box with any of the true ones, [thresholds]. */
  readonly any: Float64Array;
  /** Edges of the one box, [thresholds * 4]. All 0 where there is none. */
  readonly boxes: Float64Array;
}

/** Best overlap of all sets on the list, each computed anew where it grew at this level. */
const bestOf = (
  { alive, count, grew, left, top, right, bottom }: Sets,
  level: number,
  overlaps: Float64Array,
  edgesOf: SweepRule['edgesOf'],
  truth: Edges,
): number => {
  let best = 0;
  for (let i = 0; i < count.value; i++) {
    const root = alive[i];
    if (grew[root] === level) {
      const [x0, y0, x1, y1] = edgesOf(left[root], top[root], right[root], bottom[root]);
      overlaps[root] = bestOverlap(x0, y0, x1, y1, truth);
    }
    if (overlaps[root] > best) best = overlaps[root];
  }
  return best;
};

/**
 * Draws boxes around a picture's parts at all its thresholds, in one pass. Arrays are kept for the next picture.
 * @param most pixels of the largest picture, with a margin of one pixel on each side.
 * @param needsAll whether `any` is wanted, which takes as long again where holes have boxes.
 */
export const sweeper = (most: number, needsAll: boolean) => {
  const [sweepParts, sweepHoles] = [partsSweeper(most), holesSweeper(most)];
  const overlaps = new Float64Array(most);
  const pixels = new Int32Array(most);
  /** @param truth in the picture's pixels. */
  return (picture: LevelPicture, truth: Edges, rule: SweepRule): Swept => {
    const { thresholds } = picture;
    const swept = { one: new Float64Array(thresholds), any: new Float64Array(thresholds) };
    const { one, any } = swept;
    const boxes = new Float64Array(thresholds * 4);
    const { edgesOf, edgesOfHole, empty } = rule;
    rule.begin();
    const order = ordered(picture, pixels);
    sweepParts(picture, order, (level, parts, added) => {
      if (!added && level < thresholds - 1) {
        one[level] = one[level + 1];
        any[level] = any[level + 1];
        boxes.copyWithin(level * 4, level * 4 + 4, level * 4 + 8);
        return;
      }
      const root = parts.count.value === 0 ? -1 : rule.choose(parts);
      const { left, top, right, bottom } = parts;
      const edges = root < 0 ? empty : edgesOf(left[root], top[root], right[root], bottom[root]);
      if (edges !== undefined) {
        boxes.set(edges, level * 4);
        one[level] = bestOverlap(edges[0], edges[1], edges[2], edges[3], truth);
      }
      any[level] = root < 0 || !needsAll ? one[level] : bestOf(parts, level, overlaps, edgesOf, truth);
    });
    if (edgesOfHole === undefined || !needsAll) return { ...swept, boxes };
    let hole = 0;
    sweepHoles(picture, order, (level, holes, added) => {
      if (added || level === 0) hole = bestOf(holes, level, overlaps, edgesOfHole, truth);
      if (hole > any[level]) any[level] = hole;
    });
    return { ...swept, boxes };
  };
};

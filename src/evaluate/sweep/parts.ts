import type { LevelPicture, Ordered } from './levels.js';
import { groupsOf8, holesGained, maskAround, stepsAround, twiceGained } from './ring.js';
import { add, begin, find, join, newSets, type Sets } from './union.js';

/** Connected parts of the pixels that are kept at a threshold (8 neighbours). */
export interface Parts extends Sets {
  /** Of the part that a pixel stands for: number of its pixels. */
  readonly sizes: Int32Array;
  /** Twice the area of the polygons between the centres of its pixels that touch, without its holes. */
  readonly twiceAreas: Int32Array;
  /** Number of its holes. */
  readonly holes: Int32Array;
  /** Its first pixel, row by row. */
  readonly firsts: Int32Array;
  /** Pixels of one row with a margin on each side; pixels are counted so. */
  readonly stride: number;
}

/** @param added whether any pixel was kept that was not at the threshold above. */
type VisitParts = (level: number, parts: Parts, added: boolean) => void;

/** Joins two parts. @returns the pixel that stands for both. */
const joined = (parts: Parts, a: number, b: number, level: number): number => {
  const { sizes, twiceAreas, holes, firsts } = parts;
  const to = sizes[a] >= sizes[b] ? a : b;
  const from = to === a ? b : a;
  join(parts, to, from, level);
  sizes[to] += sizes[from];
  twiceAreas[to] += twiceAreas[from];
  // The pixel between them was counted as closing one.
  holes[to] += holes[from] - 1;
  if (firsts[from] < firsts[to]) firsts[to] = firsts[from];
  return to;
};

/** Adds a pixel to the parts around it. @param steps to its neighbours, clockwise from the one above. */
const addPixel = (parts: Parts, steps: Int32Array, pixel: number, level: number): void => {
  const { parents, sizes, twiceAreas, holes, firsts, stride } = parts;
  const mask = maskAround(parents, pixel, stride);
  const row = (pixel / stride) | 0;
  const column = pixel - row * stride;
  if (mask === 0) {
    begin(parts, pixel, column - 1, row - 1, level);
    sizes[pixel] = 1;
    twiceAreas[pixel] = 0;
    holes[pixel] = 0;
    firsts[pixel] = pixel;
    return;
  }
  const groups = groupsOf8[mask];
  let root = find(parents, pixel + steps[groups & 7]);
  add(parts, root, pixel, column - 1, row - 1, level);
  sizes[root]++;
  twiceAreas[root] += twiceGained[mask];
  holes[root] += holesGained[mask];
  if (pixel < firsts[root]) firsts[root] = pixel;
  for (let i = 1; i < groups >> 12; i++) {
    const other = find(parents, pixel + steps[(groups >> (i * 3)) & 7]);
    if (other !== root) root = joined(parts, root, other, level);
  }
};

/**
 * Finds the connected parts at all thresholds of a picture in one pass: pixels are added from the highest level down, and parts
 * grow together. Arrays are kept for the next picture.
 * @param most pixels of the largest picture, with its margin of one pixel on each side.
 * @returns calls `visit` for each threshold from the highest to 0. What it is shown changes after it returns.
 */
export const partsSweeper = (most: number): ((picture: LevelPicture, order: Ordered, visit: VisitParts) => void) => {
  const sets = newSets(most);
  // One object for all pictures, without a spread, whose fields are slower to find.
  const parts = {
    parents: sets.parents,
    left: sets.left,
    top: sets.top,
    right: sets.right,
    bottom: sets.bottom,
    grew: sets.grew,
    alive: sets.alive,
    placeOf: sets.placeOf,
    count: sets.count,
    stride: 0,
    sizes: new Int32Array(most),
    twiceAreas: new Int32Array(most),
    holes: new Int32Array(most),
    firsts: new Int32Array(most),
  };
  return (picture, { stride, pixels, starts }, visit) => {
    parts.stride = stride;
    sets.count.value = 0;
    sets.parents.fill(-1, 0, stride * (picture.height + 2));
    const steps = stepsAround(stride);
    for (let level = picture.thresholds - 1; level >= 0; level--) {
      const [start, end] = [starts[level + 1], starts[level + 2]];
      for (let i = start; i < end; i++) addPixel(parts, steps, pixels[i], level);
      visit(level, parts, end > start);
    }
  };
};

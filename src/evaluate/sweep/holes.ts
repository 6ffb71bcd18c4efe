import type { LevelPicture, Ordered } from './levels.js';
import { groupsOf4, maskAround, stepsAround } from './ring.js';
import { add, begin, drop, find, join, newSets, type Sets } from './union.js';

/** @param added whether there is any pixel that was kept at the threshold below. */
type VisitHoles = (level: number, holes: Sets, added: boolean) => void;

// The margin around the picture is one set, which is never on the list.
const OUTSIDE = 0;

/** Joins two sets, either of which may be the outside. @returns the pixel that stands for both. */
const joined = (sets: Sets, a: number, b: number, level: number): number => {
  if (a !== OUTSIDE && b !== OUTSIDE) {
    join(sets, a, b, level);
    return a;
  }
  const inner = a + b;
  sets.parents[inner] = OUTSIDE;
  drop(sets, inner);
  return OUTSIDE;
};

/** Adds a pixel to the sets that share an edge with it. @param steps to its neighbours, clockwise from the one above. */
const addPixel = (sets: Sets, steps: Int32Array, stride: number, pixel: number, level: number): void => {
  const { parents } = sets;
  const mask = maskAround(parents, pixel, stride);
  const groups = groupsOf4[mask];
  const count = groups >> 12;
  const row = (pixel / stride) | 0;
  const column = pixel - row * stride;
  if (count === 0) {
    begin(sets, pixel, column - 1, row - 1, level);
    return;
  }
  let root = find(parents, pixel + steps[groups & 7]);
  if (root === OUTSIDE) parents[pixel] = OUTSIDE;
  else add(sets, root, pixel, column - 1, row - 1, level);
  for (let i = 1; i < count; i++) {
    const other = find(parents, pixel + steps[(groups >> (i * 3)) & 7]);
    if (other !== root) root = joined(sets, root, other, level);
  }
};

/**
 * Finds the holes in the parts at all thresholds of a picture in one pass: the connected pixels that are not kept (4 neighbours)
 * and do not reach the picture's border. Arrays are kept for the next picture.
 * @param most pixels of the largest picture, with its margin of one pixel on each side.
 * @returns calls `visit` for each threshold from 0 up. What it is shown changes after it returns.
 */
export const holesSweeper = (most: number): ((picture: LevelPicture, order: Ordered, visit: VisitHoles) => void) => {
  const sets = newSets(most);
  const { parents } = sets;
  return (picture, { stride, pixels, starts }, visit) => {
    const { width, height, thresholds } = picture;
    sets.count.value = 0;
    parents.fill(-1, 0, stride * (height + 2));
    parents.fill(OUTSIDE, 0, stride);
    parents.fill(OUTSIDE, stride * (height + 1), stride * (height + 2));
    for (let y = 1; y <= height; y++) parents[y * stride] = parents[y * stride + width + 1] = OUTSIDE;
    const steps = stepsAround(stride);
    for (let level = 0; level < thresholds; level++) {
      const [start, end] = [starts[level], starts[level + 1]];
      for (let i = start; i < end; i++) addPixel(sets, steps, stride, pixels[i], level);
      visit(level, sets, end > start);
    }
  };
};

/** Sets of pixels that grow one pixel at a time, in arrays that are used again for the next picture. */
export interface Sets {
  /** For each pixel its parent; itself: it stands for its set; -1: it is in no set yet. */
  readonly parents: Int32Array;
  /** Bounds of the set that a pixel stands for, the last ones included. */
  readonly left: Int32Array;
  readonly top: Int32Array;
  readonly right: Int32Array;
  readonly bottom: Int32Array;
  /** The level at which the set that a pixel stands for last grew. */
  readonly grew: Int32Array;
  /** Pixels that stand for sets, in any order: the first `count.value` of them; and where in the list each is. */
  readonly alive: Int32Array;
  readonly placeOf: Int32Array;
  readonly count: { value: number };
}

/** @param length number of pixels. */
export const newSets = (length: number): Sets => ({
  parents: new Int32Array(length),
  left: new Int32Array(length),
  top: new Int32Array(length),
  right: new Int32Array(length),
  bottom: new Int32Array(length),
  grew: new Int32Array(length),
  alive: new Int32Array(length),
  placeOf: new Int32Array(length),
  count: { value: 0 },
});

/** The pixel that stands for the set of another. */
export const find = (parents: Int32Array, pixel: number): number => {
  let at = pixel;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]];
    at = parents[at];
  }
  return at;
};

/** Begins a set of one pixel. */
export const begin = (sets: Sets, pixel: number, x: number, y: number, level: number): void => {
  sets.parents[pixel] = pixel;
  sets.left[pixel] = x;
  sets.right[pixel] = x;
  sets.top[pixel] = y;
  sets.bottom[pixel] = y;
  sets.grew[pixel] = level;
  sets.placeOf[pixel] = sets.count.value;
  sets.alive[sets.count.value++] = pixel;
};

/** Adds a pixel to a set. @param root the pixel that stands for it. */
export const add = (sets: Sets, root: number, pixel: number, x: number, y: number, level: number): void => {
  sets.parents[pixel] = root;
  if (x < sets.left[root]) sets.left[root] = x;
  if (x > sets.right[root]) sets.right[root] = x;
  if (y < sets.top[root]) sets.top[root] = y;
  if (y > sets.bottom[root]) sets.bottom[root] = y;
  sets.grew[root] = level;
};

/** Takes a set off the list: it is part of another, or counts no more. */
export const drop = ({ alive, placeOf, count }: Sets, root: number): void => {
  const last = alive[--count.value];
  alive[placeOf[root]] = last;
  placeOf[last] = placeOf[root];
};

/** Joins the set of `from` into that of `to`, both of which stand for theirs. */
export const join = (sets: Sets, to: number, from: number, level: number): void => {
  const { parents, left, top, right, bottom, grew } = sets;
  parents[from] = to;
  if (left[from] < left[to]) left[to] = left[from];
  if (top[from] < top[to]) top[to] = top[from];
  if (right[from] > right[to]) right[to] = right[from];
  if (bottom[from] > bottom[to]) bottom[to] = bottom[from];
  grew[to] = level;
  drop(sets, from);
};

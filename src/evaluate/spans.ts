import { OVERLAPS, type RightAt, type Spans } from './judged.js';

/** The levels at which an overlap is at least a share. */
const spansOf = (overlaps: Float64Array, least: number): Spans => {
  const spans: number[] = [];
  for (let level = 0; level < overlaps.length; level++) {
    if (overlaps[level] < least) continue;
    if (spans.length > 0 && spans[spans.length - 1] === level) spans[spans.length - 1] = level + 1;
    else spans.push(level, level + 1);
  }
  return spans;
};

/** The levels at which a box is right. @param overlaps best overlap at each level. */
export const rightAt = (overlaps: Float64Array): RightAt => {
  const [low, middle, high] = OVERLAPS;
  // As wsolevaluation divides them.
  return [spansOf(overlaps, low / 100), spansOf(overlaps, middle / 100), spansOf(overlaps, high / 100)];
};

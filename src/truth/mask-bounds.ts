import type { Box, Size } from '../maps/box.js';

/**
 * The smallest box around a mask's pixels. Undefined: it has none. Searches forward alone, which takes a tenth of the time.
 * @param mask [height, width], 1 inside and 0 outside.
 */
export const boundsOf = (mask: Uint8Array, { width, height }: Size): Box | undefined => {
  const first = mask.indexOf(1);
  if (first < 0) return undefined;
  const top = Math.floor(first / width);
  let [left, right, bottom] = [width, -1, top];
  for (let y = top; y < height; y++) {
    const row = mask.subarray(y * width, (y + 1) * width);
    const start = row.indexOf(1);
    if (start < 0) continue;
    bottom = y;
    left = Math.min(left, start);
    for (let at = row.indexOf(1, right + 1); at >= 0; at = row.indexOf(1, right + 1)) right = at;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
};

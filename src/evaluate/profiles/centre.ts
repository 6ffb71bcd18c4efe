import type { Size } from '../../maps/box.js';
import { SPREAD, spotAlong } from '../../maps/spot.js';

/** Half of the spot's width where it is above a share of its largest value, as a share of the photo's side. At most a half. */
export const halfWidthAbove = (share: number): number =>
  share <= 0 ? 0.5 : Math.min(0.5, SPREAD * Math.sqrt(-2 * Math.log(share)));

/** The spot as scores from 0 to 1, [height, width]. */
export const spotScores = ({ width, height }: Size): Float64Array => {
  const [across, down] = [spotAlong(width), spotAlong(height)];
  const low = across[0] * down[0];
  const high = across[width >> 1] * down[height >> 1];
  const scores = new Float64Array(width * height);
  if (high > low) {
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) scores[i] = (across[x] * down[y] - low) / (high - low);
  }
  return scores;
};

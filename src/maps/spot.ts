/** A bright spot in the middle, which knows nothing of any photo: what a map must be better than to say anything. */

/** Its standard deviation, as a share of each side. */
export const SPREAD = 0.25;

/** The spot's values at the middles of pixels or cells along one axis, (0, 1]. It is the product of both axes' values. */
export const spotAlong = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.exp(-(((i + 0.5) / length - 0.5) ** 2) / (2 * SPREAD ** 2)));

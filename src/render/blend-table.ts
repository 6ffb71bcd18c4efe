import type { Palette } from './palette.js';

// Shares of a level in whole numbers: 16 bits after the point leave room for the level before it.
const ONE = 1 << 16;

/** An entry that changes nothing. */
const NOTHING = [ONE, ONE, ONE, 0, 0, 0, 0, 0];

/**
 * A palette made ready to be laid over photos: for each entry eight numbers, what is kept of red, green and blue and what
 * is added to them, times 65,536; half a level is in them, so that cutting off rounds. One more entry changes nothing.
 */
export const blendTableOf = ({ colors, opacities }: Palette): Int32Array => {
  const entries = Array.from(opacities, (opacity, entry) => {
    const keep = Math.round((1 - opacity) * ONE);
    const [red, green, blue] = Array.from(colors.subarray(entry * 3, entry * 3 + 3), (level) =>
      Math.round((level * opacity + 0.5) * ONE),
    );
    return [keep, keep, keep, 0, red, green, blue, 0];
  });
  return Int32Array.from([...entries, NOTHING].flat());
};

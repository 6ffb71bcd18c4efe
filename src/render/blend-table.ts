import type { Palette } from './palette.js';

// Fixed point with 16 fraction bits. An 8-bit level times a share then fits 32 bits.
const ONE = 1 << 16;

/** The entry that keeps the photo's pixel as it is. */
const NOTHING = [ONE, ONE, ONE, 0, 0, 0, 0, 0];

/**
 * Turns a palette into the table that `overlay` reads. Each entry has eight numbers, times 65,536: three shares of the
 * photo's red, green and blue to keep, 0, three levels to add, 0. The levels include one half, so that truncation
 * rounds. One more entry, the last, keeps the pixel as it is.
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

/** Number of a colormap's entries. The first is the lowest value's colour, the last the highest value's. */
export const LEVELS = 256;

/** A table of RGB, one entry after the other. @param color from an entry's index to its levels, [0, 255]. */
export const tableOf = (color: (index: number) => readonly [number, number, number]): Uint8Array =>
  Uint8Array.from(Array.from({ length: LEVELS }, (_, index) => color(index)).flat());

/** Colours written as six hexadecimal digits each. */
export const tableOfHex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/[0-9a-f]{2}/g) ?? [], (level) => Number.parseInt(level, 16));

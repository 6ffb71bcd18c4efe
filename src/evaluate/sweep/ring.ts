/**
 * The eight pixels around one, clockwise from the one above: bit k of a mask says whether number k is in a set. Even ones share
 * an edge with the pixel, odd ones a corner.
 */
export const stepsAround = (stride: number): Int32Array =>
  Int32Array.from([-stride, 1 - stride, 1, stride + 1, stride, stride - 1, -1, -stride - 1]);

/** Which of the eight pixels around one are in a set. @param parents below 0 where they are not. A loop takes twice as long. */
export const maskAround = (parents: Int32Array, pixel: number, stride: number): number =>
  (parents[pixel - stride] >= 0 ? 1 : 0) |
  (parents[pixel - stride + 1] >= 0 ? 2 : 0) |
  (parents[pixel + 1] >= 0 ? 4 : 0) |
  (parents[pixel + stride + 1] >= 0 ? 8 : 0) |
  (parents[pixel + stride] >= 0 ? 16 : 0) |
  (parents[pixel + stride - 1] >= 0 ? 32 : 0) |
  (parents[pixel - 1] >= 0 ? 64 : 0) |
  (parents[pixel - stride - 1] >= 0 ? 128 : 0);

const isIn = (mask: number, k: number): boolean => (mask & (1 << (k & 7))) !== 0;

/** Numbers, three bits each, and how many there are, in the bits from 12 on. */
const packed = (numbers: readonly number[]): number =>
  numbers.reduce((sum, k, i) => sum | (k << (i * 3)), numbers.length << 12);

const touchingIn = (mask: number, step: 1 | 2): readonly number[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => k % step === 0 && isIn(mask, k));

/** The first of each group of neighbours, clockwise. None of a group that closes around the pixel. */
const firstsOf = (mask: number, step: 1 | 2): readonly number[] =>
  touchingIn(mask, step).filter((k) => {
    if (step === 2) return !(isIn(mask, k + 6) && isIn(mask, k + 7));
    return !(isIn(mask, k + 7) || (k % 2 === 0 && isIn(mask, k + 6)));
  });

/**
 * Of the neighbours in a set that touch the pixel: one for each group that is joined without it, at most four.
 * @param step 1: all neighbours touch it, and join those next to them, and those that share an edge with the pixel those that meet
 * them at a corner (8 neighbours). 2: only those that share an edge, which are joined by the corner between them (4 neighbours).
 */
const groupsFor = (step: 1 | 2): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, mask) => {
    const touching = touchingIn(mask, step);
    const firsts = firstsOf(mask, step);
    // All around it: one group without a first.
    return packed(firsts.length === 0 ? touching.slice(0, 1) : firsts);
  });

export const groupsOf8 = groupsFor(1);
export const groupsOf4 = groupsFor(2);

/**
 * Twice the area that a pixel adds between its neighbours that are kept: of the four squares of 2 x 2 pixels that it is in, each
 * with three or four kept pixels adds half a pixel with its third, and half with its fourth.
 */
export const twiceGained = Uint8Array.from({ length: 256 }, (_, mask) => {
  const kept = (k: number) => Number(isIn(mask, k));
  return [0, 2, 4, 6].filter((k) => kept(k) + kept(k + 1) + kept(k + 2) >= 2).length;
});

/** What a pixel adds to a part's number of holes between its neighbours that are kept: -1 to 3. */
export const holesGained = Int8Array.from({ length: 256 }, (_, mask) => firstsOf(mask, 1).length - 1);

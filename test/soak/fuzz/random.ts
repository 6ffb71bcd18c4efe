/** Choices at random, the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
  /** Whether something happens that does so in this share of all cases. */
  readonly chance: (share: number) => boolean;
  /** @throws Error where there is nothing to choose from. */
  readonly pick: <T>(choices: readonly T[]) => T;
}

/** @param seeds whole numbers; each combination gives choices of its own. */
export const randomOf = (...seeds: readonly number[]): Random => {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491);
  // Mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new Error('there is nothing to choose from');
    return choices[below(choices.length)];
  };
  return { below, chance: (share) => next() < share, pick };
};

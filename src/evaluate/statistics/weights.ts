import { fnv1a } from '../../fnv.js';

/**
 * How often a photo is in each of many samples of all photos, drawn with replacement: by a Poisson variable of mean 1, which is
 * what such draws come to where photos are many. It depends on the photo's name alone: so no photo need be kept, the order of
 * photos is of no matter, and an interval is the same each time.
 */

/** Samples of which each statistic is computed. */
export const SAMPLES = 1000;

/** 2^32 times the chance of at most 0, 1, 2 and so on. */
const atMost: readonly number[] = (() => {
  const chances: number[] = [];
  let [chance, sum] = [Math.exp(-1), 0];
  for (let count = 0; count < 16; count++) {
    sum += chance;
    chances.push(sum * 2 ** 32);
    chance /= count + 1;
  }
  return chances;
})();

/** 32 bits, each of which depends on all that went in (MurmurHash3's last step). */
const mixed = (bits: number): number => {
  let mix = bits;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
};

/** How often each sample has a photo. @param into [SAMPLES]. */
export const weigh = (photo: string, into: Uint8Array): void => {
  const seed = mixed(fnv1a(photo));
  for (let i = 0; i < into.length; i++) {
    const drawn = mixed(seed + Math.imul(i + 1, 0x9e3779b9));
    let count = 0;
    while (count < atMost.length && drawn >= atMost[count]) count++;
    into[i] = count;
  }
};

import type { Size } from '../maps/box.js';

/**
 * COCO's run lengths: numbers of pixels outside and inside in turn, beginning with those outside, down the columns. Compressed,
 * each run, from the fourth on less the one two before, is written in groups of 5 bits, the lowest first, each with a bit that
 * says whether more follow, as a letter. Source of the form: cocoapi, `common/maskApi.c`, rleEncode and rleToString.
 */

// How many bits a group has, these bits, the one of the sign, the one that says that more follow, and the first letter.
const [GROUP, BITS, SIGN, MORE, FIRST] = [5, 0x1f, 0x10, 0x20, 48];

// Groups that any number of 32 bits takes.
const MOST_GROUPS = 7;

/** Writes the characters of a number at a place. @returns the place after them. */
const spell = (value: number, characters: Uint8Array, start: number): number => {
  let [rest, at] = [value, start];
  for (let more = true; more; ) {
    const group = rest & BITS;
    rest >>= GROUP;
    // Ends where the remaining bits are all those of the sign.
    more = (group & SIGN) === 0 ? rest !== 0 : rest !== -1;
    characters[at++] = (more ? group | MORE : group) + FIRST;
  }
  return at;
};

/** Run lengths, compressed. @param ends numbers of pixels before which a run ends, the last that of all pixels. */
export const compressed = (ends: readonly number[]): string => {
  const characters = Buffer.allocUnsafe(ends.length * MOST_GROUPS);
  let [at, before, earlier, last] = [0, 0, 0, 0];
  for (const [i, end] of ends.entries()) {
    const length = end - last;
    at = spell(i > 2 ? length - earlier : length, characters, at);
    [earlier, before, last] = [before, length, end];
  }
  return characters.toString('latin1', 0, at);
};

/** @throws Error where the text is none of run lengths. */
const spelledOut = (text: string): number[] => {
  const counts: number[] = [];
  let [value, shift] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const group = text.charCodeAt(at) - FIRST;
    if (group < 0 || group > (BITS | MORE) || shift > GROUP * (MOST_GROUPS - 1)) {
      throw new Error(`has a letter that run lengths have not, ${JSON.stringify(text[at])}`);
    }
    value |= (group & BITS) << shift;
    shift += GROUP;
    if ((group & MORE) !== 0) continue;
    if ((group & SIGN) !== 0 && shift < 32) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
    [value, shift] = [0, 0];
  }
  if (shift !== 0) throw new Error('ends within a number of its run lengths');
  return counts;
};

/**
 * The mask of run lengths.
 * @param counts as COCO has them: a list, or a text where they are compressed.
 * @returns [height, width], 1 inside and 0 outside.
 * @throws Error, whose message completes "the mask ...", where they are not of this size.
 */
export const maskOfRuns = (counts: readonly number[] | string, { width, height }: Size): Uint8Array => {
  const runs = typeof counts === 'string' ? spelledOut(counts) : counts;
  if (!runs.every((run) => Number.isSafeInteger(run) && run >= 0)) throw new Error('has a run that is no whole number');
  const sum = runs.reduce((total, run) => total + run, 0);
  if (sum !== width * height) throw new Error(`has ${sum} pixels where its image has ${width * height}`);
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [i, run] of runs.entries()) {
    const end = at + run;
    if (i % 2 === 0) at = end;
    for (; at < end; at++) mask[(at % height) * width + Math.trunc(at / height)] = 1;
  }
  return mask;
};

/** A mask as compressed run lengths. @param mask [height, width], 0 outside. */
export const runsOfMask = (mask: Uint8Array, { width, height }: Size): string => {
  const ends: number[] = [];
  let inside = false;
  for (let x = 0, at = 0; x < width; x++) {
    for (let y = 0; y < height; y++, at++) {
      if ((mask[y * width + x] !== 0) !== inside) {
        ends.push(at);
        inside = !inside;
      }
    }
  }
  ends.push(width * height);
  return compressed(ends);
};

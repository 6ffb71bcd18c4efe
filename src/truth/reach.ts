import { quoted } from '../errors.js';
import { type Box, boxOf, type Size } from '../maps/box.js';
import type { TruthRecord } from '../results/truth-record.js';

/** Boxes that look right one by one, and of which many together tell that their numbers mean something else. */

/** What stands out of a photo's boxes and masks. */
export interface Reach {
  readonly boxes: number;
  /** Of them, those that reach beyond their photo by more than rounding. */
  readonly beyond: number;
  /** Of them, those in the corner of a large photo that is as wide and high as shares of it would be. */
  readonly tiny: number;
  /** Masks that reach beyond the photo. */
  readonly cut: number;
}

// Corners are rounded, and some tools count the last pixel twice.
const ROUNDING = 1;

/** A share of 1 is 1, and 2 where the last pixel is added to it; where pixels count from 1, it begins at -1. */
const [LEAST_SHARE, MOST_SHARE] = [-1, 2];
/** In smaller photos an object may well be so small. */
const LARGE = 50;

/** Whether any of these edges lies beyond a photo of this size by more than rounding. */
export const isBeyond = (left: number, top: number, right: number, bottom: number, { width, height }: Size): boolean =>
  Math.min(left, top) < -ROUNDING || right > width + ROUNDING || bottom > height + ROUNDING;

/** @param size of the photo in which the boxes lie. @param cut number of masks that reach beyond it. */
export const reachOf = (boxes: readonly Box[], size: Size, cut = 0): Reach => {
  const isLarge = Math.min(size.width, size.height) > LARGE;
  let [beyond, tiny] = [0, 0];
  for (const { x, y, width, height } of boxes) {
    const [right, bottom] = [x + width, y + height];
    if (isBeyond(x, y, right, bottom, size)) beyond++;
    else if (isLarge && Math.min(x, y) >= LEAST_SHARE && Math.max(right, bottom) <= MOST_SHARE) tiny++;
  }
  return { boxes: boxes.length, beyond, tiny, cut };
};

/** The same of what a line notes. Boxes of masks are among these, which reach nowhere. */
export const recordedReach = ({ objects, cut }: TruthRecord, size: Size): Reach =>
  reachOf(
    objects.flatMap(({ box }) => (box === undefined ? [] : [boxOf(box)])),
    size,
    cut,
  );

/** What stands out over a run. */
export interface ReachTally {
  readonly add: (photo: string, reach: Reach) => void;
  /** @param numbers what a box's numbers are in this truth: a sentence's end. Undefined: nobody knows. */
  readonly remarks: (numbers: string | undefined) => readonly string[];
}

const countWords = (count: number, all: number, one: string): string =>
  `${count} of ${all} ${one}${all === 1 ? '' : 'es'}`;

/** Sums it up, and keeps the first photo of each kind by name. */
export const reachTally = (): ReachTally => {
  const sums = { boxes: 0, beyond: 0, tiny: 0, cut: 0 };
  const first: { beyond?: string; tiny?: string; cut?: string } = {};
  const where = (photo: string | undefined) => `the first in ${quoted(photo)}`;
  return {
    add: (photo, { boxes, beyond, tiny, cut }) => {
      sums.boxes += boxes;
      for (const [kind, count] of Object.entries({ beyond, tiny, cut }) as ['beyond' | 'tiny' | 'cut', number][]) {
        sums[kind] += count;
        if (count > 0) first[kind] ??= photo;
      }
    },
    remarks: (numbers) => {
      const { boxes, beyond, tiny, cut } = sums;
      const are = numbers === undefined ? '' : `; ${numbers}`;
      const sentences: string[] = [];
      if (beyond > 0) {
        const reach = boxes === 1 ? 'reaches beyond its photo' : 'reach beyond their photos';
        sentences.push(`${countWords(beyond, boxes, 'box')} ${reach}, ${where(first.beyond)}${are}.`);
      }
      if (tiny > 0) {
        sentences.push(
          `${countWords(tiny, boxes, 'box')} would be a pixel in the corner of a photo, ${where(first.tiny)}; are they shares of the photo? Here they are in pixels.`,
        );
      }
      if (cut > 0) {
        const masks = cut === 1 ? 'A mask reaches' : `${cut} masks reach`;
        sentences.push(`${masks} beyond the photo, ${where(first.cut)}; what lies there is cut off.`);
      }
      return sentences;
    },
  };
};

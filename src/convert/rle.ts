import type { Size } from '../maps/box.js';

/**
 * A mask as COCO's compressed run lengths: runs of 0 and 1 in turn, beginning with 0, down the columns. Each run, from the
 * fourth on less the one two before, is written in groups of 5 bits, the lowest first, each with a bit that says whether more
 * follow, as a letter. Source of the form: cocoapi, `common/maskApi.c`, rleEncode and rleToString.
 */
const lengthsOf = (mask: Uint8Array, { width, height }: Size): readonly number[] => {
  const lengths: number[] = [];
  let [length, inside] = [0, false];
  for (let x = 0; x < width; x++) {
    for (let at = x; at < mask.length; at += width) {
      if (mask[at] > 0 !== inside) {
        lengths.push(length);
        [length, inside] = [0, !inside];
      }
      length++;
    }
  }
  lengths.push(length);
  return height === 0 ? [0] : lengths;
};

// A group's bits, the bit that more follow, and the first letter.
const [GROUP, MORE, FIRST] = [5, 0x20, 48];

const letters = (value: number): string => {
  let text = '';
  let rest = value;
  for (let more = true; more; ) {
    const group = rest & (2 ** GROUP - 1);
    rest >>= GROUP;
    // Ends where the remaining bits are all those of the sign.
    more = (group & (2 ** (GROUP - 1))) === 0 ? rest !== 0 : rest !== -1;
    text += String.fromCharCode((more ? group | MORE : group) + FIRST);
  }
  return text;
};

/** @param mask [height, width], 0 outside. */
export const runLengths = (mask: Uint8Array, size: Size): string =>
  lengthsOf(mask, size)
    .map((length, i, all) => letters(i > 2 ? length - all[i - 2] : length))
    .join('');

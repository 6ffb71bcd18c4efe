import type { Box, Size } from '../maps/box.js';

/** Numbers that stand in a list an odd number of times, in order. */
const oddOnes = (values: number[]): readonly number[] => {
  const odd: number[] = [];
  for (const value of values.sort((a, b) => a - b)) {
    if (odd.at(-1) === value) odd.pop();
    else odd.push(value);
  }
  return odd;
};

/**
 * Where pixels turn from outside to inside or back, down each column: lists of rows, one a column. Only the outline of all
 * rectangles is gone through: where two of them meet, one ends and the other begins.
 */
const turnsOf = (rectangles: readonly Box[], width: number): readonly (readonly number[])[] => {
  const edges = new Map<number, number[]>();
  for (const { x, y, width: wide, height } of rectangles) {
    for (const row of [y, y + height]) {
      const ends = edges.get(row) ?? [];
      ends.push(x, x + wide);
      edges.set(row, ends);
    }
  }
  const columns: number[][] = Array.from({ length: width }, () => []);
  for (const row of [...edges.keys()].sort((a, b) => a - b)) {
    const ends = oddOnes(edges.get(row) ?? []);
    for (let i = 0; i < ends.length; i += 2) for (let x = ends[i]; x < ends[i + 1]; x++) columns[x].push(row);
  }
  return columns;
};

/** Lengths of the runs of 0 and 1 in turn, beginning with 0, down the columns. */
const lengthsOf = (rectangles: readonly Box[], { width, height }: Size): readonly number[] => {
  // A run that goes on from the foot of a column to the head of the next does not turn there.
  const end = width * height;
  const all = oddOnes(turnsOf(rectangles, width).flatMap((rows, x) => rows.map((y) => x * height + y)));
  const turns = all.filter((turn) => turn < end);
  return [...turns, end].map((turn, i) => turn - (turns[i - 1] ?? 0));
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

/**
 * A mask as COCO's compressed run lengths: runs of 0 and 1 in turn, beginning with 0, down the columns. Each run, from the
 * fourth on less the one two before, is written in groups of 5 bits, the lowest first, each with a bit that says whether more
 * follow, as a letter. Source of the form: cocoapi, `common/maskApi.c`, rleEncode and rleToString.
 * @param rectangles of whole pixels that lie inside, none over another.
 */
export const runLengths = (rectangles: readonly Box[], size: Size): string =>
  lengthsOf(rectangles, size)
    .map((length, i, all) => letters(i > 2 ? length - all[i - 2] : length))
    .join('');

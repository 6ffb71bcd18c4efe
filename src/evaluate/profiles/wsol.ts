import { SIDE, scoreMap } from '../../convert/formats/wsol.js';
import { frameOf } from '../../convert/orientation.js';
import { uprightBox } from '../../image/orientation.js';
import type { Box, FourNumbers, Size } from '../../maps/box.js';
import type { ScaledMask } from '../../truth/truth.js';
import { bestOverlap, type Edges, overlapsOf } from '../iou.js';
import type { Located } from '../judged.js';
import { countScores } from '../scores.js';
import { rightAt } from '../spans.js';
import { LEVELS_OF_THRESHOLDS, levelAt, levelPicture, openCvRule } from '../sweep/opencv.js';
import { type Swept, sweeper } from '../sweep/sweep.js';
import { spotScores } from './centre.js';
import type { PlacedMap, Places, Profile, Wanted } from './profile.js';

/** Levels of 8 bits, but for the lowest. */
const LEVELS = 255;
const size: Size = { width: SIDE, height: SIDE };

/** Boxes in the 224 x 224 pixels, their corners cut to whole ones, as `resize_bbox` does; the last pixel counts. */
const truthEdges = ({ extent: { photo }, orientation }: PlacedMap, boxes: readonly Box[]): Edges => {
  const frame = frameOf(photo, orientation, 'stored');
  const [across, down] = [frame.size.width, frame.size.height];
  return Float64Array.from(
    boxes
      .map((box) => frame.boxOf(box))
      .flatMap(({ x, y, width, height }) => [
        Math.trunc((x * SIDE) / across),
        Math.trunc((y * SIDE) / down),
        Math.trunc(((x + width - 1) * SIDE) / across) + 1,
        Math.trunc(((y + height - 1) * SIDE) / down) + 1,
      ]),
  );
};

/** Edges in the 224 x 224 pixels as a box of the upright photo. */
const photoBox = (
  { extent: { photo }, orientation }: PlacedMap,
  [left, top, right, bottom]: Float64Array,
): FourNumbers => {
  const turned = { x: left, y: top, width: right - left, height: bottom - top };
  const { x, y, width, height } = uprightBox(turned, size, orientation);
  const [across, down] = [photo.width / SIDE, photo.height / SIDE];
  return [x * across, y * down, width * across, height * down];
};

/** For each of 224 pixels the first of the photo's that `cv2.INTER_NEAREST` takes, which divides so: rounding decides at times. */
const nearest = (pixels: number): Int32Array => {
  const scale = 1 / (SIDE / pixels);
  return Int32Array.from({ length: SIDE }, (_, i) => Math.min(pixels - 1, Math.floor(i * scale)));
};

/** Marks what a mask in stored pixels has, in one of 224 x 224, as `cv2.INTER_NEAREST` shrinks it. */
const markShrunk = ({ size: { width, height }, mask }: ScaledMask, into: Uint8Array): void => {
  const [columns, rows] = [nearest(width), nearest(height)];
  for (let y = 0, i = 0; y < SIDE; y++) {
    const row = rows[y] * width;
    for (let x = 0; x < SIDE; x++, i++) into[i] |= mask[row + columns[x]];
  }
};

/** Scores inside and outside of masks, each shrunk from the picture that it was read from, as theirs are. */
const countsOf = (placed: PlacedMap, { masked, nothing }: Places, scores: Float64Array): Located['scores'] => {
  if (masked.length === 0) return undefined;
  const frame = frameOf(placed.extent.photo, placed.orientation, 'stored');
  const storedOf = (mask: Uint8Array | undefined) =>
    mask === undefined ? [] : [{ size: frame.size, mask: frame.maskOf(mask) }];
  const [objects, ignored] = [new Uint8Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE)];
  for (const { mask, scaled } of masked) for (const own of scaled ? [scaled] : storedOf(mask)) markShrunk(own, objects);
  for (const own of nothing.ignoredScaled ?? storedOf(nothing.ignored)) markShrunk(own, ignored);
  return countScores(scores, objects, ignored);
};

/**
 * As clovaai/wsolevaluation's `evaluation.py` (Choe et al. 2020): maps and boxes at 224 x 224, whatever the photo's shape. In stored
 * pixels, since it reads photos so.
 */
export const wsol: Profile = {
  levels: LEVELS,
  thresholdOf: (level) => LEVELS_OF_THRESHOLDS.indexOf(level) / LEVELS_OF_THRESHOLDS.length,
  whole: true,
  words: {
    box: 'wsol: 224 x 224, largest contour above int(t * max), inclusive IoU',
    sweep: 'wsol: 224 x 224, 1000 thresholds, strict, 8-connected, inclusive IoU',
    scores: 'wsol: 224 x 224, bins of 0.001, all photos together',
  },
  locator: ({ sweep, any, scores: wantsScores }: Wanted, threshold) => {
    const rule = openCvRule(SIDE, SIDE);
    const sweepPicture = sweeper((SIDE + 2) ** 2, any);
    const locate = (placed: PlacedMap, { one, any, boxes }: Swept, truth: Edges, largest: number) => {
      const box = boxes.slice(4 * levelAt(threshold, largest)).subarray(0, 4);
      return {
        box: photoBox(placed, box),
        iou: bestOverlap(box[0], box[1], box[2], box[3], truth),
        one: sweep ? rightAt(one) : undefined,
        any: sweep ? rightAt(any) : undefined,
      };
    };
    const spot = spotScores(size);
    // Used again for each map: as many new ones would fill the memory before they are collected.
    const [values, levels] = [new Float64Array(SIDE * SIDE), new Int16Array(SIDE * SIDE)];
    const spotBoxes = sweepPicture(levelPicture(spot, SIDE, SIDE), new Float64Array(0), rule).boxes.slice();
    return {
      map: (placed, places) => {
        const scores = scoreMap(placed.map, placed.extent, placed.orientation, 'stored', values);
        const picture = levelPicture(scores, SIDE, SIDE, levels);
        const truth = truthEdges(placed, places.boxes);
        const largest = picture.levels.reduce((most, level) => Math.max(most, level + 1), 0);
        const located = locate(placed, sweepPicture(picture, truth, rule), truth, largest);
        return { ...located, scores: wantsScores ? countsOf(placed, places, scores) : undefined };
      },
      centre: (placed, places) => {
        const truth = truthEdges(placed, places.boxes);
        // It has one contour at each threshold.
        const one = overlapsOf(spotBoxes, truth);
        const located = locate(placed, { one, any: one, boxes: spotBoxes }, truth, LEVELS);
        return { ...located, scores: wantsScores ? countsOf(placed, places, spot) : undefined };
      },
    };
  },
};

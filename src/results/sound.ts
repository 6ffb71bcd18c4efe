import type { Verdict } from '../maps/residual.js';
import { isError, type ManifestLine, type MapRecord } from './line.js';
import type { TruthRecord } from './truth-record.js';

/**
 * What can be drawn or written elsewhere. Nobody promises that a run wrote the files: a line whose values no photo or map can
 * have is left out, as one that cannot be read.
 */

// As large a photo as is decoded.
const MOST_PIXELS = 2 ** 28;

const verdicts: Readonly<Record<Verdict, true>> = {
  ok: true,
  'no-evidence': true,
  flat: true,
  'mostly-elsewhere': true,
  'damaged-photo': true,
  'non-finite': true,
};

const isWhole = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;
const isBox = ([, , width, height]: readonly number[]): boolean => width > 0 && height > 0;

const isSoundMap = ({ class: index, verdict, grid }: MapRecord): boolean =>
  isWhole(index, 0) && Object.hasOwn(verdicts, verdict) && grid.every((cells) => isWhole(cells, 1));

const isSoundTruth = ({ objects }: TruthRecord): boolean =>
  objects.every(({ class: index, box }) => (index === null || isWhole(index, 0)) && (box === undefined || isBox(box)));

/** Whether all that is drawn of a line is what a photo can have. That its numbers are finite, `parse` has checked. */
export const isSoundLine = (line: ManifestLine): boolean => {
  if (isError(line)) return true;
  const { width, height, seen, field, predictions, truth, maps } = line;
  return (
    isWhole(width, 1) &&
    isWhole(height, 1) &&
    width * height <= MOST_PIXELS &&
    isBox(seen) &&
    isBox(field) &&
    predictions.every(({ class: index }) => isWhole(index, 0)) &&
    (!truth || isSoundTruth(truth)) &&
    maps.every(isSoundMap)
  );
};

import type { Verdict } from '../maps/residual.js';
import { isError, type ManifestLine, type MapRecord } from '../results/line.js';

/**
 * What the page can draw. Nobody promises that a run wrote the files: a line whose values no map can have is left out, as one
 * that cannot be read.
 */

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

/** Whether all that is drawn of a line is what a photo can have. That its numbers are finite, `parse` has checked. */
export const isSoundLine = (line: ManifestLine): boolean => {
  if (isError(line)) return true;
  const { width, height, seen, field, predictions, maps } = line;
  return (
    isWhole(width, 1) &&
    isWhole(height, 1) &&
    isBox(seen) &&
    isBox(field) &&
    predictions.every(({ class: index }) => isWhole(index, 0)) &&
    maps.every(isSoundMap)
  );
};

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
  'non-finite': true,
};

const areFinite = (values: readonly unknown[]): boolean => values.every(Number.isFinite);
const isWhole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && Number(value) >= least;
const isBox = (box: readonly number[]): boolean => areFinite(box) && box[2] > 0 && box[3] > 0;

const isSoundMap = ({
  class: index,
  logit,
  score,
  bias,
  mean,
  min,
  max,
  residual,
  verdict,
  grid,
  map,
  held,
}: MapRecord) =>
  isWhole(index, 0) &&
  areFinite([logit, score, bias, mean, min, max, residual]) &&
  areFinite(map) &&
  Object.hasOwn(verdicts, verdict) &&
  grid.every((cells) => isWhole(cells, 1)) &&
  held.every((part) => typeof part === 'string');

/** Whether all that is drawn of a line is numbers and sizes that a photo can have. */
export const isSoundLine = (line: ManifestLine): boolean => {
  if (isError(line)) return true;
  const { width, height, seen, field, predictions, margin, maps, milliseconds } = line;
  return (
    isWhole(width, 1) &&
    isWhole(height, 1) &&
    isBox(seen) &&
    isBox(field) &&
    areFinite([margin, milliseconds]) &&
    predictions.every(({ class: index, logit, score }) => isWhole(index, 0) && areFinite([logit, score])) &&
    maps.every(isSoundMap)
  );
};

import type { Verdict } from '../maps/residual.js';
import { isError, type ManifestLine, type MapRecord } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';

/**
 * What the page can draw. Nobody promises that a run wrote the files: a line whose values no map can have is left out, as one
 * that cannot be read.
 */

const verdicts: Readonly<Record<Verdict, true>> = { ok: true, 'no-evidence': true, flat: true, 'non-finite': true };

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

// Nothing that a run writes is nested deeper than six times.
const DEEPEST = 100;

/** The first values deeper than that, level by level: a walk that calls itself would overflow the stack. */
const isShallow = (value: unknown): boolean => {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return true;
};

/** What is wrong with a run.json for a report, in words. Undefined: nothing. */
export const faultOfSettings = (settings: RunSettings): string | undefined => {
  if (!settings.classes.every((label) => typeof label === 'string')) return 'its classes are not all text';
  return isShallow(settings) ? undefined : `it is nested more than ${DEEPEST} times`;
};

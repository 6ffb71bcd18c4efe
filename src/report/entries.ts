import { concentrationOf } from '../maps/concentration.js';
import { isError, type ManifestLine, type PhotoLine } from '../results/line.js';
import type { MapEntry, PhotoEntry } from './data.js';

/** The line's value; undefined where the text is none. */
export const parseLine = (text: string): ManifestLine | undefined => {
  try {
    const line = JSON.parse(text);
    return typeof line?.photo === 'string' && ('error' in line || Array.isArray(line.maps)) ? line : undefined;
  } catch {
    return undefined;
  }
};

const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((number) => typeof number === 'number');

const isPrediction = (value: PhotoLine['predictions'][number] | null): boolean =>
  isNumbers([value?.class, value?.logit, value?.score], 3);

const isMap = (value: PhotoLine['maps'][number] | null): boolean =>
  value !== null &&
  isPrediction(value) &&
  isNumbers([value.bias, value.mean, value.min, value.max, value.residual], 5) &&
  typeof value.verdict === 'string' &&
  (value.kind === 'exact' || value.kind === 'frozen') &&
  isNumbers(value.grid, 2) &&
  isNumbers(value.map, value.grid[0] * value.grid[1]) &&
  Array.isArray(value.files);

/** Whether a line holds what the page needs; one that was edited, or written by an earlier gapcam, may not. */
const isComplete = ({ width, height, seen, field, margin, milliseconds, predictions, maps }: PhotoLine): boolean =>
  isNumbers([width, height, margin, milliseconds], 4) &&
  isNumbers(seen, 4) &&
  isNumbers(field, 4) &&
  Array.isArray(predictions) &&
  predictions.length > 0 &&
  predictions.every(isPrediction) &&
  maps.every(isMap);

const mapEntry = (
  { label: _, range: __, map, files, ...rest }: PhotoLine['maps'][number],
  hasOverlays: boolean,
): MapEntry => ({
  ...rest,
  // Lines of an earlier gapcam do not say.
  held: Array.isArray(rest.held) ? rest.held : [],
  concentration: concentrationOf(map),
  // The first of a class's files.
  overlay: hasOverlays ? files[0] : undefined,
});

/**
 * A photo's line without the cells of its maps; undefined where the line is not whole.
 * @param truth classes that its folder names.
 * @param hasOverlays whether the run wrote an overlay of each class.
 */
export const entryOf = (
  line: ManifestLine,
  truth: readonly number[] | undefined,
  hasOverlays: boolean,
): PhotoEntry | undefined => {
  if (isError(line)) {
    const { code, message } = line.error ?? {};
    return typeof code === 'string' && typeof message === 'string'
      ? { photo: line.photo, error: { code, message } }
      : undefined;
  }
  if (!isComplete(line)) return undefined;
  const { photo, width, height, seen, field, margin, predictions, maps } = line;
  return {
    photo,
    width,
    height,
    seen,
    field,
    margin,
    predictions: predictions.map(({ label: _, ...rest }) => rest),
    maps: maps.map((map) => mapEntry(map, hasOverlays)),
    truth,
  };
};

import { concentrationOf } from '../cam/concentration.js';
import { isError, type ManifestLine, type PhotoLine } from '../run/manifest.js';
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

/** Whether a line holds what the page needs; one that was edited, or written by an earlier gapcam, may not. */
const isComplete = ({ seen, field, margin, predictions, maps }: PhotoLine): boolean =>
  isNumbers(seen, 4) &&
  isNumbers(field, 4) &&
  typeof margin === 'number' &&
  Array.isArray(predictions) &&
  maps.every(({ grid, map }) => isNumbers(grid, 2) && isNumbers(map, grid[0] * grid[1]));

const mapEntry = (
  { label: _, range: __, map, files, ...rest }: PhotoLine['maps'][number],
  hasOverlays: boolean,
): MapEntry => ({
  ...rest,
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
  if (isError(line)) return { photo: line.photo, error: line.error };
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

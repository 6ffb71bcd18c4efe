import { concentrationOf } from '../maps/concentration.js';
import type { MeasureResult } from '../measure/measured.js';
import { isError, type ManifestLine, type MapRecord } from '../results/line.js';
import type { JudgedEntry, MapEntry, MeasureEntry, PhotoEntry } from './data.js';

/** The curves of a measure: the map's own, that of chance, that of the centre. Empty where it has none that could be compared. */
const curveOf = ({ curve = [], baselines: { random, centre } }: MeasureResult): readonly number[] =>
  [random, centre].every((one) => one.curve?.length === curve.length)
    ? [...curve, ...(random.curve ?? []), ...(centre.curve ?? [])]
    : [];

/** All curves of a photo's maps, in the order of maps and measures. */
export const curvesOf = (maps: readonly MapRecord[]): readonly (readonly number[])[] =>
  maps.flatMap(({ measures = [] }) => measures.map(curveOf)).filter((curve) => curve.length > 0);

const measureEntry = (result: MeasureResult): MeasureEntry => {
  const { measure, profile, score, baselines } = result;
  const points = curveOf(result).length / 3;
  const beside = { random: baselines.random.score, centre: baselines.centre.score };
  return { measure, profile, score, ...beside, ...(points > 0 && { points }) };
};

/** Field by field: a line may hold others, of any size. */
const mapEntry = (record: MapRecord, hasOverlays: boolean): MapEntry => {
  const { class: index, logit, score, unit, bias, mean, min, max, residual, kind, held, share, verdict, grid } = record;
  const { map, files, measures } = record;
  return {
    class: index,
    ...{ logit, score, unit, bias, mean, min, max, residual, kind, held, share, verdict, grid },
    concentration: concentrationOf(map),
    measures: measures?.map(measureEntry),
    // The first of a class's files.
    overlay: hasOverlays && typeof files[0] === 'string' ? files[0] : undefined,
  };
};

/** What the line does not say itself. */
interface Beside {
  /** Classes that the photo's folder names. */
  readonly truth: readonly number[] | undefined;
  /** What an evaluation says of its true classes. */
  readonly judged: readonly JudgedEntry[];
  /** Whether the run wrote an overlay of each class. */
  readonly hasOverlays: boolean;
  /** Whether the photo's file is another by now. */
  readonly changed: boolean;
}

/** A photo's line without the cells of its maps. */
export const entryOf = (line: ManifestLine, { truth, judged, hasOverlays, changed }: Beside): PhotoEntry => {
  if (isError(line)) {
    const { code, message } = line.error;
    return { photo: line.photo, error: { code, message } };
  }
  const { photo, width, height, seen, field, margin, predictions, maps } = line;
  return {
    photo,
    width,
    height,
    seen,
    field,
    margin,
    predictions: predictions.map(({ class: index, logit, score, unit }) => ({ class: index, logit, score, unit })),
    maps: maps.map((map) => mapEntry(map, hasOverlays)),
    truth,
    ...(judged.length > 0 && { judged }),
    ...(changed && { changed }),
  };
};

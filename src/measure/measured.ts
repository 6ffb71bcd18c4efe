import { UsageError } from '../errors.js';
import type { BoxedMap } from '../localise/boxes.js';
import { havePlaces } from '../maps/feature-map.js';
import { cellsOf, type MapResult } from '../maps/result.js';
import type { Model } from '../model/prepare.js';
import { centreMap, randomMap } from './baselines.js';
import { type MeasureName, measures, profileOf } from './index.js';
import type { Case, Reading, Subject } from './measure.js';

/** What a measure says of a class's map, and beside it of maps that know nothing of the photo. */
export interface MeasureResult extends Reading {
  readonly measure: string;
  /** How it was taken. Numbers of two profiles do not compare. */
  readonly profile: string;
  readonly baselines: {
    /** A map of chance. */
    readonly random: Reading;
    /** A Gaussian around the middle of the input. */
    readonly centre: Reading;
  };
}

/** A class's map with what was measured of it. */
export interface MeasuredMap extends BoxedMap {
  /** Undefined where nothing was measured. */
  readonly measures?: readonly MeasureResult[] | undefined;
}

/** @throws UsageError `invalid-option` where a network has no scores to follow, or cells without places. */
export const refuseUnmeasurable = ({ scoring, grid }: Pick<Model, 'scoring' | 'grid'>): void => {
  const reason =
    scoring === 'none'
      ? 'The model gives numbers and no scores, which the measures follow'
      : havePlaces(grid)
        ? undefined
        : "The model's cells have no places in the photo, so none can be changed";
  if (reason !== undefined) throw new UsageError('invalid-option', `${reason}; measure nothing.`);
};

/** As many digits as a float32 has. */
const short = (value: number): number => Number(value.toPrecision(7));

const shortReading = ({ score, parts, curve }: Reading): Reading => ({
  score: short(score),
  ...(parts && { parts: Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, short(value)])) }),
  ...(curve && { curve: curve.map(short) }),
});

/**
 * Takes measures of a photo's maps.
 * @param maps the photo's class maps, at least one.
 * @param wanted the measures, and the profile of those that have it.
 * @param photo bytes of the photo's file, from which the map of chance follows.
 * @returns for each map what was measured, in the order wanted; nothing where nothing is.
 * @throws PhotoError `non-finite`, `incomplete` where the network gives no sound answer to a changed input.
 */
export const measuresOf = async (
  subject: Subject,
  maps: readonly MapResult[],
  {
    measure: wanted,
    measureProfile,
  }: { readonly measure: readonly MeasureName[]; readonly measureProfile?: string | undefined },
  photo: Uint8Array,
): Promise<readonly (readonly MeasureResult[])[]> => {
  if (wanted.length === 0) return [];
  const cases = maps.map((result): Case => ({ map: cellsOf(result), classes: [result.class] }));
  const classes = maps.map((result) => result.class);
  const [{ map: grid }] = cases;
  const beside = [randomMap(grid, photo), centreMap(grid)].map((map): Case => ({ map, classes }));
  const results: MeasureResult[][] = maps.map(() => []);
  for (const measure of wanted) {
    const profile = profileOf(measure, measureProfile);
    const readings = await measures[measure].read(subject, [...cases, ...beside], profile);
    const [random, centre] = readings.slice(cases.length);
    results.forEach((list, i) => {
      const baselines = { random: shortReading(random[i]), centre: shortReading(centre[i]) };
      list.push({ measure, profile, ...shortReading(readings[i][0]), baselines });
    });
  }
  return results;
};

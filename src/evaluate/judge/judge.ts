import { extentOf, type Plane, planeOf } from '../../localise/plane.js';
import { fourNumbers } from '../../maps/box.js';
import { cellsOf } from '../../maps/result.js';
import { type MeasureName, measures } from '../../measure/index.js';
import type { Measure } from '../../measure/measure.js';
import type { MapRecord, PhotoLine } from '../../results/line.js';
import { type Outline, outlineOf } from '../../truth/outline.js';
import type { PhotoTruth, TruthObject } from '../../truth/truth.js';
import type { JudgedClass, JudgedPhoto, MeasuredCase, Pointed } from '../judged.js';
import type { PlacedMap, Places, Profile, Wanted } from '../profiles/profile.js';
import { pointedAtCentre } from './centre.js';
import { shareInside } from './inside.js';
import { largestPoint, pointed } from './point.js';
import { type Region, regionOf, type Shape, without } from './region.js';

/** What of a photo's line is looked at. */
export type JudgedLine = Pick<
  PhotoLine,
  'photo' | 'width' | 'height' | 'orientation' | 'field' | 'seen' | 'predictions' | 'maps'
>;

/** Predictions that count as the first ones. */
const FIVE = 5;

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

const pointedOf = (plane: Plane, region: Region, ignored: Region | undefined): Pointed => ({
  ...pointed(largestPoint(plane), plane, region),
  inside: shareInside(plane, region, ignored),
});

/** The pixels of a class's objects: those of their masks, and of boxes where there are none. */
const shapesOf = (objects: readonly TruthObject[]): readonly Shape[] =>
  objects.flatMap(({ box, mask }): readonly Shape[] => (mask ? [{ mask }] : box ? [{ box }] : []));

/** Borders of a class's masks, to be drawn. Undefined: the truth has none. */
const outlinesOf = (objects: readonly TruthObject[], line: JudgedLine): Outline | undefined => {
  const outlines = objects.flatMap(({ mask }) => (mask ? [outlineOf(mask, line)] : []));
  return outlines.length > 0 ? outlines.flat() : undefined;
};

/** The pixels of a plane that are true, and those that count nowhere. */
const regionsOf = (objects: readonly TruthObject[], { ignored }: PhotoTruth, placed: PlacedMap, { size }: Plane) => {
  const { photo } = placed.extent;
  const region = regionOf(shapesOf(objects), photo, size);
  if (ignored === undefined) return { region, nothing: undefined };
  return { region, nothing: without(regionOf([{ mask: ignored }], photo, size), region) };
};

/** @param classes number of the network's classes. */
const ranksOf = (
  { predictions }: JudgedLine,
  index: number,
  classes: number,
): Pick<JudgedClass, 'first' | 'amongFive'> => {
  const rank = predictions.findIndex((prediction) => prediction.class === index);
  const isTold = predictions.length >= Math.min(FIVE, classes);
  // Were it told where the class is among fewer, those that are told would all be right.
  return { first: rank === 0, amongFive: isTold ? rank >= 0 && rank < FIVE : undefined };
};

const isMeasure = (name: string): name is MeasureName => Object.hasOwn(measures, name);

/** What the run measured of a photo's maps. A line may be anybody's: measures that are not known are passed over. */
export const measuredOf = ({ maps }: Pick<JudgedLine, 'maps'>): Pick<JudgedPhoto, 'measured'> => {
  const measured: readonly MeasuredCase[] = maps.flatMap(({ class: index, measures: found = [] }) =>
    found.flatMap(({ measure, profile, score, baselines: { random, centre } }) => {
      if (!isMeasure(measure) || !(measures[measure] as Measure).profiles.includes(profile)) return [];
      return [{ class: index, measure, profile, map: score, centre: centre.score, random: random.score }];
    }),
  );
  return measured.length > 0 ? { measured } : {};
};

/**
 * Prepares to hold photos of a run against the truth. Reads no file.
 * @param wanted what of the maps is looked for. @param threshold share of a map's largest value at which its box ends.
 * @param count number of the network's classes.
 */
export const judger = (
  profile: Profile,
  wanted: Wanted,
  threshold: number,
  count: number,
): ((line: JudgedLine, truth: PhotoTruth) => JudgedPhoto) => {
  const locator = profile.locator(wanted, threshold);
  const judgeMap = (map: MapRecord, line: JudgedLine, objects: readonly TruthObject[], truth: PhotoTruth) => {
    const placed = { map, extent: extentOf(line), orientation: line.orientation ?? 1 };
    const plane = planeOf(cellsOf(map), placed.extent);
    const { region, nothing } = regionsOf(objects, truth, placed, plane);
    const places: Places = {
      boxes: objects.map(({ box }) => box).filter(isThere),
      masked: wanted.scores ? objects.filter(({ mask }) => mask !== undefined) : [],
      nothing: wanted.scores ? truth : {},
    };
    return {
      map: { ...locator.map(placed, places), ...pointedOf(plane, region, nothing) },
      centre: { ...locator.centre(placed, places), ...pointedAtCentre(plane, region, nothing) },
    };
  };
  const judgeClass = (line: JudgedLine, index: number, truth: PhotoTruth): JudgedClass => {
    const objects = truth.objects.filter((object) => object.class === index);
    const boxes = objects.map(({ box }) => box).filter(isThere);
    const map = line.maps.find((record) => record.class === index);
    const leftOut = boxes.length === 0 ? 'no-place' : map === undefined ? 'no-map' : undefined;
    return {
      class: index,
      ...ranksOf(line, index, count),
      difficult: objects.every(({ difficult }) => difficult),
      truth: boxes.map(fourNumbers),
      leftOut,
      map: undefined,
      centre: undefined,
      ...(leftOut === undefined && map !== undefined && judgeMap(map, line, objects, truth)),
      ...(leftOut === undefined && { outlines: outlinesOf(objects, line) }),
    };
  };
  return (line, truth) => {
    const indices = [...new Set(truth.objects.map((object) => object.class).filter(isThere))];
    const leftOut =
      truth.objects.length === 0 ? 'no-object' : indices.length === 0 ? ('unknown-class' as const) : undefined;
    const classes = indices.map((index) => judgeClass(line, index, truth));
    return { photo: line.photo, leftOut, classes, ...measuredOf(line) };
  };
};

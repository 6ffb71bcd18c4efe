import { largestOf } from '../extremes.js';
import type { ClassMap } from './class-map.js';
import { isFlat, type Summary, type Verdict } from './residual.js';

/** The logits at a colormap's two ends. Null: the map has nothing to show. */
export type LogitRange = readonly [low: number, high: number] | null;

/** What a scale needs to know of a map. */
type Measured = Omit<Summary, 'mean'> & { readonly verdict: Verdict };

type Rule = (map: Measured, maps: readonly Measured[]) => LogitRange;

/** Whether a map has evidence to show. What a damaged photo's map shows, its numbers tell. */
const isOk = (map: Measured): boolean =>
  map.verdict === 'ok' || (map.verdict === 'damaged-photo' && map.max > 0 && !isFlat(map));

const upTo =
  (high: number): Rule =>
  (map) =>
    isOk(map) ? [0, high] : null;

/**
 * Scales by name. Each computes a map's range from the map and all maps of its photo. A flat map has nothing to show in
 * any scale. A map without evidence has something to show in two alone: `signed` draws it as evidence against the
 * class, which is true. `minmax` stretches it as if it had evidence.
 */
const rules = {
  /** No evidence is 0. The map's own largest value is 1. */
  map: (map, maps) => upTo(map.max)(map, maps),
  /** No evidence is 0. The largest value of all maps of the photo is 1. */
  image: (map, maps) => upTo(largestOf(maps.filter(isOk).map(({ max }) => max)))(map, maps),
  /** From the smallest value to the largest: Zhou et al. 2016. */
  minmax: (map) => (isFlat(map) ? null : [map.min, map.max]),
  /** Zero is the middle. Evidence for the class is above it, evidence against it below. */
  signed: (map) => {
    const high = Math.max(Math.abs(map.min), Math.abs(map.max));
    return isFlat(map) ? null : [-high, high];
  },
} satisfies Record<string, Rule>;

export type ScaleName = keyof typeof rules;

export const scaleNames = Object.keys(rules) as readonly ScaleName[];

/** A scale's name, or the number of logits that is 1 in every map of every photo. */
export type Scale = ScaleName | number;

/** The scaled value of zero logits, [0, 1]. */
export const neutral = (scale: Scale): number => (scale === 'signed' ? 0.5 : 0);

/**
 * The range of each of a photo's maps.
 * @param maps all that are drawn of the photo, in logits.
 */
export const rangesOf = (scale: Scale, maps: readonly Measured[]): readonly LogitRange[] => {
  const rule: Rule = typeof scale === 'number' ? upTo(scale) : rules[scale];
  return maps.map((map) => rule(map, maps));
};

/** A class map in [0, 1] for the colormap, still [rows, columns]. */
export interface ScaledMap extends ClassMap {}

/**
 * Scales logits to [0, 1]. The range's ends become 0 and 1, and values beyond them are clipped. A map that has nothing
 * to show becomes neutral everywhere. No other function scales a map.
 */
export const scaled = (map: ClassMap, range: LogitRange, scale: Scale): ScaledMap => {
  if (range === null) return { ...map, data: new Float32Array(map.data.length).fill(neutral(scale)) };
  const [low, high] = range;
  return { ...map, data: map.data.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low)))) };
};

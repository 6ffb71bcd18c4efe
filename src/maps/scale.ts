import type { ClassMap } from './class-map.js';
import { isFlat, type Summary, type Verdict } from './residual.js';

/** The logits that a colormap's two ends stand for; null where a map has nothing to show. */
export type LogitRange = readonly [low: number, high: number] | null;

/** What a scale asks of a map. */
type Measured = Omit<Summary, 'mean'> & { readonly verdict: Verdict };

type Rule = (map: Measured, maps: readonly Measured[]) => LogitRange;

const isOk = ({ verdict }: Measured): boolean => verdict === 'ok';

const upTo =
  (high: number): Rule =>
  (map) =>
    isOk(map) ? [0, high] : null;

/**
 * Scales by name, each from a map and all maps shown of its photo to the range. A map whose cells all say the same has
 * no relief to show in any scale; one without evidence is shown by `signed` as against its class, which is true, and by
 * `minmax` alone as if it had some.
 */
const rules = {
  /** No evidence is 0, the map's own largest value 1. */
  map: (map, maps) => upTo(map.max)(map, maps),
  /** The largest value of all maps shown of the photo is 1. */
  image: (map, maps) => upTo(Math.max(...maps.filter(isOk).map(({ max }) => max)))(map, maps),
  /** From the smallest value to the largest: Zhou et al. 2016. */
  minmax: (map) => (isFlat(map) ? null : [map.min, map.max]),
  /** Zero is the middle, evidence for the class above it, against it below. */
  signed: (map) => {
    const high = Math.max(Math.abs(map.min), Math.abs(map.max));
    return isFlat(map) ? null : [-high, high];
  },
} satisfies Record<string, Rule>;

export type ScaleName = keyof typeof rules;

export const scaleNames = Object.keys(rules) as readonly ScaleName[];

/** By name, or the logits that are 1 in every map of every photo. */
export type Scale = ScaleName | number;

/** The scaled value, [0, 1], that stands for no evidence either way. */
export const neutral = (scale: Scale): number => (scale === 'signed' ? 0.5 : 0);

/**
 * The range of each of a photo's maps.
 * @param maps all that are shown of the photo; values in logits.
 */
export const rangesOf = (scale: Scale, maps: readonly Measured[]): readonly LogitRange[] => {
  const rule: Rule = typeof scale === 'number' ? upTo(scale) : rules[scale];
  return maps.map((map) => rule(map, maps));
};

/** A class map in [0, 1] for the colormap, still [rows, columns]. */
export interface ScaledMap extends ClassMap {}

/**
 * The one place where logits become [0, 1]: the range's ends are 0 and 1, what lies beyond is cut off. A map that has
 * nothing to show is neutral everywhere.
 */
export const scaled = (map: ClassMap, range: LogitRange, scale: Scale): ScaledMap => {
  if (range === null) return { ...map, data: new Float32Array(map.data.length).fill(neutral(scale)) };
  const [low, high] = range;
  return { ...map, data: map.data.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low)))) };
};

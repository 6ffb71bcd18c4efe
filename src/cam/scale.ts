import type { ClassMap } from './class-map.js';
import type { Summary, Verdict } from './completeness.js';

/** A class map in [0, 1] for the colormap, still [rows, columns]. */
export interface ScaledMap extends ClassMap {}

/** Logits to [0, 1]; `top` are the logits that become 1. */
const positive = (map: ClassMap, top: number): ScaledMap => ({
  ...map,
  data: map.data.map((value) => (top > 0 ? Math.min(1, Math.max(0, value) / top) : 0)),
});

/**
 * The one place where logits become [0, 1]. `map`: no evidence is 0, the map's own largest value is 1. A map that is
 * flat or without evidence is all 0: it is never stretched into a bright picture.
 */
export const scales = {
  map: (map, { max }, verdict) => positive(map, verdict === 'ok' ? max : 0),
} satisfies Record<string, (map: ClassMap, summary: Summary, verdict: Verdict) => ScaledMap>;

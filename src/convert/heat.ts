import { atMost, map16, type Range16 } from '../render/map16.js';
import type { MapRecord } from '../results/line.js';
import type { FoundPhoto, OutputFile } from './format.js';
import { extentOf } from './maps.js';

/** Longest side of a map that a browser lays over its photo, in pixels: a map has some ten cells, and there may be a million. */
const LONGEST = 128;

/** A map over the whole photo, upright, as a small 16-bit picture. */
export const heatFile = (name: string, { line }: FoundPhoto, map: MapRecord, range: Range16): OutputFile => ({
  name,
  content: () => map16(map, extentOf(line), atMost(line, LONGEST), range),
});

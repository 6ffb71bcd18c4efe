import type { ExplainedPhoto, MeasureEntry } from '../data.js';
import { definitions, element, svg } from './dom.js';
import { decimals, inSight, notLoaded } from './words.js';

/** What was measured of a map, with the curves of insertion and deletion. */

/** Of a curve's picture, in units of its own; the page stretches it. */
const [WIDTH, HEIGHT] = [100, 40];

const KINDS = ['own', 'random', 'centre'] as const;

const LEGEND = 'Curves: the score of the class, 0 to 1. Solid: this map; dotted: a random one; dashed: the centre.';

/** A line through scores from 0, at the bottom, to 1. */
const lineOf = (scores: Float32Array): string =>
  Array.from(scores, (score, i) => {
    const x = (i / Math.max(1, scores.length - 1)) * WIDTH;
    return `${x.toFixed(2)},${((1 - Math.min(1, Math.max(0, score))) * HEIGHT).toFixed(2)}`;
  }).join(' ');

/** @param curves the map's own, that of chance and that of the centre, one after the other. */
const pictureOf = ({ measure, points = 0 }: MeasureEntry, curves: Float32Array): SVGElement => {
  const [first, last] = [curves[0], curves[points - 1]].map(decimals);
  const label = `Score during ${measure}: from ${first} to ${last}. Dotted: a random map; dashed: the centre.`;
  const attributes = { role: 'img', 'aria-label': inSight(label), viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  const picture = svg('svg', { class: 'curve', preserveAspectRatio: 'none', ...attributes });
  KINDS.forEach((kind, i) => {
    const scores = curves.subarray(i * points, (i + 1) * points);
    picture.append(svg('polyline', { class: kind, points: lineOf(scores), 'vector-effect': 'non-scaling-stroke' }));
  });
  return picture;
};

/** Where a map's first curve is among all that is loaded of its photo. */
const firstCurve = ({ maps }: ExplainedPhoto, at: number): number =>
  maps
    .slice(0, at)
    .flatMap(({ measures = [] }) => measures)
    .filter(({ points }) => points !== undefined).length + maps.length;

/**
 * @param at place of the map among the photo's maps.
 * @param loaded the photo's maps, and after them its curves.
 * @returns undefined where nothing was measured.
 */
export const measuresOf = (
  photo: ExplainedPhoto,
  at: number,
  loaded: Promise<readonly Float32Array[]>,
): HTMLElement | undefined => {
  const { measures } = photo.maps[at];
  if (measures === undefined || measures.length === 0) return undefined;
  let place = firstCurve(photo, at);
  const rows = measures.map((one) => {
    const { measure, profile, score, random, centre, points } = one;
    const words = `${decimals(score)} (random ${decimals(random)}, centre ${decimals(centre)})`;
    const value = element('div', {}, words);
    if (points !== undefined) {
      const own = place++;
      loaded.then(
        (all) => value.append(pictureOf(one, all[own])),
        () => value.append(element('p', {}, notLoaded('curve'))),
      );
    }
    return [inSight(`${measure} by ${profile}`), value] as const;
  });
  const list = definitions('facts measures', rows);
  const hasCurves = measures.some(({ points }) => points !== undefined);
  return element('div', {}, list, hasCurves ? element('p', { className: 'scale-words' }, LEGEND) : []);
};

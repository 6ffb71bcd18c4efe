import type { FourNumbers, Size } from '../../maps/box.js';
import type { ExplainedPhoto, JudgedEntry } from '../data.js';
import { element, svg } from './dom.js';

/** What is true, drawn over a photo, and what a map was judged by: its box and its highest point. */

/** A shape with a dark rim: photos and heat have any colour. */
const rimmed = (tag: string, name: string, attributes: Readonly<Record<string, string>>): readonly SVGElement[] =>
  ['rim', name].map((one) => svg(tag, { class: one, 'vector-effect': 'non-scaling-stroke', ...attributes }));

const boxShape = (name: string, box: FourNumbers): readonly SVGElement[] => {
  const [x, y, width, height] = box.map(String);
  return rimmed('rect', name, { x, y, width, height });
};

const maskShape = (outline: string): readonly SVGElement[] => rimmed('path', 'true-mask', { d: outline });

/** A dot: a line without length has round ends, and stays as large whatever the picture is scaled to. */
const pointShape = ([x, y]: readonly [number, number]): readonly SVGElement[] =>
  ['aim-rim', 'aim', 'aim-eye'].map((name) =>
    svg('path', { class: name, d: `M${x} ${y}h0.001`, 'vector-effect': 'non-scaling-stroke' }),
  );

const picture = ({ width, height }: Size, shapes: readonly SVGElement[]): SVGElement => {
  const made = svg('svg', {
    class: 'truth-marks',
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  for (const shape of shapes) made.append(shape);
  return made;
};

/** What is drawn of true classes, and of one that was judged. */
interface Marked {
  readonly truth: readonly FourNumbers[];
  readonly outlines: readonly string[];
  readonly map: JudgedEntry['map'];
}

/** Marks for the frame that a photo fills. */
const marksOf = (photo: Size, { truth, outlines, map }: Marked): SVGElement =>
  picture(photo, [
    ...outlines.flatMap(maskShape),
    ...truth.flatMap((box) => boxShape('true-box', box)),
    ...(map?.box ? boxShape('found-box', map.box) : []),
    // The middle of the pixel.
    ...(map ? pointShape([map.point[0] + 0.5, map.point[1] + 0.5]) : []),
  ]);

const outlinesIn = (judged: readonly JudgedEntry[]): readonly string[] =>
  judged.flatMap(({ outline }) => outline ?? []);

/** Marks for a true class. */
export const marksOfCase = (photo: Size, judged: JudgedEntry): SVGElement =>
  marksOf(photo, { truth: judged.truth, outlines: outlinesIn([judged]), map: judged.map });

/** Marks for one class's map: its own truth; of a class that is not in the photo, the truth of all that are. */
export const marksForClass = (photo: ExplainedPhoto, index: number): SVGElement | undefined => {
  if (photo.judged === undefined) return undefined;
  const own = photo.judged.find((one) => one.class === index);
  if (own !== undefined) return marksOfCase(photo, own);
  const truth = photo.judged.flatMap((one) => one.truth);
  return marksOf(photo, { truth, outlines: outlinesIn(photo.judged), map: undefined });
};

const sample = (shapes: readonly SVGElement[], words: string): HTMLElement => {
  const made = picture({ width: 26, height: 16 }, shapes);
  made.setAttribute('class', 'sample');
  return element('li', {}, made, words);
};

/**
 * What the marks stand for.
 * @param threshold share of a map's largest value at which its box ends. @param hasMasks whether any mask is drawn.
 */
export const legend = (threshold: number, hasMasks: boolean): HTMLElement =>
  element(
    'ul',
    { className: 'legend' },
    sample(boxShape('true-box', [2, 2, 22, 12]), 'true box'),
    hasMasks ? sample(maskShape('M3 8L8 3L18 2L24 7L20 13L9 14z'), 'true mask') : [],
    sample(boxShape('found-box', [2, 2, 22, 12]), `the map’s box, above ${Number((threshold * 100).toFixed(1))} %`),
    sample(pointShape([13, 8]), 'the map’s highest point'),
  );

import { reasons } from '../../evaluate/words.js';
import { percent } from '../../maps/remarks.js';
import type { ExplainedPhoto, JudgedEntry, NamedMetric } from '../data.js';
import { element } from './dom.js';
import { className, counted, decimals } from './words.js';

/** What an evaluation says, in words. */

/** A percentage whose sign stays beside it. */
const whole = (words: string): string => words.replaceAll(' %', '\u00a0%');

/** A metric's value: of shares a percentage; of measures a number, as elsewhere. */
export const valueWords = ({ random }: Pick<NamedMetric, 'random'>, value: number | null | undefined): string =>
  value == null ? '–' : random === undefined ? whole(percent(value)) : decimals(value);

const marked = (isGood: boolean, words: string): HTMLElement =>
  element('span', { className: isGood ? 'mark right' : 'mark wrong' }, `${isGood ? '✓' : '✗'} ${words}`);

/** Whether the true class came first, or which did instead. */
const answerMark = (labels: readonly string[], { predictions }: ExplainedPhoto, { first }: JudgedEntry): HTMLElement =>
  first ? marked(true, 'best') : marked(false, `best: ${className(labels, predictions[0]?.class ?? -1)}`);

const pointWords = ({ hit, near }: NonNullable<JudgedEntry['map']>): string =>
  hit ? 'points at it' : near ? 'points within 15 px of it' : 'points elsewhere';

/** What is said of a true class: whether it came first, where its map points, and how much evidence lies inside. */
const judgedWords = (
  labels: readonly string[],
  photo: ExplainedPhoto,
  judged: JudgedEntry,
): readonly (HTMLElement | string)[] => {
  const { map, leftOut } = judged;
  const answer = answerMark(labels, photo, judged);
  if (map === undefined) return [answer, ` ${leftOut === undefined ? '' : reasons[leftOut]}`];
  return [answer, ' ', marked(map.near, pointWords(map)), ` ${whole(percent(map.inside))} inside`];
};

/** True boxes of which not all are drawn. */
const moreWords = ({ more = 0 }: JudgedEntry): string =>
  more > 0 ? ` ${counted(more, 'true box', 'true boxes')} more not drawn` : '';

/** All that is said of a true class. */
export const judgedLine = (
  labels: readonly string[],
  photo: ExplainedPhoto,
  judged: JudgedEntry,
): readonly (HTMLElement | string)[] => {
  const iou = judged.map === undefined ? [] : [element('strong', {}, `IoU ${judged.map.iou.toFixed(2)}`), ' '];
  return [...iou, ...judgedWords(labels, photo, judged), moreWords(judged)];
};

/** What is said of a class below its map, large. Empty where nothing is known of the photo. */
export const truthOfClass = (labels: readonly string[], photo: ExplainedPhoto, index: number): HTMLElement | string => {
  if (photo.judged === undefined) return '';
  const judged = photo.judged.find((one) => one.class === index);
  if (judged !== undefined) return element('p', { className: 'judged' }, judgedLine(labels, photo, judged));
  const names = photo.judged.map((one) => className(labels, one.class)).join(', ');
  return element('p', { className: 'judged' }, `Not true of this photo, which has: ${names}.`);
};

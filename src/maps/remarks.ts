import type { Prediction, ShownMap } from './result.js';

/** The first of a label's names: "tabby" of "tabby, tabby cat". */
export const nameOf = ({ class: index, label }: Pick<Prediction, 'class' | 'label'>): string =>
  label.split(',')[0].trim() || `class ${index}`;

export const percent = (score: number): string => `${(score * 100).toFixed(1)} %`;

const minus = (text: string): string => text.replaceAll('-', '−');

/** A number of any unit with four digits, "34.2"; whole from 1000 on. */
export const shortNumber = (value: number): string =>
  minus(Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4))));

/** A value with its unit. An empty unit is none. */
export const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

/** What a map's values are measured in: "logits", or the unit of a number that is no score. Empty where that is not said. */
export const unitOf = ({ score, unit = '' }: Pick<Prediction, 'score' | 'unit'>): string =>
  score === null ? unit : 'logits';

/** What the network says of a class: its score, "38.8 %", or the number itself, "34.2 years". */
export const answerOf = (prediction: Pick<Prediction, 'logit' | 'score' | 'unit'>): string =>
  prediction.score === null ? withUnit(shortNumber(prediction.logit), unitOf(prediction)) : percent(prediction.score);

/** What is said of cells that have no places in the picture: see `havePlaces`. */
export const NO_GRID = 'no grid is known: numbers only';

const verdictWords = {
  ok: '',
  'no-evidence': 'no evidence',
  flat: 'flat',
  'mostly-elsewhere': 'mostly elsewhere',
  'damaged-photo': 'damaged photo',
  'non-finite': 'not finite',
} as const;

/** Logits with two digits, "6.3"; whole numbers from 10 on. */
export const shortLogits = (logits: number): string => {
  const text = Math.abs(logits) >= 10 ? logits.toFixed(0) : String(Number(logits.toPrecision(2)));
  return minus(text);
};

/**
 * What the reader of a map's picture must know of it: a verdict that is not `ok`, and the share of the logit that lies in
 * cells. Empty where all of it does, and the map is sound.
 */
export const verdictRemark = ({
  verdict,
  range,
  share,
  score,
}: Pick<ShownMap, 'verdict' | 'range' | 'share'> & Partial<Pick<ShownMap, 'score'>>): string => {
  const isBelow = range !== null && range[1] <= 0;
  const stretched = verdict === 'no-evidence' && isBelow;
  const damaged = verdict === 'damaged-photo' && isBelow;
  const percentInCells = Math.round((share ?? 1) * 100);
  const elsewhere =
    percentInCells === 100 ? '' : `${percentInCells} % of the ${score === null ? 'number' : 'logit'} in cells`;
  return [
    verdictWords[verdict] + (stretched ? ' but stretched' : ''),
    damaged ? 'no evidence but stretched' : '',
    elsewhere,
  ]
    .filter((part) => part !== '')
    .join(', ');
};

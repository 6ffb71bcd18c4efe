import type { Prediction, ShownMap } from './result.js';

/** The first of a label's names: "tabby" of "tabby, tabby cat". */
export const nameOf = ({ class: index, label }: Pick<Prediction, 'class' | 'label'>): string =>
  label.split(',')[0].trim() || `class ${index}`;

export const percent = (score: number): string => `${(score * 100).toFixed(1)} %`;

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
  return text.replace('-', '−');
};

/**
 * What the reader of a map's picture must know of it: a verdict that is not `ok`, and the share of the logit that lies in
 * cells. Empty where all of it does, and the map is sound.
 */
export const verdictRemark = ({ verdict, range, share }: Pick<ShownMap, 'verdict' | 'range' | 'share'>): string => {
  const isBelow = range !== null && range[1] <= 0;
  const stretched = verdict === 'no-evidence' && isBelow;
  const damaged = verdict === 'damaged-photo' && isBelow;
  const percentInCells = Math.round((share ?? 1) * 100);
  const elsewhere = percentInCells === 100 ? '' : `${percentInCells} % of the logit in cells`;
  return [
    verdictWords[verdict] + (stretched ? ' but stretched' : ''),
    damaged ? 'no evidence but stretched' : '',
    elsewhere,
  ]
    .filter((part) => part !== '')
    .join(', ');
};

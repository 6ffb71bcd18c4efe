import type { Prediction, ShownMap } from './result.js';

/** A class's first name: "tabby, tabby cat" is "tabby". */
export const nameOf = ({ class: index, label }: Pick<Prediction, 'class' | 'label'>): string =>
  label.split(',')[0].trim() || `class ${index}`;

export const percent = (score: number): string => `${(score * 100).toFixed(1)} %`;

const verdictWords = { ok: '', 'no-evidence': 'no evidence', flat: 'flat', 'non-finite': 'not finite' } as const;

/** Logits in two digits, "6.3", or as whole numbers where they are large. */
export const shortLogits = (logits: number): string => {
  const text = Math.abs(logits) >= 10 ? logits.toFixed(0) : String(Number(logits.toPrecision(2)));
  return text.replace('-', '−');
};

/** What must be known about a map before its picture is believed, empty where all is well. */
export const verdictRemark = ({ verdict, range }: Pick<ShownMap, 'verdict' | 'range'>): string => {
  const stretched = verdict === 'no-evidence' && range !== null && range[1] <= 0;
  return verdictWords[verdict] + (stretched ? ' but stretched' : '');
};

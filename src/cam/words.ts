import type { Prediction, ShownMap } from './result.js';

/** A class's first name: "tabby, tabby cat" is "tabby". */
export const nameOf = ({ class: index, label }: Pick<Prediction, 'class' | 'label'>): string =>
  label.split(',')[0].trim() || `class ${index}`;

export const percent = (score: number): string => `${(score * 100).toFixed(1)} %`;

const verdictWords = { ok: '', 'no-evidence': 'no evidence', flat: 'flat', 'non-finite': 'not finite' } as const;

/** What must be known about a map before it is believed, empty where all is well. */
export const remarksOf = ({
  verdict,
  kind,
  residual,
  range,
}: Pick<ShownMap, 'verdict' | 'kind' | 'residual' | 'range'>): string => {
  const stretched = verdict === 'no-evidence' && range !== null && range[1] <= 0;
  return [
    verdictWords[verdict] + (stretched ? ' but stretched' : ''),
    kind === 'first-order' ? `approximate, off by ${(residual * 100).toFixed(0)} %` : '',
  ]
    .filter((word) => word !== '')
    .join(', ');
};

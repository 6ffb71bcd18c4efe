import type { Verdict } from '../../cam/completeness.js';
import type { Kind } from '../../model/head/head.js';

const whole = new Intl.NumberFormat('en');

/** 20000 as "20,000". */
export const count = (number: number): string => whole.format(number);

/** "1 photo", "20,000 photos". */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** 0.388 as "38.8 %", which no line break parts. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}\u00a0%`;

/** A value in logits, with a true minus. */
export const logits = (value: number): string => value.toFixed(2).replace('-', '−');

/** A label's first name: "tabby, tabby cat" is "tabby". */
export const nameOf = (labels: readonly string[], index: number): string =>
  labels[index]?.split(',')[0].trim() || `class ${index}`;

const verdicts: Readonly<Record<Verdict, string>> = {
  ok: '',
  'no-evidence': 'no evidence',
  flat: 'flat',
  'non-finite': 'not finite',
};

/** What must be said of a map beside its picture; empty where it is exact and shows something. */
export const remarks = ({
  verdict,
  kind,
  residual,
}: {
  readonly verdict: Verdict;
  readonly kind: Kind;
  readonly residual: number;
}): readonly string[] =>
  [verdicts[verdict], kind === 'first-order' ? `approximate, off by ${(residual * 100).toFixed(0)} %` : ''].filter(
    (word) => word !== '',
  );

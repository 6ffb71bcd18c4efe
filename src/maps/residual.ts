import type { ClassMap } from './class-map.js';

/** What a class map amounts to, in logits. */
export interface Summary {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** NaN anywhere shows in all three. */
export const summarize = ({ data }: ClassMap): Summary => {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    sum += value;
    // Written so that NaN, which compares as false, does not hide.
    min = Math.min(value, min);
    max = Math.max(value, max);
  }
  return { mean: sum / data.length, min, max };
};

/** How far `mean + bias` is from the logit, relative to the logit where that is above 1. */
export const residualOf = (mean: number, bias: number, logit: number): number =>
  Math.abs(mean + bias - logit) / Math.max(1, Math.abs(logit));

/** The coarsest arithmetic between feature map and logits. */
export type Precision = 'float32' | 'float16' | 'int8';

/** Largest residual that rounding explains, for a map that must be complete. */
export const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 2e-2, int8: 0.1 };

/** What a map shows: see `verdictOf`. */
export type Verdict = 'ok' | 'no-evidence' | 'flat' | 'non-finite';

// Below this share of its magnitude, a map's relief is rounding.
const FLAT = 1e-6;

/** Whether all cells say the same. */
export const isFlat = ({ min, max }: Omit<Summary, 'mean'>): boolean =>
  max - min <= FLAT * Math.max(Math.abs(min), Math.abs(max));

/** Whether a map shows anything: see docs/manifest.md, "Of a map alone". */
export const verdictOf = (summary: Summary): Verdict => {
  const { min, max } = summary;
  if (!Number.isFinite(min) || !Number.isFinite(max)) return 'non-finite';
  if (max <= 0) return 'no-evidence';
  return isFlat(summary) ? 'flat' : 'ok';
};

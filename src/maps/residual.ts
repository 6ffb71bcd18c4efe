import type { ClassMap } from './class-map.js';

/** Mean, smallest and largest value of a class map, in logits. */
export interface Summary {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A NaN in any cell makes all three NaN. */
export const summarize = ({ data }: ClassMap): Summary => {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    sum += value;
    // Math.min and Math.max return NaN for NaN. A comparison with < would skip it.
    min = Math.min(value, min);
    max = Math.max(value, max);
  }
  return { mean: sum / data.length, min, max };
};

/** `|mean + bias - logit| / max(1, |logit|)`. */
export const residualOf = (mean: number, bias: number, logit: number): number =>
  Math.abs(mean + bias - logit) / Math.max(1, Math.abs(logit));

/** The coarsest arithmetic between feature map and logits. */
export type Precision = 'float32' | 'float16' | 'int8';

/** Largest residual that rounding explains. A larger one means that the map is wrong. */
export const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 2e-2, int8: 0.1 };

/** What a map shows: see `verdictOf`. */
export type Verdict = 'ok' | 'no-evidence' | 'flat' | 'mostly-elsewhere' | 'damaged-photo' | 'non-finite';

// Differences between cells below this share of the largest magnitude are rounding.
const FLAT = 1e-6;

/** Whether all cells are equal, but for rounding. */
export const isFlat = ({ min, max }: Omit<Summary, 'mean'>): boolean =>
  max - min <= FLAT * Math.max(Math.abs(min), Math.abs(max));

/**
 * Of what moves the logit, the share that lies in cells, [0, 1]: `|cells| / (|cells| + |elsewhere|)`.
 * @param cells what the cells add, in logits.
 * @param elsewhere what tokens that are no cells add, in logits.
 */
export const shareOf = (cells: number, elsewhere: number): number =>
  cells === 0 && elsewhere === 0 ? 1 : Math.abs(cells) / (Math.abs(cells) + Math.abs(elsewhere));

/** Whether a map shows anything: see docs/manifest.md, "Of a map alone". @param share of the logit that lies in cells. */
export const verdictOf = (summary: Summary, share = 1): Verdict => {
  const { min, max } = summary;
  if (!Number.isFinite(min) || !Number.isFinite(max)) return 'non-finite';
  if (max <= 0) return 'no-evidence';
  if (isFlat(summary)) return 'flat';
  return share < 0.5 ? 'mostly-elsewhere' : 'ok';
};

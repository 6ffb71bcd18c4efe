import { PhotoError } from '../errors.js';
import { type ClassMap, classMap } from './class-map.js';
import { type Held, type Kind, kindOf, type PhotoHead } from './class-weights.js';
import type { FeatureMap } from './feature-map.js';
import { type Precision, residualOf, shareOf, summarize, tolerances, type Verdict, verdictOf } from './residual.js';
import type { LogitRange } from './scale.js';
import { type Scoring, scorerOf } from './scores.js';

/** What the network computed for one class. */
export interface Prediction {
  /** Its index in the logits, from 0. */
  readonly class: number;
  /** Its name, as the model's files have it. */
  readonly label: string;
  /** The network's value before softmax or sigmoid. Of a regression: the number itself. */
  readonly logit: number;
  /** [0, 1]: after softmax over all classes, or sigmoid of each. Null: the network gives numbers and no scores. */
  readonly score: number | null;
  /** What the number is measured in. Undefined: it is not said, or there are scores. */
  readonly unit?: string | undefined;
}

/** A class map, in logits, with the numbers that prove it: `mean + bias` is `logit`. */
export interface MapResult extends Prediction {
  /**
   * The logit where all cells are zero, with divisors held. It includes what tokens add that are no cells, and for an int8
   * model what quantisers round off.
   */
  readonly bias: number;
  /** Mean of the map. */
  readonly mean: number;
  /** Smallest value of the map. */
  readonly min: number;
  /** Largest value of the map. */
  readonly max: number;
  /** `|mean + bias - logit| / max(1, |logit|)`: at most 0.001 for float32, 0.02 for float16, 0.1 for int8. */
  readonly residual: number;
  /** `exact`: pool and head are affine. `frozen`: a part of them is held at its value for the photo. */
  readonly kind: Kind;
  /** The parts of pool and head that are held at their values for the photo. Empty where the map is exact. */
  readonly held: readonly Held[];
  /**
   * Of what moves the logit, the share that lies in cells, [0, 1]. The rest is in tokens that are no cells, such as the mean of
   * all. Undefined: the network has no such tokens.
   */
  readonly share?: number | undefined;
  /**
   * `no-evidence`: no cell is above 0. `flat`: all cells are equal. `mostly-elsewhere`: less than half of what moves the logit
   * lies in cells. `damaged-photo`: pixels of the photo are missing, whatever else holds. `non-finite` becomes an error, never a result.
   */
  readonly verdict: Verdict;
  /** Number of rows and of columns. */
  readonly grid: readonly [rows: number, columns: number];
  /** rows x columns values in logits, row by row from the top. */
  readonly map: readonly number[];
}

/** A result's map alone. */
export const cellsOf = ({ grid: [rows, columns], map }: Pick<MapResult, 'grid' | 'map'>): ClassMap => ({
  rows,
  columns,
  data: Float32Array.from(map),
});

/** A class map with the range in which it is drawn. */
export interface ShownMap extends MapResult {
  /** Logits at the first and the last colour. Null: the map has nothing to show. */
  readonly range: LogitRange;
}

/** What a network's answers mean. */
interface Meaning {
  readonly labels: readonly string[];
  readonly scoring: Scoring;
  readonly units?: readonly string[] | undefined;
}

/** From a class's index to its prediction. @param logits of all classes. */
export const predictionsOf = (
  { labels, scoring, units }: Meaning,
  logits: ArrayLike<number>,
): ((index: number) => Prediction) => {
  const scoreOf = scorerOf(logits, scoring);
  return (index) => {
    const logit = logits[index];
    const unit = units === undefined ? {} : { unit: units[index] };
    return { class: index, label: labels[index], logit, score: scoreOf(logit), ...unit };
  };
};

/** Of what moves a logit, the share that lies in cells, [0, 1]. Undefined where all of the network's tokens are cells. */
export const shareOfMap = (features: FeatureMap, weights: Float64Array): number | undefined => {
  if (features.grid.outside.length === 0) return undefined;
  const map = classMap(features, weights);
  return shareOf(summarize(map).mean, map.outside);
};

/**
 * Computes a class's map and checks that it sums to the logit.
 * @throws PhotoError `incomplete` where mean + bias is not the logit; `non-finite` where the network computed NaN or
 * infinity.
 */
export const mapOf = (
  precision: Precision,
  features: FeatureMap,
  { held, weightsOf }: PhotoHead,
  prediction: Prediction,
): MapResult => {
  const { weights, bias: atZero } = weightsOf(prediction.class);
  const map = classMap(features, weights);
  const summary = summarize(map);
  const bias = atZero + map.outside;
  const share = features.grid.outside.length === 0 ? undefined : shareOf(summary.mean, map.outside);
  const residual = residualOf(summary.mean, bias, prediction.logit);
  const verdict = verdictOf(summary, share);
  const name = `class ${prediction.class} (${prediction.label})`;
  if (verdict === 'non-finite' || !Number.isFinite(residual)) {
    throw new PhotoError('non-finite', `The network gave numbers that are not finite for ${name}.`);
  }
  if (residual > tolerances[precision]) {
    const sum = summary.mean + bias;
    throw new PhotoError('incomplete', `The map of ${name} amounts to ${sum}, but its logit is ${prediction.logit}.`);
  }
  return {
    ...prediction,
    bias,
    ...summary,
    residual,
    kind: kindOf(held),
    held,
    share,
    verdict,
    grid: [map.rows, map.columns],
    map: Array.from(map.data),
  };
};

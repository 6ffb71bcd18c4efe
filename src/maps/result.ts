import { PhotoError } from '../errors.js';
import { classMap } from './class-map.js';
import { type Held, type Kind, kindOf, type PhotoHead } from './class-weights.js';
import type { FeatureMap } from './feature-map.js';
import { type Precision, residualOf, summarize, tolerances, type Verdict, verdictOf } from './residual.js';
import type { Range } from './scale.js';
import { scorerOf } from './scores.js';

/** A class as the network judges it; `score` in [0, 1]. */
export interface Prediction {
  readonly class: number;
  readonly label: string;
  readonly logit: number;
  readonly score: number;
}

/** A class map with what proves it; all but `score` in logits. */
export interface MapResult extends Prediction {
  readonly bias: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly residual: number;
  readonly kind: Kind;
  /** What of the head is held at its value for the photo; empty where the map is exact. */
  readonly held: readonly Held[];
  readonly verdict: Verdict;
  /** Rows, columns. */
  readonly grid: readonly [number, number];
  /** Row by row. */
  readonly map: readonly number[];
}

/** A class map as it is shown. */
export interface ShownMap extends MapResult {
  /** Logits at the two ends of the colormap; null: the map has nothing to show. */
  readonly range: Range;
}

/** A class, by its index, as the network judges it. */
export const predictionsOf = (
  { labels, scoring }: { readonly labels: readonly string[]; readonly scoring: 'softmax' | 'sigmoid' },
  logits: ArrayLike<number>,
): ((index: number) => Prediction) => {
  const scoreOf = scorerOf(logits, scoring);
  return (index) => ({ class: index, label: labels[index], logit: logits[index], score: scoreOf(logits[index]) });
};

/**
 * A class's map with its proof.
 * @throws PhotoError `incomplete` where mean + bias is not the logit, `non-finite` where the network gave no numbers.
 */
export const mapOf = (
  precision: Precision,
  features: FeatureMap,
  { held, weightsOf }: PhotoHead,
  prediction: Prediction,
): MapResult => {
  const { weights, bias } = weightsOf(prediction.class);
  const map = classMap(features, weights);
  const summary = summarize(map);
  const residual = residualOf(summary.mean, bias, prediction.logit);
  const verdict = verdictOf(summary);
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
    verdict,
    grid: [map.rows, map.columns],
    map: Array.from(map.data),
  };
};

import type { Steps } from '../../image/geometry.js';
import type { TensorSpec } from '../../image/to-tensor.js';
import { headCandidatesOf } from '../head/find.js';
import type { Graph } from '../onnx/graph.js';
import { classifierOutputs } from '../outputs.js';
import { coverageOf } from './coverage.js';

/** Sizes of the network's input that fit its cells. */
export interface SizeSteps {
  readonly width: Steps;
  readonly height: Steps;
}

// Large enough for any layer. One edge has this size while the other is tried.
const LARGE = 2048;

// Share of a stride. Cells respond this far from their place even at the size of training, so less is no loss.
const LEAST_LOSS = 0.2;

// The least number of cells along an edge is sought up to this one.
const LEAST_CELLS = 64;

type Edge = keyof SizeSteps;

/** For each length of one edge, the number of its pixels that no cell covers. */
const lossAt = (graph: Graph, featureMap: string, spec: Pick<TensorSpec, 'name' | 'layout'>, edge: Edge) => {
  const axis = edge === 'width' ? 'columns' : 'rows';
  return (size: number): number | undefined => {
    const span = coverageOf(graph, featureMap, spec, { width: LARGE, height: LARGE, [edge]: size })?.[axis];
    return span && size - (span.end - span.start);
  };
};

/**
 * Multiples of the stride. Layers without padding may leave pixels uncovered at every multiple. Then the steps are
 * shifted by the offset that leaves the fewest (Inception v3 fits at 299 pixels, 9 * 32 + 11).
 */
const stepsOf = (stride: number, loss: (size: number) => number | undefined): Steps | undefined => {
  const base = Math.ceil(LARGE / stride) * stride;
  const lossOf = (offset: number) => loss(base + offset) ?? Number.POSITIVE_INFINITY;
  let offset = 0;
  if (lossOf(0) > LEAST_LOSS * stride) {
    for (let other = 1; other < stride; other++) if (lossOf(other) < lossOf(offset)) offset = other;
  }
  for (let cells = offset === 0 ? 1 : 0; cells <= LEAST_CELLS; cells++) {
    const least = offset + cells * stride;
    if (least > 0 && loss(least) !== undefined) return { stride, least };
  }
  return undefined;
};

/** Feature maps that may be the pooled one, for all outputs. */
const featureMapsOf = (graph: Graph): readonly string[] => [
  ...new Set(headCandidatesOf(graph, classifierOutputs(graph, undefined)).map(({ group }) => group.featureMap)),
];

/**
 * The sizes at which a network's cells cover all of its input. Decided by the coarsest feature map that may be pooled.
 * @returns undefined where the layers do not tell, or any size fits.
 */
export const sizeStepsOf = (graph: Graph, spec: Pick<TensorSpec, 'name' | 'layout'>): SizeSteps | undefined => {
  const large = { width: LARGE, height: LARGE };
  const found = featureMapsOf(graph).flatMap((featureMap) => {
    const coverage = coverageOf(graph, featureMap, spec, large);
    return coverage === undefined ? [] : [{ featureMap, width: coverage.columns.stride, height: coverage.rows.stride }];
  });
  const [coarsest] = found.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (coarsest === undefined || !(coarsest.width * coarsest.height > 1)) return undefined;
  const [width, height] = (['width', 'height'] as const).map((edge) =>
    stepsOf(coarsest[edge], lossAt(graph, coarsest.featureMap, spec, edge)),
  );
  return width && height && { width, height };
};
